# SPDX-License-Identifier: BSD-3-Clause
"""The page of a results folder: one HTML file that needs no network, with sortable tables and plots by results_page.js."""
import html
import json
import os

# Told apart by most colour-blind readers and by their lightness on paper (after Okabe and Ito's eight).
COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#56b4e9", "#d55e00", "#8c6d31", "#444444", "#b2df8a", "#6a3d9a",
           "#f0e442", "#999999", "#7f0000", "#00bfc4"]

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<h1>{title}</h1>
<p>{about}</p>
{contents}
{body}
<section id="provenance">
<h2>Provenance</h2>
<table class="provenance">
{provenance}
</table>
</section>
<noscript><p>Plots are drawn by a script of this page; their PNG files lie beside it.</p></noscript>
<div id="tip" hidden></div>
<script id="data" type="application/json">{data}</script>
<script>
{script}</script>
</body>
</html>
"""
PROVENANCE = (("revision", "Simulator's revision"), ("command", "Command"), ("written", "Written"),
              ("host_seconds", "Processor seconds of the host"))


def beside(name):
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), name), encoding="utf-8") as file:
        return file.read()


def escaped(text):
    return html.escape(str(text), quote=True)


def differs(row):
    return len(set(map(str, row[1:]))) > 1


def table_section(table, text_of, is_machines):
    heads = []
    for column in table.columns:
        unit = f'<span class="unit">{escaped(column.unit)}</span>' if column.unit else ""
        heads.append(f'<th scope="col" title="{escaped(column.about)}"><button>{escaped(column.name)}</button>{unit}</th>')
    lines = []
    for row in table.rows:
        cells = "".join(f'<td class="number">{text_of(cell)}</td>' if isinstance(cell, (int, float))
                        and not isinstance(cell, bool) else f"<td>{escaped(text_of(cell))}</td>" for cell in row)
        kind = ' class="differs"' if is_machines and differs(row) else ""
        lines.append(f"<tr{kind}>{cells}</tr>")
    choice = ('<label class="control"><input type="checkbox" id="only-differences" checked> '
              'only parameters that differ</label>' if is_machines and len(table.columns) > 2 else "")
    note = f"<p>{escaped(table.note)}</p>" if table.note else ""
    return (f'<section id="{escaped(table.name)}">\n<h2>{escaped(table.title)}</h2>\n{note}{choice}\n'
            f'<div class="wide"><table class="data" id="table-{escaped(table.name)}">\n'
            f'<thead><tr>{"".join(heads)}</tr></thead>\n<tbody>\n' + "\n".join(lines) +
            f'\n</tbody>\n</table></div>\n<p class="file">{escaped(table.name)}.csv</p>\n</section>')


def plot_section(plot):
    name = escaped(plot["name"])
    return (f'<figure id="plot-{name}" class="plot" data-plot="{name}">\n<figcaption>{escaped(plot["title"])}'
            f'</figcaption>\n</figure>')


def page(results, made):
    """The page's text. `made` is what results.json holds."""
    from results import text_of
    body = []
    for kind, name in results.order:
        if kind == "plot":
            body.append(plot_section(results.plots[name]))
        else:
            table = results.tables[name]
            body.append(table_section(table, text_of, table is results.machines))
    links = "".join(f'<li><a href="#{escaped(name)}">{escaped(results.tables[name].title)}</a></li>'
                    for kind, name in results.order
                    if kind == "table" and results.tables[name].in_contents)
    provenance = "\n".join(f"<tr><th>{text}</th><td>{escaped(made['provenance'][key])}</td></tr>"
                           for key, text in PROVENANCE)
    data = json.dumps({"plots": made["plots"], "colours": COLOURS}).replace("<", "\\u003c")
    return PAGE.format(title=escaped(results.title), about=escaped(results.about), body="\n".join(body),
                       contents=f"<nav><ul>{links}</ul></nav>", provenance=provenance, data=data,
                       style=beside("results_page.css"), script=beside("results_page.js"))
