# SPDX-License-Identifier: BSD-3-Clause
"""What the accelerators' tests share: many random cases in the simulator, refusals, and programs that drive a device."""
import os
from pathlib import Path

from conftest import ROOT, run

HERE = Path(__file__).resolve().parent
IS_FULL = os.environ.get("SKIPAHEAD_FULL") == "1"
MANY = 10 if IS_FULL else 1
CORES = ("functional", "inorder", "ooo", "cgooo")


def check_cases(script, kind, first, count, seconds=1200):
    """Runs so many cases (ten times as many in full) of a kind; the script prints how many held."""
    done = run(HERE / script, kind, first, count * MANY, timeout=seconds)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split() == [str(count * MANY)]


def check_refusal(script, text, said):
    """`script` is the fixture."""
    done = script(text)
    assert done.returncode == 125 and said in done.stderr, done.stderr
    assert "Traceback" not in done.stderr.splitlines()[-1]


def made_by(text, folder):
    """Runs a script that fills the folder and prints compute cycles of jobs; returns (folder, cycles)."""
    (folder / "make.py").write_text(text, encoding="utf-8")
    made = run(folder / "make.py", folder)
    assert made.returncode == 0, made.stderr
    return folder, made.stdout.split()


def check_drive(core, device, program, network, arguments, jobs, **settings):
    """A program runs model.bin on inputs.bin: right by its own account, and in as many cycles as the engine alone."""
    folder, cycles = network
    sets = [word for name, value in settings.items() for word in ("--set", f"accel0.engine.{name}={value}")]
    done = run(ROOT / "configs/accel.py", f"--core={core}", f"--device={device}", *sets,
               f"--run={ROOT / 'build/guest' / program}", f"--readable={folder}", "--check", "--", folder / "model.bin",
               folder / "inputs.bin", *arguments)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split() == cycles + ["ok"]
    assert f"{jobs} jobs (0 failed)" in done.stderr
