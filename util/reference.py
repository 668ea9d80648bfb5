# SPDX-License-Identifier: BSD-3-Clause
"""Writes configs/REFERENCE.md: every component with its parameters, children and statistics.

usage: build/sim util/reference.py [--out=FILE]      (`scons docs` runs it)
"""
import sys

import sim


def escaped(text):
    return text.replace("|", "\\|")


def rows(fields, kinds, columns):
    """A Markdown table of the fields of these kinds, or nothing."""
    chosen = [field for field in fields if field["kind"] in kinds]
    if not chosen:
        return []
    lines = ["", "| " + " | ".join(head for head, _ in columns) + " |", "|" + "---|" * len(columns)]
    return lines + ["| " + " | ".join(escaped(text(field)) for _, text in columns) + " |" for field in chosen]


NAME = lambda field: f"`{field['name']}`"
CHILDREN = (("child", NAME), ("component", lambda f: f["type"] + ("" if f["required"] else " or None")),
            ("meaning", lambda f: f["doc"]))
PARAMETERS = (("parameter", NAME), ("default", lambda f: f"`{f['default']!r}`"),
              ("unit", lambda f: f["unit"]), ("meaning", lambda f: f["doc"]))
COUNTED = lambda f: f"`{f['name']}[{f['length']}]`" if f["length"] else NAME(f)
STATISTICS = (("statistic", COUNTED), ("unit", lambda f: f["unit"]), ("meaning", lambda f: f["doc"]))


def section(name, made):
    sentence = made.__doc__.split("\n")[0]
    serves = f" Serves as a {made.offers}." if made.offers not in ("Component", name) else ""
    return ([f"## {name}", "", sentence + serves] + rows(made.fields, ("child",), CHILDREN) +
            rows(made.fields, ("parameter",), PARAMETERS) +
            rows(made.statistics, ("statistic", "formula"), STATISTICS) + [""])


def page():
    lines = ["# Reference", "",
             "Every component that a script can build. `scons docs` makes this page from the declarations; "
             "`help(NAME)` in a script says the same.", ""]
    lines += section("Machine", sim.Machine)
    for name, made in sim.components.items():
        lines += section(name, made)
    return "\n".join(lines)


def main():
    out = [word[len("--out="):] for word in sys.argv[1:] if word.startswith("--out=")]
    if not out:
        print(page(), end="")
        return
    from report import write_file
    write_file(out[0], page())


main()
