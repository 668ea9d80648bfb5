# SPDX-License-Identifier: BSD-3-Clause
"""The report of a results folder, opened in a browser: what it shows is what the CSV files say."""
import csv
import shutil
import subprocess
from html.parser import HTMLParser

import pytest
from PIL import Image

SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from results import Results, Column
results = Results("Browser test", "One table, four plots.", sys.argv[2])
columns = [Column("machine"), Column("width"), Column("speed", "1"), Column("energy", "nJ")]
rows = [[name, width, width ** 0.5 / share, share * width / 3] for name, share in (("in order", 1), ("block", 1.7))
        for width in (1, 2, 4, 8)]
results.add_table("points", "Points", columns, rows)
results.add_plot("lines", "points", x="width", y=["speed"], series="machine", title="Speed", log_x=True)
results.add_plot("bars", "points", x="width", y=["energy"], series="machine", title="Energy", levels=[("published", 1.5)])
results.add_plot("stacked", "points", x="width", y=["energy"], series="machine", title="Energy together")
results.add_plot("scatter", "points", x="speed", y=["energy"], series="machine", label="width", title="Both",
                 curves=[("energy-delay 1", [(x / 10, x / 10) for x in range(1, 30)])])
results.write("a revision")
"""


class Page(HTMLParser):
    """Texts of the cells of every table by its id, and the attributes of every mark of a plot by the plot's name."""

    def __init__(self, text):
        super().__init__()
        self.tables, self.marks, self.table, self.plot, self.is_cell = {}, {}, None, None, False
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        if tag == "table":
            self.table = self.tables.setdefault(attributes.get("id"), [])
        elif tag == "tr" and self.table is not None:
            self.table.append([])
        elif tag == "td":
            self.table[-1].append("")
            self.is_cell = True
        elif tag == "figure":
            self.plot = self.marks.setdefault(attributes["data-plot"], [])
        elif "data-y" in attributes:
            self.plot.append(attributes)

    def handle_endtag(self, tag):
        self.is_cell &= tag != "td"

    def handle_data(self, text):
        if self.is_cell:
            self.table[-1][-1] += text


@pytest.fixture
def browser(tmp_path):
    """Opens a file in headless Chromium; gives what it printed."""
    program = shutil.which("chromium")
    assert program, "no chromium: util/install test"

    def run(file, *options):
        command = [program, "--headless", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                   f"--user-data-dir={tmp_path}/profile", "--virtual-time-budget=3000", *options, f"file://{file}"]
        return subprocess.run(command, capture_output=True, text=True, timeout=100, check=True).stdout
    return run


@pytest.fixture
def folder(script, root, tmp_path):
    done = script(SCRIPT, root / "configs", tmp_path / "out")
    assert done.returncode == 0, done.stderr
    return tmp_path / "out"


def test_a_browser_shows_the_numbers_of_the_csv_file(browser, folder):
    page = Page(browser(folder / "report.html", "--dump-dom"))
    with open(folder / "points.csv", newline="") as file:
        _, *rows = csv.reader(file)
    assert float(rows[3][2]) == pytest.approx(8 ** 0.5, rel=1e-5)
    assert [row for row in page.tables["table-points"] if row] == rows
    assert sorted(page.marks) == ["points_bars", "points_lines", "points_scatter", "points_stacked"]
    speeds = {(row[0], row[1]): row[2] for row in rows}
    assert {(mark["data-series"], mark["data-x"]): mark["data-y"] for mark in page.marks["points_lines"]} == speeds
    energies = {(row[0], row[1]): row[3] for row in rows}
    for name in ("points_bars", "points_stacked"):
        assert {(mark["data-series"], mark["data-x"]): mark["data-y"] for mark in page.marks[name]} == energies


def test_bars_are_as_high_as_their_numbers(browser, folder):
    marks = Page(browser(folder / "report.html", "--dump-dom")).marks["points_bars"]
    ratios = {round(float(mark["height"]) / float(mark["data-y"]), 2) for mark in marks}
    assert len(marks) == 8 and len(ratios) == 1


def test_a_head_that_is_clicked_sorts_by_number_and_a_series_can_be_switched_off(browser, folder):
    click = ("<script>document.querySelectorAll('#table-points th button')[3].click();"
             "document.querySelector('#plot-points_lines input').click();</script></body>")
    clicked = folder / "clicked.html"
    clicked.write_text((folder / "report.html").read_text().replace("</body>", click))
    page = Page(browser(clicked, "--dump-dom"))
    energies = [float(row[3]) for row in page.tables["table-points"] if row]
    assert len(energies) == 8 and energies == sorted(energies)
    assert {mark["data-series"] for mark in page.marks["points_lines"]} == {"block"}
    assert {mark["data-series"] for mark in page.marks["points_bars"]} == {"in order", "block"}


def test_a_screenshot_of_the_page_shows_its_plots(browser, folder, tmp_path):
    picture = tmp_path / "page.png"
    browser(folder / "report.html", f"--screenshot={picture}", "--window-size=1100,2200")
    with Image.open(picture) as image:
        assert image.size == (1100, 2200)
        counts = {colour: count for count, colour in image.convert("RGB").getcolors(1 << 20)}
    assert len(counts) > 20
    assert counts[(0x00, 0x72, 0xb2)] > 5000 and counts[(0xe6, 0x9f, 0x00)] > 5000   # bars of both series


def test_every_table_of_a_comparison_is_its_csv_file(browser, sim, root, tmp_path):
    done = sim(root / "configs" / "compare.py", "--bench=spec/gcc_like", "--max-insts=3k", f"--out={tmp_path}/out")
    assert done.returncode == 0, done.stderr
    page = Page(browser(tmp_path / "out" / "report.html", "--dump-dom"))
    files = sorted((tmp_path / "out").glob("*.csv"))
    assert {"machines", "slots", "speed"} <= {file.stem for file in files}
    for file in files:
        with open(file, newline="") as text:
            _, *rows = csv.reader(text)
        assert [row for row in page.tables[f"table-{file.stem}"] if row] == rows, file
