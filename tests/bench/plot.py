# Plots as SVG: points with their spread on a logarithmic axis, and lines over a logarithmic size.
# SPDX-License-Identifier: MIT
import math
import pathlib
from xml.sax.saxutils import escape

COLOURS = ("#888888", "#c9772b", "#2b6cb0", "#2f855a", "#9b2c2c")
STYLE = "text{font:12px sans-serif;fill:#333}.t{font-size:14px;font-weight:bold}.g{stroke:#ddd}.a{stroke:#666}"


class Drawing:
    def __init__(self, width, height, title):
        self.width, self.height = width, height
        self.parts = []
        self.text(12, 22, title, "t")

    def text(self, x, y, words, style="", anchor="start"):
        place = f'x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"'
        self.parts.append(f'<text class="{style}" {place}>{escape(words)}</text>')

    def line(self, x1, y1, x2, y2, style="a", more=""):
        self.parts.append(f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}" {more}/>')

    def dot(self, x, y, colour):
        self.parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>')

    def polyline(self, points, colour):
        places = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
        self.parts.append(f'<polyline points="{places}" fill="none" stroke="{colour}" stroke-width="2"/>')

    def write(self, file):
        head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {self.width} {self.height}">'
        body = "\n".join(self.parts)
        pathlib.Path(file).write_text(
            f'{head}\n<style>{STYLE}</style>\n<rect width="100%" height="100%" fill="#fff"/>\n{body}\n</svg>\n'
        )


def short(value):
    """1.2M, 45k, 0.3."""
    for limit, unit in ((1e6, "M"), (1e3, "k")):
        if value >= limit:
            return f"{value / limit:.3g}{unit}"
    return f"{value:.3g}"


def powers(low, high):
    """The powers of ten around a range."""
    return [10.0**n for n in range(math.floor(math.log10(low)), math.ceil(math.log10(high)) + 1)]


def scale(ticks, begin, end):
    low, high = math.log10(ticks[0]), math.log10(ticks[-1])
    return lambda value: begin + (math.log10(value) - low) / (high - low or 1) * (end - begin)


def spread_plot(file, title, groups):
    """`groups`: {heading: {row: [value of each round]}}; a dot is the median, the line goes from least to most."""
    values = [value for rows in groups.values() for row in rows.values() for value in row]
    ticks = powers(min(values), max(values))
    height = 60 + sum(30 + 22 * len(rows) for rows in groups.values())
    drawing = Drawing(760, height, title)
    x = scale(ticks, 220, 690)
    for tick in ticks:
        drawing.line(x(tick), 36, x(tick), height - 28, "g")
        drawing.text(x(tick), height - 10, short(tick), anchor="middle")
    y = 50
    for heading, rows in groups.items():
        drawing.text(12, y, heading)
        for number, (name, row) in enumerate(rows.items()):
            y += 22
            colour = COLOURS[number % len(COLOURS)]
            middle = sorted(row)[len(row) // 2]
            drawing.text(205, y + 4, name, anchor="end")
            drawing.line(x(min(row)), y, x(max(row)), y, "", f'stroke="{colour}" stroke-width="3" opacity="0.5"')
            drawing.dot(x(middle), y, colour)
            drawing.text(x(max(row)) + 8, y + 4, short(middle))
        y += 30
    drawing.write(file)


def size_plot(file, title, panels):
    """`panels`: {heading: {line: {size: value}}}; both axes of each panel are logarithmic."""
    columns = 2
    rows = (len(panels) + 1) // columns
    drawing = Drawing(860, 40 + 240 * rows, title)
    for place, (heading, lines) in enumerate(panels.items()):
        left, top = 70 + 420 * (place % columns), 70 + 240 * (place // columns)
        drawing.text(left - 50, top - 16, heading)
        sizes = powers(*(choose(size for line in lines.values() for size in line) for choose in (min, max)))
        ticks = powers(*(choose(value for line in lines.values() for value in line.values()) for choose in (min, max)))
        if len(ticks) == 1:
            ticks.append(ticks[0] * 10)
        if len(sizes) == 1:
            sizes.append(sizes[0] * 10)
        x, y = scale(sizes, left, left + 300), scale(ticks, top + 150, top)
        for tick in ticks:
            drawing.line(left, y(tick), left + 300, y(tick), "g")
            drawing.text(left - 8, y(tick) + 4, short(tick), anchor="end")
        for size in sizes:
            drawing.line(x(size), top, x(size), top + 150, "g")
            drawing.text(x(size), top + 168, short(size), anchor="middle")
        for number, (name, line) in enumerate(lines.items()):
            colour = COLOURS[(number + 2) % len(COLOURS)]
            points = [(x(size), y(value)) for size, value in sorted(line.items())]
            drawing.polyline(points, colour)
            for point in points:
                drawing.dot(*point, colour)
            if len(lines) > 1:
                drawing.text(points[-1][0] + 8, points[-1][1] + 4, name)
    drawing.write(file)
