# SPDX-License-Identifier: BSD-3-Clause
"""Draws a plot of a results folder as a PNG file, from the same data as the page's script."""
import os

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as pyplot   # noqa: E402, after the choice of back end

import report   # noqa: E402
from results_page import COLOURS   # noqa: E402

MARKS = "os^Dv<>P*X"
DASHES = ["-", "--", "-.", ":"]
BAR_SHARE = 0.8   # of a category's width


def categories(plot):
    """Texts of the horizontal axis in the order they appear, or None where it is numeric."""
    xs = [point["x"] for series in plot["series"] for point in series["points"]]
    if plot["kind"] not in ("bars", "stacked") and all(isinstance(x, (int, float)) for x in xs):
        return None
    return list(dict.fromkeys(xs))


def draw_bars(axes, plot, names):
    is_stacked = plot["kind"] == "stacked"
    width = BAR_SHARE if is_stacked else BAR_SHARE / len(plot["series"])
    heights = [0.0] * len(names)
    for index, series in enumerate(plot["series"]):
        shift = 0 if is_stacked else (index + 0.5) * width - BAR_SHARE / 2
        at = [names.index(point["x"]) for point in series["points"]]
        ys = [point["y"] for point in series["points"]]
        axes.bar([i + shift for i in at], ys, width, bottom=[heights[i] for i in at] if is_stacked else 0,
                 label=series["name"], color=COLOURS[index % len(COLOURS)], edgecolor="white", linewidth=0.5)
        for i, y in zip(at, ys):
            heights[i] += y


def draw_points(axes, plot, names):
    for index, series in enumerate(plot["series"]):
        points = series["points"]
        xs = [names.index(p["x"]) if names else p["x"] for p in points]
        style = DASHES[index // len(COLOURS) % len(DASHES)] if plot["kind"] == "lines" else "none"
        axes.plot(xs, [p["y"] for p in points], linestyle=style, marker=MARKS[index % len(MARKS)],
                  label=series["name"], color=COLOURS[index % len(COLOURS)])
        for x, point in zip(xs, points):
            if "label" in point:
                axes.annotate(str(point["label"]), (x, point["y"]), xytext=(5, 4), textcoords="offset points",
                              fontsize=7)


def finish(axes, plot, names):
    for text, y in plot["levels"]:
        axes.axhline(y, linestyle="--", color="#555", linewidth=1)
        axes.annotate(text, (0, y), xycoords=("axes fraction", "data"), xytext=(3, 2), textcoords="offset points",
                      fontsize=7)
    if names:
        axes.set_xticks(range(len(names)))
        is_long = sum(len(str(name)) for name in names) > 70
        axes.set_xticklabels([str(name) for name in names], rotation=40 if is_long else 0,
                             ha="right" if is_long else "center")
    elif plot["log_x"]:
        axes.set_xscale("log", base=2)
    axes.set_title(plot["title"])
    axes.set_xlabel(plot["x_title"])
    axes.set_ylabel(plot["y_title"])
    axes.grid(axis="y", color="#ddd")
    axes.set_axisbelow(True)
    if len(plot["series"]) > 1:
        axes.legend(fontsize=8, loc="upper left", bbox_to_anchor=(1.01, 1))


def figure_of(plot):
    names = categories(plot)
    figure, axes = pyplot.subplots(figsize=(9, 4.5), dpi=110)
    (draw_bars if plot["kind"] in ("bars", "stacked") else draw_points)(axes, plot, names)
    if plot["from_zero"] or plot["kind"] in ("bars", "stacked"):
        axes.set_ylim(bottom=min(0, axes.get_ylim()[0]))
    if plot["x_from_zero"]:
        axes.set_xlim(left=0)
    limits = axes.get_xlim(), axes.get_ylim()
    for text, points in plot["curves"]:
        axes.plot([x for x, _ in points], [y for _, y in points], color="#999", linewidth=0.8, zorder=0)
        inside = [(x, y) for x, y in points if limits[0][0] <= x <= limits[0][1] and limits[1][0] <= y <= limits[1][1]]
        if inside:
            axes.annotate(text, inside[-1], fontsize=7, color="#777", ha="right", va="bottom")
    axes.set_xlim(limits[0])
    axes.set_ylim(limits[1])
    finish(axes, plot, names)
    return figure


def write(plot, path):
    """The format follows from the end of the name: .png or .svg."""
    figure = figure_of(plot)
    kind = os.path.splitext(path)[1][1:] or "png"
    # Without the writer's own marks two runs leave equal files.
    metadata = {"Software" if kind == "png" else "Date": None}
    try:
        report.replace_file(path, lambda temporary: figure.savefig(temporary, format=kind, bbox_inches="tight",
                                                                   metadata=metadata))
    finally:
        pyplot.close(figure)
