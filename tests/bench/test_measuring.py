# SPDX-License-Identifier: BSD-3-Clause
"""util/bench and util/suite_profile: what they measure, and what they say about it."""
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "util"))
import measure  # noqa: E402

SIM = os.environ.get("SKIPAHEAD_SIM", str(ROOT / "build" / "sim"))


def tool(name, *options, timeout=300):
    return subprocess.run([ROOT / "util" / name, *options], capture_output=True, text=True, timeout=timeout,
                          env=os.environ | {"SKIPAHEAD_SIM": SIM}, stdin=subprocess.DEVNULL)


def test_cpu_seconds_are_of_the_process_and_not_of_the_clock():
    slept = measure.measure([sys.executable, "-c", "import time; time.sleep(0.5)"])
    assert slept.status == 0 and slept.cpu_seconds < 0.4 < slept.wall_seconds
    failed = measure.measure([sys.executable, "-c", "import sys; sys.exit('why')"])
    assert failed.status == 1 and failed.error == "why"


def test_peak_memory_sees_what_the_process_touched():
    held = measure.measure([sys.executable, "-c", "b'x' * 80_000_000"])
    assert 80e6 < held.peak_bytes < 200e6


def test_the_yardstick_is_the_same_bytes_everywhere(tmp_path, monkeypatch):
    monkeypatch.setenv("SKIPAHEAD_CACHE", str(tmp_path))
    path = Path(measure.calibration_file())
    assert path.stat().st_size == measure.CALIBRATION_BYTES
    assert measure.is_right(path)
    path.write_bytes(b"damaged")
    assert measure.is_right(measure.calibration_file())


def test_bench_knows_its_cores():
    run = tool("bench", "--core=abacus")
    assert run.returncode == 125 and "abacus" in run.stderr and "functional" in run.stderr


@pytest.mark.skipif(not (ROOT / "build/suite/hmmer_like").exists(), reason="the suite is not built")
def test_suite_profile_adds_up_and_judges(tmp_path):
    file = tmp_path / "profile.json"
    run = tool("suite_profile", "--bench=hmmer_like", "--size=test", f"--json={file}")
    assert run.returncode == 0, run.stdout + run.stderr
    assert "PASS branch misses/k < 3" in run.stdout
    record, = json.loads(file.read_text())
    assert abs(sum(record["mix"].values()) - 1) < 1e-9
    assert record["output_ok"] is True
    assert 0 < record["code_bytes"] < 64 * record["code_lines"]
    assert record["misses"]["l2"] <= record["misses"]["l1i"] + record["misses"]["l1d"]


@pytest.mark.skipif(not (ROOT / "build/suite/mcf_like").exists(), reason="the suite is not built")
def test_suite_profile_says_what_misses_its_shape():
    run = tool("suite_profile", "--bench=mcf_like", "--size=test", "--max-insts=200k")
    assert run.returncode == 1
    assert "miss data >= 16.0 MiB" in run.stdout


def test_suite_profile_takes_suites_only(tmp_path):
    run = tool("suite_profile", "--bench=nothing_like")
    assert run.returncode == 125 and "nothing_like" in run.stderr
