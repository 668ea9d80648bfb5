# SPDX-License-Identifier: BSD-3-Clause
"""Programs drive a device through the guest library, on every core, checked in lock step."""
import json
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
HERE = Path(__file__).resolve().parent
CORES = ("functional", "blockfunctional", "inorder", "ooo", "cgooo")


def drive(sim, program, *arguments, core="functional", **options):
    """Runs the program with a loopback device; the result has stdout and what the statistics say."""
    run = sim(HERE / "run_device.py", json.dumps({"core": core, "program": str(ROOT / "build" / "guest" / program),
                                                  "arguments": arguments, "check": True} | options))
    assert run.returncode == 0, run.stdout + run.stderr
    return run.stdout, json.loads(run.stderr.splitlines()[-1])


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("program, arguments", [("loopback", ()), ("loopback", ("sleep",)), ("bare_loopback", ())])
def test_a_program_drives_the_device_on_every_core(sim, core, program, arguments):
    output, stats = drive(sim, program, *arguments, core=core)
    assert output == "ok\n"
    assert stats["accel0"]["jobs"] >= 50 and stats["accel0"]["dma"]["bytes_read"] > 0


def test_a_program_that_sleeps_takes_fewer_instructions_and_as_much_time(sim):
    _, polling = drive(sim, "spin", "poll", core="ooo")
    _, sleeping = drive(sim, "spin", "sleep", core="ooo")
    assert sleeping["core"]["committed_instructions"] * 2 < polling["core"]["committed_instructions"]
    assert sleeping["core"]["stall_asleep"] > 0
    assert abs(sleeping["core"]["cycles"] / polling["core"]["cycles"] - 1) < 0.1


def test_compute_cycles_do_not_depend_on_the_core(sim):
    found = {drive(sim, "spin", how, core=core)[1]["accel0"]["compute_cycles"]
             for core in CORES for how in ("poll", "sleep")}
    assert len(found) == 1


def test_checking_changes_no_statistic(sim):
    for core in ("functional", "ooo", "cgooo"):
        checked, free = (drive(sim, "loopback", core=core, check=check)[1] for check in (True, False))
        assert checked == free


def test_two_runs_are_the_same(sim):
    assert drive(sim, "loopback", "sleep", core="cgooo") == drive(sim, "loopback", "sleep", core="cgooo")
