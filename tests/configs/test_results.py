# SPDX-License-Identifier: BSD-3-Clause
"""The results folder: the same numbers in every file of it, and errors that say what is wrong."""
import csv
import json

import pytest

TABLES = """
import sys
sys.path.insert(0, sys.argv[1])
from results import Results, Column, text_of
results = Results("A title", "What it is about.", sys.argv[2])
results.add_table("speed", "Speed", [Column("program"), Column("ipc", "instructions/cycle"), Column("misses")],
                  [["first", 1 / 3, 1234567890], ["second", None, 7], ['with "quotes", and <marks>', 1e-9, 0]])
"""
PLOT = 'results.add_plot("bars", "speed", x="program", y=["ipc"], title="Speed")\n'


@pytest.fixture
def write(script, root, tmp_path):
    """Runs lines that have `results`; gives the folder."""
    def run(text):
        done = script(TABLES + text, root / "configs", tmp_path / "out")
        return done, tmp_path / "out"
    return run


def test_every_file_of_the_folder_holds_the_same_numbers(write):
    done, out = write(PLOT + 'results.write("a revision")')
    assert done.returncode == 0, done.stderr
    with open(out / "speed.csv", newline="") as file:
        heads, *rows = csv.reader(file)
    assert heads == ["program", "ipc [instructions/cycle]", "misses"]
    assert rows == [["first", "0.333333", "1234567890"], ["second", "", "7"], ['with "quotes", and <marks>', "1e-09", "0"]]
    made = json.loads((out / "results.json").read_text())
    table, = made["tables"]
    assert [[None if cell == "" else cell for cell in row] for row in rows] == [
        [row[0], None if row[1] is None else f"{row[1]:g}", str(row[2])] for row in table["rows"]]
    assert made["plots"][0]["series"][0]["points"] == [
        {"x": "first", "y": 0.333333}, {"x": 'with "quotes", and <marks>', "y": 1e-09}]
    assert made["provenance"]["revision"] == "a revision"
    page = (out / "report.html").read_text()
    assert '<td class="number">0.333333</td><td class="number">1234567890</td>' in page
    assert "<marks>" not in page
    assert (out / "speed_bars.png").read_bytes().startswith(b"\x89PNG")
    assert sorted(path.name for path in out.iterdir()) == ["report.html", "results.json", "speed.csv", "speed_bars.png"]


def test_the_page_asks_for_nothing_from_elsewhere(write):
    _, out = write(PLOT + 'results.write("a revision")')
    page = (out / "report.html").read_text().replace("http://www.w3.org/2000/svg", "")
    assert not [word for word in ("http:", "https:", "src=", "@import", "url(") if word in page]


def test_machines_stand_side_by_side(write):
    _, out = write('results.add_machines({"a": {"core": {"type": "X", "l1": {"size": 8}}}, "b": {"core": {"type": "X", '
                   '"l1": {"size": 16, "next": {"same_as": "core.l2"}}}}})\nresults.write("r")')
    assert (out / "machines.csv").read_text() == ("parameter,a,b\ncore.type,X,X\ncore.l1.size,8,16\n"
                                                  "core.l1.next,,the same as core.l2\n")


def test_two_writings_leave_equal_files_but_for_their_provenance(write):
    _, out = write(PLOT + 'results.write("r")')
    first = {path.name: path.read_bytes() for path in out.iterdir() if path.suffix in (".csv", ".png")}
    write(PLOT + 'results.write("r")')
    assert len(first) == 2 and first == {name: (out / name).read_bytes() for name in first}


@pytest.mark.parametrize("line, why", [
    ('results.add_plot("bars", "speed", x="program", y=["cycles"], title="")', "has no column 'cycles'; it has program, ipc"),
    ('results.add_plot("pie", "speed", x="program", y=["ipc"], title="")', "no kind of plot 'pie'; there is bars, "),
    ('results.add_table("other", "", [Column("a")], [[1, 2]])', "has a row that is not 1 cells long"),
    ('results.add_table("other", "", [Column("a")], [[float("nan")]])', "nan is no number to report"),
])
def test_mistakes_are_named(write, line, why):
    done, _ = write(line)
    assert done.returncode != 0 and why in done.stderr


def test_a_folder_that_cannot_be_made_fails_before_the_experiment(script, root, tmp_path):
    (tmp_path / "file").write_text("")
    done = script(TABLES + 'print("reached")', root / "configs", tmp_path / "file")
    assert done.returncode != 0 and "reached" not in done.stdout
