# SPDX-License-Identifier: BSD-3-Clause
"""configs/accel.py: a program on any core driving any device; what it reports and leaves behind."""
import json

import pytest
from conftest import ROOT

ACCEL = ROOT / "configs" / "accel.py"
GUEST = ROOT / "build" / "guest"


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    from conftest import run
    folder = tmp_path_factory.mktemp("network")
    made = run(ROOT / "tests/device/make_eie_network.py", folder, 16)
    assert made.returncode == 0, made.stderr
    return folder, made.stdout.split()


def eie(sim, network, core, *options, how="poll"):
    folder, _ = network
    return sim(ACCEL, f"--core={core}", "--device=eie", "--set", "accel0.engine.pes=16", f"--run={GUEST / 'eie_layers'}",
               f"--readable={folder}", *options, "--", folder / "model.bin", folder / "inputs.bin", 40, how)


@pytest.mark.parametrize("core", ("functional", "inorder", "ooo", "cgooo"))
@pytest.mark.parametrize("how", ("poll", "sleep"))
def test_eie_driven_by_a_program_computes_as_long_as_alone(sim, network, core, how):
    run = eie(sim, network, core, "--check", how=how)
    assert run.returncode == 0, run.stdout + run.stderr
    assert run.stdout.split() == network[1] + ["ok"]
    assert "4 jobs (0 failed)" in run.stderr


def test_records_and_timeline_show_what_the_device_did(sim, network, tmp_path):
    run = eie(sim, network, "ooo", f"--json={tmp_path / 'r.json'}", f"--timeline={tmp_path / 't.json'}", how="sleep")
    assert run.returncode == 0, run.stderr
    device = json.loads((tmp_path / "r.json").read_text())[0]["devices"]["accel0"]
    assert device["jobs"] == 4 and device["engine"]["jobs"] == 4
    assert 0 < device["utilisation"] < 1 and device["occupancy"] > 0
    events = json.loads((tmp_path / "t.json").read_text())["traceEvents"]
    jobs = [e for e in events if e["name"] == "job"]
    assert [e["args"]["tag"] for e in jobs] == [0, 1, 2, 3]
    assert all(before["ts"] + before["dur"] <= after["ts"] for before, after in zip(jobs, jobs[1:]))
    assert sum(e["name"] == "interrupt" for e in events) == device["interrupts"]
    moved = sum(e["args"]["bytes"] for e in events if e.get("cat") == "DMA" and e["ph"] == "b")
    assert moved == device["dma"]["bytes_read"] + device["dma"]["bytes_written"]
    assert not list(tmp_path.glob("*.partial"))


def test_several_devices_stand_beside_one_core(sim):
    run = sim(ACCEL, "--core=inorder", "--device=eie,loopback,scnn,ese", f"--run={GUEST / 'loopback'}", "--check", "--", "sleep")
    assert run.returncode == 0 and run.stdout == "ok\n", run.stderr
    assert "accel0: 0 jobs" in run.stderr and "accel1: 53 jobs" in run.stderr


@pytest.mark.parametrize("options, said", [
    (("--device=eiee",), "did you mean 'eie'?"),
    (("--device=" + ",".join(["loopback"] * 5),), "room for 4 devices"),
    (("--device-clock=0Hz",), "clock"),
    (("--set", "accel1.clock=1GHz"), "core or accel0"),
    (("--timeline=/nowhere/at/all.json",), "there is no folder '/nowhere/at'"),
])
def test_what_cannot_be_is_said_in_one_line(sim, options, said):
    run = sim(ACCEL, "--core=functional", f"--run={GUEST / 'loopback'}", *options)
    assert run.returncode == 125 and said in run.stderr and run.stderr.count("\n") == 1, run.stderr
