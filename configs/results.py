# SPDX-License-Identifier: BSD-3-Clause
"""A results folder: a CSV file a table, results.json, a PNG a plot, and report.html, which holds all of it in one file.

    results = Results("Cache sizes", "Misses of one program as its cache grows.", options.out)
    results.add_table("misses", "Misses", [Column("size", "KiB"), Column("misses", "misses/1000")], [[16, 31.25], [32, 7]])
    results.add_plot("lines", "misses", x="size", y=["misses"], title="Misses against size")
    results.add_machines({"small": machine.describe(), "large": other.describe()})
    results.write(options.revision)

A number has one text, made by text_of(), in the CSV, in results.json, on the page and in the plots.
"""
import csv
import io
import json
import math
import os
import sys
import time
from dataclasses import dataclass, field

import sim
import report
import results_page

SIGNIFICANT_DIGITS = 6
PLOT_KINDS = ("bars", "stacked", "lines", "scatter")


def text_of(value):
    """The one text of a value: six significant digits, whole numbers whole, nothing where nothing was measured."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        if not math.isfinite(value):
            raise ValueError(f"results: {value} is no number to report; give None where nothing was measured")
        rounded = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
        return str(int(rounded)) if rounded.is_integer() and abs(rounded) < 1e15 else repr(rounded)
    return str(value)


def number_of(value):
    """The number that the text of `value` says; a text itself, or None, where it says none."""
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return value if isinstance(value, int) else json.loads(text_of(value))
    return text_of(value) if value is not None else None


@dataclass
class Column:
    name: str
    unit: str = ""
    about: str = ""   # shown where the mouse rests on the head

    @property
    def head(self):
        return f"{self.name} [{self.unit}]" if self.unit else self.name


@dataclass
class Table:
    name: str         # of the CSV file and of the page's element "table-NAME"
    title: str
    columns: list
    rows: list        # of int, float, str, bool or None
    note: str = ""    # a sentence or two below the title
    in_contents: bool = True   # listed at the top of the page

    def column(self, name):
        """Index of a column."""
        names = [column.name for column in self.columns]
        if name not in names:
            raise ValueError(f"results: table '{self.name}' has no column '{name}'; it has {', '.join(names)}")
        return names.index(name)

    def values(self, name):
        at = self.column(name)
        return [number_of(row[at]) for row in self.rows]

    def csv(self):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow([column.head for column in self.columns])
        writer.writerows([text_of(cell) for cell in row] for row in self.rows)
        return text.getvalue()


@dataclass
class Plot:
    kind: str                 # bars side by side, bars stacked, lines or scatter
    name: str                 # of the PNG file and of the page's element "plot-NAME"
    table: str
    title: str
    x: str                    # column of the horizontal axis; texts are categories
    y: list                   # columns, a series each
    series: str = ""          # column that tells the series of a row apart, where there is one column y
    label: str = ""           # column with the name of a scattered point
    x_title: str = ""
    y_title: str = ""
    from_zero: bool = True    # the vertical axis begins at zero; bars always do
    x_from_zero: bool = False
    log_x: bool = False
    without: tuple = ()       # values of x that are left out, such as a row of means
    levels: list = field(default_factory=list)   # (text, y): horizontal dashed lines
    curves: list = field(default_factory=list)   # (text, [(x, y), ...]): thin lines behind the data


def axis_title(table, names):
    """Names and unit of columns, the unit where they agree on it."""
    columns = [table.columns[table.column(name)] for name in names]
    units = {column.unit for column in columns}
    name = columns[0].name if len(columns) == 1 else ""
    unit = units.pop() if len(units) == 1 else ""
    return f"{name} [{unit}]" if name and unit else name or unit


def resolved(plot, table):
    """What is drawn, as plain data: series of points, their numbers the table's own."""
    xs = table.values(plot.x)
    labels = table.values(plot.label) if plot.label else [None] * len(xs)
    if plot.series:
        names = table.values(plot.series)
        of_series = {name: (plot.y[0], [n == name for n in names]) for name in dict.fromkeys(names)}
    else:
        of_series = {name: (name, [True] * len(xs)) for name in plot.y}
    series = []
    for name, (column, chosen) in of_series.items():
        points = [{"x": x, "y": y} | ({"label": label} if label is not None else {})
                  for x, y, label, is_in in zip(xs, table.values(column), labels, chosen)
                  if is_in and x is not None and isinstance(y, (int, float)) and x not in plot.without]
        series.append({"name": text_of(name), "points": points})
    return {"kind": plot.kind, "name": plot.name, "table": plot.table, "title": plot.title, "series": series,
            "x_title": plot.x_title or axis_title(table, [plot.x]),
            "y_title": plot.y_title or axis_title(table, plot.y), "from_zero": plot.from_zero, "log_x": plot.log_x,
            "x_from_zero": plot.x_from_zero,
            "levels": [[text, number_of(y)] for text, y in plot.levels],
            "curves": [[text, [[number_of(x), number_of(y)] for x, y in points]] for text, points in plot.curves]}


def flat(tree, path="core"):
    """{path: value} of a component tree as Machine.describe() gives it."""
    found = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            found.update(flat(value, f"{path}.{name}"))
        elif name == "same_as":
            found[path] = f"the same as {value}"
        else:
            found[f"{path}.{name}"] = json.dumps(value) if isinstance(value, list) else value
    return found


class Results:
    """Collects tables and plots; what is added first is shown first."""

    def __init__(self, title, about, folder):
        self.title, self.about, self.folder = title, about, folder
        self.tables, self.plots, self.order, self.machines = {}, {}, [], None
        if folder:
            prepare(folder)

    def add_table(self, name, title, columns, rows, note="", in_contents=True):
        table = Table(name, title, [c if isinstance(c, Column) else Column(*c) for c in columns], rows, note, in_contents)
        if name in self.tables:
            raise ValueError(f"results: there is a table '{name}' already")
        if any(len(row) != len(columns) for row in rows):
            raise ValueError(f"results: table '{name}' has a row that is not {len(columns)} cells long")
        for row in rows:
            for cell in row:
                text_of(cell)   # says so now where one is no number
        self.tables[name] = table
        self.order.append(("table", name))
        return table

    def add_plot(self, kind, table, x, y, title, name="", **more):
        name = name or f"{table}_{kind}"
        if kind not in PLOT_KINDS:
            raise ValueError(f"results: no kind of plot '{kind}'; there is {', '.join(PLOT_KINDS)}")
        if name in self.plots:
            raise ValueError(f"results: there is a plot '{name}' already")
        plot = Plot(kind, name, table, title, x, list(y), **more)
        self.plots[name] = resolved(plot, self.tables[table])
        self.order.append(("plot", name))

    def add_machines(self, described):
        """A table with a row a parameter and a column a machine, from {name: Machine.describe()}."""
        of_machine = {name: flat(tree["core"]) for name, tree in described.items()}
        paths = list(dict.fromkeys(path for found in of_machine.values() for path in found))
        rows = [[path] + [found.get(path) for found in of_machine.values()] for path in paths]
        note = "Every parameter in force; empty where the machine has no such part."
        columns = [Column("parameter")] + [Column(name) for name in of_machine]
        self.machines = self.add_table("machines", "Machines", columns, rows, note)

    def as_dict(self, revision):
        tables = [{"name": t.name, "title": t.title, "note": t.note,
                   "columns": [{"name": c.name, "unit": c.unit, "about": c.about} for c in t.columns],
                   "rows": [[number_of(cell) for cell in row] for row in t.rows]} for t in self.tables.values()]
        return {"title": self.title, "about": self.about, "provenance": provenance(revision), "tables": tables,
                "plots": list(self.plots.values()), "order": [list(place) for place in self.order]}

    def write(self, revision):
        """Writes every file; nothing where there is no folder."""
        if not self.folder:
            return
        made = self.as_dict(revision)
        for name, table in self.tables.items():
            report.write_file(os.path.join(self.folder, f"{name}.csv"), table.csv())
        for name, plot in self.plots.items():
            import results_png   # matplotlib takes a second to load
            results_png.write(plot, os.path.join(self.folder, f"{name}.png"))
        report.write_file(os.path.join(self.folder, "report.html"), results_page.page(self, made))
        report.write_json(os.path.join(self.folder, "results.json"), made)


def prepare(folder):
    """Makes the folder, and fails before the experiment rather than after it."""
    os.makedirs(folder, exist_ok=True)
    report.remove_files(folder, ["report.html"])
    report.write_file(os.path.join(folder, "results.json"), "{}\n")
    report.remove_files(folder, ["results.json"])
    try:
        import matplotlib   # noqa: F401, needed by results_png
    except ImportError as error:
        raise sim.ConfigError("--out: plots are drawn by matplotlib, which is not here; util/install gets it") from error


def provenance(revision):
    return {"revision": revision, "command": " ".join(sys.argv), "written": time.strftime("%Y-%m-%d %H:%M:%S %z"),
            "host_seconds": round(time.process_time(), 2)}
