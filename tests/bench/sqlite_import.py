# How long `sqlite3`'s own `.import` takes for the rows of a database, into the same tables with the same indexes: what
# an import could reach at the most.
# SPDX-License-Identifier: MIT
import contextlib
import csv
import re
import sqlite3
import subprocess
import time

from tests.bench.subjects import Failed


def without_checks(sql):
    """`.import` knows neither NULL nor BLOB: constraints on values go, keys and indexes stay."""
    sql = re.sub(r"--[^\n]*", "", sql)
    while place := re.search(r"\bCHECK\s*\(", sql):
        depth, end = 1, place.end()
        while depth:
            depth += {"(": 1, ")": -1}.get(sql[end], 0)
            end += 1
        sql = sql[: place.start()] + sql[end:]
    sql = re.sub(r",\s*(?=[,)])", "", re.sub(r",(\s*,)+", ",", sql))
    return re.sub(r"\bSTRICT\b\s*,?", "", sql)


def as_text(value):
    """A blob becomes a text of its length."""
    if value is None:
        return ""
    return value.hex()[: len(value)] if isinstance(value, bytes) else value


def seconds_of_import(database, directory):
    """Copies the rows of `database` out, times `.import` of them, and takes everything away again."""
    copy = directory / "import.db"
    files = []
    with contextlib.closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as source:
        objects = source.execute("SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
        tables = [name for kind, name, _ in objects if kind == "table" and not name.startswith("sqlite_")]
        with contextlib.closing(sqlite3.connect(copy)) as target:
            target.execute("PRAGMA journal_mode = WAL")
            for _, name, sql in sorted(objects, key=lambda row: row[0] != "table"):
                if not name.startswith("sqlite_"):
                    target.execute(without_checks(sql))
        counts = {}
        for name in tables:
            file = directory / f"{name}.csv"
            with open(file, "w", newline="") as out:
                writer = csv.writer(out)
                rows = source.execute(f'SELECT * FROM "{name}"')
                counts[name] = 0
                for row in rows:
                    writer.writerow(map(as_text, row))
                    counts[name] += 1
            files.append(file)
    script = "PRAGMA synchronous = FULL;\n.mode csv\n"
    script += "".join(f'.import "{file}" {file.stem}\n' for file in files if counts[file.stem])
    begun = time.monotonic()
    done = subprocess.run(["sqlite3", str(copy)], input=script, capture_output=True, text=True)
    seconds = time.monotonic() - begun
    with contextlib.closing(sqlite3.connect(copy)) as target:
        there = {name: target.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in tables}
    for file in [*files, *directory.glob("import.db*")]:
        file.unlink()
    if there != counts:
        raise Failed(f"sqlite3 did not import every row: {done.stderr.strip()[:500]}")
    return seconds
