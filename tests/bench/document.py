# The parts of docs/performance.md that benchmarks write: what stands between two markers is theirs, the rest is prose.
# SPDX-License-Identifier: MIT
import pathlib
import re
import statistics


def write_section(document, name, text):
    """Replaces what is between <!-- bench:NAME --> and <!-- end -->; ValueError when the document has no such place."""
    document = pathlib.Path(document)
    old = document.read_text()
    place = re.compile(rf"(<!-- bench:{re.escape(name)} -->\n).*?(<!-- end -->)", re.DOTALL)
    new, count = place.subn(lambda match: f"{match[1]}\n{text.strip()}\n\n{match[2]}", old)
    if count != 1:
        raise ValueError(f"{document}: {count} places for {name!r}, not one")
    document.write_text(new)


def table(header, rows, left=1):
    """A table of Markdown; all columns but the first `left` are numbers, at the right."""
    rule = ["---" if i < left else "---:" for i in range(len(header))]
    return "\n".join("| " + " | ".join(map(str, row)) + " |" for row in [header, rule, *rows])


def plain(markdown):
    """A table of Markdown for a terminal, its columns lined up."""
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in markdown.splitlines()]
    rows = [row for row in rows if set("".join(row)) - set("-: ")]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return "\n".join(
        "  ".join(
            cell.ljust(width) if i == 0 else cell.rjust(width) for i, (cell, width) in enumerate(zip(row, widths))
        ).rstrip()
        for row in rows
    )


def bullets(lines):
    return "\n".join(f"- {line}" for line in lines)


def spread(values, digits=2):
    """Of what was measured several times."""
    median, least, most = (f"{value:,.{digits}f}" for value in (statistics.median(values), min(values), max(values)))
    return f"{median} ({least} to {most})"
