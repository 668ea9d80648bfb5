# SPDX-License-Identifier: BSD-3-Clause
"""Every script of configs/ runs, the sweeps build the machines that they name, and saved runs can be compared."""
import csv
import json
import re
import subprocess

import pytest
from conftest import ROOT, SIM

SCRIPTS = sorted(path.name for path in (ROOT / "configs").glob("*.py")
                 if re.search(r"\bcommand_line\.(main|guarded)\(", path.read_text()))
SHORT = ["--bench=spec/gcc_like", "--max-insts=3k"]
# Of scripts that do not run programs, or much of them.
WORDS = {"cgooo_study.py": SHORT + ["--quick", "--study=brob,prediction"], "eie.py": ["--layer=nt-we", "--seeds=1"],
         "ese.py": ["--seeds=1", "--channels=1"], "scnn.py": ["--layer=4a-5x5"]}


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


@pytest.mark.parametrize("script", SCRIPTS)
def test_every_script_runs(sim, root, tmp_path, script):
    quick = ["--quick"] if "--quick" in (root / "configs" / script).read_text() else []
    done = sim(root / "configs" / script, f"--out={tmp_path}/out", *WORDS.get(script, SHORT + quick))
    assert done.returncode == 0, done.stderr
    assert done.stdout and any((tmp_path / "out").iterdir())


BUILT = """
import cgooo_sweeps, machines, overrides
labels = {}
for sweep in cgooo_sweeps.SWEEPS.values():
    kept = [point.label for _, point in sweep.chosen(True)]
    assert sweep.quick <= {point.label for _, point in sweep.points}, sweep.name
    assert 2 <= len(kept) <= len(sweep.points), sweep.name
    assert any(point.label == sweep.reference for _, point in sweep.points), sweep.name
    for cells, point in sweep.points:
        assert len(cells) == len(sweep.columns), point.label
        settings = tuple(sorted(point.settings))
        assert labels.setdefault(point.label, (point.core, settings)) == (point.core, settings), point.label
        core = overrides.apply(machines.CORES[point.core](), point.settings)
        for setting in point.settings:
            path, value = setting.split("=")
            owner = core
            for name in path.split(".")[1:]:
                owner = getattr(owner, name)
            assert str(owner) == value, setting
print(len(labels))
"""


def test_every_point_of_the_sweeps_is_a_machine_with_the_parameters_of_its_label(script):
    done = script(BUILT)
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 60


def test_a_sweep_is_relative_to_the_machine_of_the_paper(sim, root, tmp_path):
    done = sim(root / "configs" / "cgooo_study.py", "--quick", "--bench=spec/hmmer_like", "--max-insts=30k", "--warmup=10k",
               "--study=skipahead", f"--out={tmp_path}/out", f"--json={tmp_path}/runs.json")
    assert done.returncode == 0, done.stderr
    speeds = {row["windows issue"]: float(row["speed"]) for row in rows_of(tmp_path / "out" / "skipahead.csv")}
    assert speeds["Skipahead 4"] == 1 and speeds["in order, 1"] < 0.9
    ipc = {r["point"]: r["ipc"] for r in json.loads((tmp_path / "runs.json").read_text())}
    assert speeds["in order, 1"] == pytest.approx(ipc["in order, 1"] / ipc["cgooo"], rel=1e-5)


def test_a_study_that_does_not_exist_is_refused_with_those_that_do(sim, root):
    done = sim(root / "configs" / "cgooo_study.py", "--study=brop")
    assert done.returncode == 125 and "it takes some of width, windows" in done.stderr


# ---- util/paper_check
# -----------------------------------------------------------------------------------------------

def run(name, *words):
    return subprocess.run([ROOT / "util" / name, *words], capture_output=True, text=True, timeout=120,
                          env={"SKIPAHEAD_SIM": str(SIM), "PATH": "/usr/bin:/bin"}, stdin=subprocess.DEVNULL)


VERDICTS = """
import sys
sys.path.insert(0, sys.argv[1])
from figures import Figure, verdict, within
for measured in (None, 0.94, 0.95, 1.05, 1.06):
    print(verdict(Figure("speed", "1", 1.0, measured, **within(1.0, 0.05))))
print(verdict(Figure("speed", "1", 1.0, 7.0)))
"""


def test_a_figure_is_met_within_its_tolerance_only(script, root):
    done = script(VERDICTS, root / "util" / "paper_checks")
    assert done.stdout.split("\n") == ["not measured", "DIFFERS", "met", "met", "DIFFERS", "for comparison", ""], done.stderr


def test_every_figure_of_a_paper_stands_beside_a_measured_one(tmp_path):
    done = run("paper_check", "cgooo", "--full", "--bench=spec/gcc_like", "--warmup=1k", "--max-insts=4k",
               f"--out={tmp_path}/out", f"--json={tmp_path}/runs.json")
    assert done.returncode == 0, done.stderr
    figures = {row["figure"]: row for row in rows_of(tmp_path / "out" / "figures.csv")}
    ipc = {r["point"]: r["ipc"] for r in json.loads((tmp_path / "runs.json").read_text())}
    speed = figures["speed, cgooo / ooo4"]
    assert float(speed["measured"]) == pytest.approx(ipc["cgooo"] / ipc["ooo4"], rel=1e-5)
    assert (speed["published"], speed["accepted from"], speed["verdict"]) == ("1", "0.95", "DIFFERS")
    assert "dispatch slots an instruction" in speed["why"] and speed["why"] in " ".join(done.stdout.split())
    assert len(figures) > 50 and all(row["verdict"] in ("met", "DIFFERS", "not measured", "for comparison") and
                                     (row["why"] or row["verdict"] in ("met", "for comparison"))
                                     for row in figures.values())
    windows = float(figures["speed, 8 windows over 4"]["measured"])
    assert windows == pytest.approx(ipc["draft14"] / ipc["draft, 4 windows"], rel=1e-5)


def test_papers_are_listed_and_others_refused(root):
    assert "cgooo: CG-OoO" in run("paper_check", "--list").stdout
    wrong = run("paper_check", "cgoo")
    assert wrong.returncode == 125 and "did you mean 'cgooo'?" in wrong.stderr


# ---- util/energy_delay
# ----------------------------------------------------------------------------------------------

def record(program, cycles, pj, **changes):
    energy = {"total_pj": pj, "core_pj": pj / 2, "leakage_pj": 0.0, "squashed_pj": 0.0, "stages": {"fetch": pj}}
    return {"program": program, "core": "ooo", "size": "test", "instructions": 100_000, "cycles": cycles, "ipc": 100_000 / cycles,
            "outcome": "exited", "program_hash": program, "energy": {"paper": energy, "analytic": energy}} | changes


@pytest.fixture
def saved(tmp_path):
    """Writes lists of records; gives the files."""
    def save(**lists):
        for name, records in lists.items():
            (tmp_path / f"{name}.json").write_text(json.dumps(records))
        return [str(tmp_path / f"{name}.json") for name in lists]
    return save


BASE = [record("one", 100_000, 4e6), record("two", 200_000, 8e6)]


def test_saved_runs_are_compared_with_the_first(saved, tmp_path):
    files = saved(slow=BASE, fast=[record("one", 50_000, 2e6), record("two", 50_000, 4e6)])
    done = run("energy_delay", *files, f"--out={tmp_path}/out")
    assert done.returncode == 0, done.stderr
    first, second = rows_of(tmp_path / "out" / "runs.csv")
    assert [first[column] for column in ("run", "speed", "energy", "1/ED", "energy x delay")] == ["slow", "1", "1", "1", "1"]
    assert float(second["speed"]) == pytest.approx(2 / (1 / 2 + 1 / 4), rel=1e-5)
    assert second["energy"] == "0.5" and float(second["1/ED"]) == pytest.approx(2 / (1 / 4 + 1 / 8), rel=1e-5)
    assert "fast" in done.stdout and (tmp_path / "out" / "report.html").exists()
    for end, start in (("svg", b"<?xml"), ("png", b"\x89PNG")):
        assert run("energy_delay", *files, f"--out={tmp_path}/plot.{end}").returncode == 0
        assert (tmp_path / f"plot.{end}").read_bytes().startswith(start)


@pytest.mark.parametrize("other, why", [
    ([{k: v for k, v in r.items() if k != "energy"} for r in BASE], "b: one on ooo has no energy by published prices"),
    ([BASE[0]], "a has two, b has not; give both the same --bench"),
    ([*BASE, record("three", 1000, 1e6)], "b has three, a has not; give both the same --bench"),
    ([BASE[0], record("two", 100_000, 1e6, instructions=50_000)], "two: 100000 instructions in a and 50000 in b"),
    ([BASE[0], record("two", 100_000, 1e6, size="train")], "two: a has it at size test, b at train"),
    ([BASE[0], record("two", 100_000, 1e6, program_hash="x")], "two: a and b ran different binaries"),
    ([BASE[0], BASE[0]], "has one on ooo more than once"),
    ([BASE[0], record("two", 100_000, 1e6, outcome="failed", error="it broke")], "b: two failed: it broke"),
    ([BASE[0], record("two", 100_000, 1e6, ipc=None)], "b: two on ooo has no time"),
    ({"program": 1}, "holds no list of run records"),
], ids=lambda value: value if isinstance(value, str) else "")
def test_runs_that_cannot_be_compared_are_refused_with_the_reason(saved, other, why):
    done = run("energy_delay", *saved(a=BASE, b=other))
    assert done.returncode == 125 and why in done.stderr and done.stderr.count("\n") == 1


def test_a_run_alone_a_file_twice_and_a_file_that_is_no_json_are_refused(saved, tmp_path):
    file, = saved(a=BASE)
    assert "is one run alone" in run("energy_delay", file).stderr
    assert "is given twice" in run("energy_delay", file, file).stderr
    (tmp_path / "text.json").write_text("hello")
    assert "text.json: is not JSON" in run("energy_delay", file, str(tmp_path / "text.json")).stderr
    assert "No such file" in run("energy_delay", file, str(tmp_path / "absent.json")).stderr
