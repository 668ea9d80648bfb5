# SPDX-License-Identifier: BSD-3-Clause
"""Shared by the tests of this folder: runs a program on a core that a piece of Python describes."""
import json
import os
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "guest"))
from guest_program import ROOT, guest_programs  # noqa: E402, F401

IS_FULL = os.environ.get("SKIPAHEAD_FULL") == "1"
SUITE = ROOT / "build" / "suite"
SUITE_PROGRAMS = tuple(name + "_like" for name in (
    "perl", "bzip2", "gcc", "mcf", "gobmk", "hmmer", "sjeng", "libquantum", "h264", "omnetpp", "astar", "xalan"))


def run_machine(sim, text, folder, timeout=600, **options):
    """Runs the machine whose core the Python `text` sets, as run_machine.py does."""
    file = folder / "machine.py"
    file.write_text(text, encoding="utf-8")
    return sim(HERE / "run_machine.py", file, json.dumps(options), timeout=timeout)


def statistics(sim, text, folder, **options):
    """(flat dictionary of statistics, what run() ended at after each of `limits`)."""
    run = run_machine(sim, text, folder, stats=str(folder / "stats.json"), **options)
    assert run.returncode == 0, run.stderr
    written = json.loads((folder / "stats.json").read_text(encoding="utf-8"))
    return flat(written["stats"]), written["stops"]


def flat(tree, path=""):
    """{"core.l1d.hits": 3, ...} of nested dictionaries."""
    all_of_it = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            all_of_it |= flat(value, path + name + ".")
        else:
            all_of_it[path + name] = value
    return all_of_it


def named_core(name, **changes):
    """Python for the core of configs/machines.py of that name."""
    given = ", ".join(f"{key}={value!r}" for key, value in changes.items())
    return (f"import sys\nsys.path.insert(0, {str(ROOT / 'configs')!r})\nimport machines\n"
            f"core = machines.{name}({given})\n")
