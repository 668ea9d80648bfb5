# SPDX-License-Identifier: BSD-3-Clause
"""A disk that is full in the middle of a file: one line that names the file, status 125, and nothing of the file stays.

RLIMIT_FSIZE stands in for the disk: a write beyond it fails as on a full one, with a reason of its own."""
import json
import os
import resource
import subprocess

import pytest
from conftest import ROOT, SIM

HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
LOUD = '#include <stdio.h>\nint main(void) { for (int i = 0; i < 3000; ++i) puts("0123456789"); return 0; }\n'
FULL = "File too large"
LIMIT = 2000   # bytes a file may have


@pytest.fixture
def cramped(tmp_path):
    """Runs a command that may write no file of more than so many bytes; paths begin with {folder}."""
    def run(*words, most=LIMIT, **keywords):
        return subprocess.run([str(word).replace("{folder}", str(tmp_path)) for word in words], text=True, timeout=120,
                              stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd=tmp_path,
                              preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (most, most)),
                              env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"}, **({"stdout": subprocess.PIPE} | keywords))
    return run


def files_below(folder):
    return sorted(os.path.relpath(os.path.join(place, name), folder) for place, _, names in os.walk(folder) for name in names)


def says_it_in_one_line(done, file, tmp_path):
    return (done.returncode == 125 and done.stderr.count("\n") == 1 and FULL in done.stderr and
            str(tmp_path / file) in done.stderr)


CONFIGS, UTIL = ROOT / "configs", ROOT / "util"


@pytest.mark.parametrize("file, words", [
    ("list.json", [SIM, CONFIGS / "cgooo.py", "--max-insts=3k", "--json={folder}/list.json"]),
    ("out/guest/stats.txt", [SIM, CONFIGS / "cgooo.py", "--max-insts=3k", "--out={folder}/out"]),
    ("run.kanata", [SIM, CONFIGS / "ooo.py", "--max-insts=3k", "--pipeline-trace={folder}/run.kanata"]),
    ("run.o3", [SIM, CONFIGS / "inorder.py", "--max-insts=3k", "--pipeline-trace={folder}/run.o3"]),
    ("out/inorder/guest/stats.txt", [SIM, CONFIGS / "compare.py", "--max-insts=3k", "--cores=inorder", "--out={folder}/out"]),
])
def test_a_run_whose_file_does_not_fit_leaves_nothing_of_it(cramped, guest, tmp_path, file, words):
    done = cramped(*words, f"--bench={guest(HELLO)}", "--quiet")
    assert says_it_in_one_line(done, file, tmp_path), done.stderr
    assert files_below(tmp_path) == []


@pytest.mark.parametrize("file, words", [
    ("plan.svg", [UTIL / "floorplan", CONFIGS / "cgooo.py", "--out={folder}/plan.svg"]),
    ("t.json", [SIM, CONFIGS / "eie.py", "--layer=nt-wd", "--timeline={folder}/t.json"]),
    ("out/layers_bars.png", [SIM, CONFIGS / "scnn.py", "--layer=conv5", "--times-only", "--out={folder}/out"]),
])
def test_a_drawing_that_does_not_fit_leaves_nothing_of_it(cramped, tmp_path, file, words):
    done = cramped(*words)
    assert says_it_in_one_line(done, file, tmp_path), done.stderr
    assert not (tmp_path / file).exists() and not [name for name in files_below(tmp_path) if name.endswith(".partial")]
    assert not (tmp_path / "out/results.json").exists() and not (tmp_path / "out/report.html").exists()


@pytest.fixture
def two_runs(sim, guest, tmp_path):
    for core in ("inorder", "ooo"):
        sim(CONFIGS / "run.py", f"--core={core}", f"--bench={guest(HELLO)}", "--quiet", f"--json={tmp_path}/{core}.json")
    return [tmp_path / "inorder.json", tmp_path / "ooo.json"]


def test_a_picture_of_saved_runs_that_does_not_fit_leaves_nothing_of_it(cramped, two_runs, tmp_path):
    done = cramped(UTIL / "energy_delay", *two_runs, "--out={folder}/plot.svg")
    assert says_it_in_one_line(done, "plot.svg", tmp_path), done.stderr
    assert files_below(tmp_path) == ["inorder.json", "ooo.json"]


def test_output_of_a_suites_program_that_does_not_fit_ends_the_run(cramped, tmp_path):
    done = cramped(SIM, CONFIGS / "functional.py", "--bench=mcf_like", "--out={folder}/out", most=10)
    assert says_it_in_one_line(done, "out/mcf_like/stdout", tmp_path), done.stderr
    assert files_below(tmp_path) == ["out/mcf_like/stderr", "out/mcf_like/stdout"]


def test_a_run_that_fails_leaves_nothing_of_an_earlier_one_to_be_taken_for_its_own(cramped, guest, tmp_path):
    words = [SIM, CONFIGS / "functional.py", f"--bench={guest(HELLO)}", "--quiet", "--out={folder}/out"]
    assert cramped(*words, most=1 << 20).returncode == 0
    assert "out/guest/provenance.txt" in files_below(tmp_path)
    assert cramped(*words, most=10).returncode == 125
    assert files_below(tmp_path) == []


def test_a_guests_file_that_does_not_fit_is_the_guests_to_report(cramped, guest, tmp_path):
    program = guest('#include <stdio.h>\n#include <errno.h>\nint main(void) { FILE *f = fopen("big", "w"); char b[4096] = {1};'
                    "if (!f) return 1; return fwrite(b, 1, sizeof b, f) < sizeof b ? errno : 0; }\n")
    done = cramped(SIM, CONFIGS / "functional.py", f"--bench={program}", "--quiet", "--writable={folder}")
    assert (done.returncode, done.stderr) == (27, "")   # EFBIG


@pytest.mark.parametrize("words", [
    ["--version"], ["--help"], [CONFIGS / "run.py", "--help"], [CONFIGS / "run.py", "--list"],
    [CONFIGS / "functional.py", "--bench={loud}"], [UTIL / "floorplan.py", CONFIGS / "cgooo.py"],
    [UTIL / "paper_check.py", "--list"], [CONFIGS / "compare.py", "--cores=inorder", "--max-insts=1k", "--bench={loud}"],
])
def test_standard_output_on_a_full_disk_is_one_line_and_125(guest, words):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([SIM, *(str(word).replace("{loud}", str(guest(LOUD))) for word in words)], stdout=full,
                              stderr=subprocess.PIPE, text=True, timeout=60)
    assert done.returncode == 125 and done.stderr.count("\n") == 1, done.stderr
    assert "standard output" in done.stderr and "No space left on device" in done.stderr


def test_a_device_as_a_file_is_written_and_not_replaced(sim, guest, tmp_path):
    os.mkfifo(tmp_path / "pipe")
    reader = os.open(tmp_path / "pipe", os.O_RDONLY | os.O_NONBLOCK)
    try:
        done = sim(CONFIGS / "functional.py", f"--bench={guest(HELLO)}", "--quiet", f"--json={tmp_path}/pipe")
        assert done.returncode == 0, done.stderr
        assert json.loads(os.read(reader, 1 << 16))[0]["program"] == "guest"
    finally:
        os.close(reader)
    assert not (tmp_path / "pipe").is_file() and files_below(tmp_path) == ["pipe"]
