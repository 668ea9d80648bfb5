# SPDX-License-Identifier: BSD-3-Clause
"""The command line: programs by path in a pipeline, suites with their table and records, options that are wrong."""
import json
import os
import shutil
import subprocess

import pytest
from conftest import SIM

ECHO = r"""
#include <stdio.h>
int main(int count, char **words) {
    for (int c; (c = getchar()) != EOF;) putchar(c);
    for (int i = 1; i < count; ++i) puts(words[i]);
    return 7;
}
"""
WRITER = r"""
#include <stdio.h>
int main(int count, char **words) {
    FILE *file = fopen(words[1], "w");
    if (!file) return 3;
    fputs("written\n", file);
    return fclose(file) ? 4 : 0;
}
"""
COPIER = r"""
#include <stdio.h>
int main(int count, char **words) {
    FILE *in = fopen(words[1], "r"), *out = fopen("mcf.out", "w");
    if (!in || !out) return 1;
    for (int c; (c = fgetc(in)) != EOF;) fputc(c, out);
    return fclose(out);
}
"""
WILD = "int main(void) { return *(volatile int *)8; }\n"
LOOP = "int main(void) { for (volatile long i = 0; i >= 0; ++i) {} return 0; }\n"


@pytest.fixture
def run(sim, root):
    """Runs configs/run.py with the functional core."""
    return lambda *words, **keywords: sim(root / "configs" / "run.py", "--core=functional", *words, **keywords)


@pytest.fixture
def suite(tmp_path, root, guest):
    """A copy of configs/ with a suite of its own: "good" prints what is expected, "wrong" does not."""
    configs = tmp_path / "configs"
    shutil.copytree(root / "configs", configs, ignore=shutil.ignore_patterns("__pycache__"))
    (tmp_path / "expected").write_text("one\n")
    echo = str(guest(ECHO.replace("return 7", "return 0")))
    programs = [{"name": "good", "binary": echo, "arguments": ["one"], "expected": str(tmp_path / "expected")},
                {"name": "wrong", "binary": echo, "arguments": ["two"], "expected": str(tmp_path / "expected")},
                {"name": "wild", "binary": str(guest(WILD))}, {"name": "absent", "binary": "/nowhere/absent"}]
    manifest = {"suite": "mine", "about": "a test's", "missing": "build it", "sizes": ["test"], "programs": programs}
    (configs / "suites" / "mine.json").write_text(json.dumps(manifest))
    return configs / "functional.py"


def test_a_path_runs_in_a_pipeline_with_its_own_streams_and_status(run, guest):
    done = run(f"--bench={guest(ECHO)}", "--", "x", "--check", stdin=None, input="in\n")
    assert (done.returncode, done.stdout) == (7, "in\nx\n--check\n")
    assert done.stderr.startswith("guest on functional: ") and done.stderr.count("\n") == 1


def test_quiet_leaves_standard_error_to_the_guest(run, guest):
    assert run(f"--bench={guest(ECHO)}", "--quiet").stderr == ""


def test_the_guest_sees_the_folder_it_is_started_in(run, guest, tmp_path):
    (tmp_path / "data").write_text("text")
    reader = guest('#include <stdio.h>\nint main(void) { return fopen("data", "r") ? 0 : 1; }\n')
    assert run(f"--bench={reader}", cwd=tmp_path).returncode == 0


def test_the_guest_writes_only_where_it_may(run, guest, tmp_path):
    program = guest(WRITER)
    allowed = tmp_path / "allowed"
    allowed.mkdir()
    assert run(f"--bench={program}", "--", tmp_path / "file").returncode == 3
    assert not (tmp_path / "file").exists()
    assert run(f"--bench={program}", f"--writable={allowed}", "--", allowed / "file").returncode == 0
    assert (allowed / "file").read_text() == "written\n"


def test_files_of_a_run_stand_below_out(run, guest, tmp_path):
    run(f"--bench={guest(ECHO)}", f"--out={tmp_path}/out", f"--json={tmp_path}/list.json")
    folder = tmp_path / "out" / "guest"
    assert sorted(os.listdir(folder)) == ["machine.json", "provenance.txt", "stats.json", "stats.txt"]
    record, = json.loads((tmp_path / "list.json").read_text())
    stats = json.loads((folder / "stats.json").read_text())
    assert record["instructions"] == stats["core"]["committed_instructions"] > 1000
    assert json.loads((folder / "machine.json").read_text())["program_hash"] == record["program_hash"]
    assert {"program", "core", "cycles", "ipc", "host_seconds", "host_mips", "exit_status", "output_ok"} <= set(record)


def test_two_runs_leave_the_same_bytes(run, guest, tmp_path):
    for name in ("a", "b"):
        run(f"--bench={guest(ECHO)}", f"--out={tmp_path}/{name}", cwd="/" if name == "a" else tmp_path)
    for file in ("stats.txt", "stats.json"):
        assert (tmp_path / "a/guest" / file).read_bytes() == (tmp_path / "b/guest" / file).read_bytes()


def test_warm_up_is_not_measured_and_the_limit_holds(run, guest, tmp_path):
    run(f"--bench={guest(LOOP)}", "--warmup=300k", "--max-insts=1000", f"--json={tmp_path}/list.json")
    record, = json.loads((tmp_path / "list.json").read_text())
    assert (record["instructions"], record["exit_status"], record["outcome"]) == (1000, None, "limit")


def test_a_warm_up_longer_than_the_program_is_refused(run, guest):
    done = run(f"--bench={guest(ECHO)}", "--warmup=1G")
    assert done.returncode == 125 and "choose fewer" in done.stderr


def test_a_faulting_guest_ends_with_126(run, guest):
    done = run(f"--bench={guest(WILD)}")
    assert done.returncode == 126 and "main" in done.stderr


def test_a_suite_shows_a_table_and_fails_where_a_program_did(sim, suite, tmp_path):
    done = sim(suite, "--bench=mine", f"--json={tmp_path}/list.json", f"--out={tmp_path}/out")
    rows = {line.split()[0]: line for line in done.stdout.splitlines() if line}
    assert done.returncode in (125, 126)
    assert rows["good"].endswith("output ok") and rows["wrong"].endswith("WRONG OUTPUT")
    assert rows["absent"].endswith("failed") and "/nowhere/absent; build it" in done.stderr
    assert [r["output_ok"] for r in json.loads((tmp_path / "list.json").read_text())][:2] == [True, False]
    assert (tmp_path / "out/wrong/stdout").read_text() == "two\n"


def test_one_program_of_a_suite_runs_alone(sim, suite):
    for name in ("good", "mine/good"):
        done = sim(suite, f"--bench={name}")
        assert done.returncode == 0 and "output ok" in done.stdout and "wrong" not in done.stdout
    assert sim(suite, "--bench=wrong").returncode == 1


def test_a_pipe_gets_no_progress_line(sim, suite):
    assert "\r" not in sim(suite, "--bench=good").stderr


@pytest.mark.parametrize("words, text", [
    ([], "no --bench="),
    (["--bench=spek"], "did you mean 'spec'?"),
    (["--bench=spec", "--size=tset"], "--size=tset: spec-like has test, train, ref"),
    (["--bench=/", "--size=test"], "only programs of a suite have sizes"),
    (["--chek", "--bench=spec"], "no option '--chek'; did you mean '--check'?"),
    (["--bench=spec", "stray"], "'stray' is not an option; the guest's arguments come after --"),
    (["--bench=spec", "--max-insts=0"], "it takes a whole number from 1 up"),
    (["--bench=spec", "--core=oo"], "invalid choice: 'oo'"),
    (["--bench=spec2006"], "needs --spec-root=DIR"),
    (["--bench=/dev/null", "--preset=taco17"], "is for --core=cgooo"),
    (["--bench=spec", "--", "word"], "a suite has its own arguments"),
    (["--bench=/dev/null", "--set=core.wdith=3"], "FunctionalCore has no parameter 'wdith'"),
    (["--bench=/dev/null", "--set=core"], "has no value"),
    (["--bench=/dev/null", "--set=l1d.size=3"], "paths start at the core"),
    (["--bench=/dev/null", "--pipeline-trace=/dev/null/x.kanata"], "/dev/null"),
])
def test_a_wrong_option_is_one_line_and_125(run, words, text):
    done = run(*words)
    assert done.returncode == 125 and text in done.stderr
    assert done.stderr.count("\n") == 1 and done.stdout == ""


def test_a_full_disk_is_one_line_and_125(run, guest, tmp_path):
    done = run(f"--bench={guest(ECHO)}", "--json=/dev/null/list.json", "--quiet")
    assert done.returncode == 125 and done.stderr.count("\n") == 1 and "/dev/null/list.json" in done.stderr


def test_the_table_on_a_full_disk_is_one_line_and_125(suite):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run([SIM, suite, "--bench=good"], stdout=full, stderr=subprocess.PIPE, text=True,
                              timeout=60)
    assert done.returncode == 125 and done.stderr.count("\n") == 1


def test_presets_are_machines_of_their_papers(script):
    done = script("from machines import cgooo\nfor name in ('draft14', 'arxiv16', 'taco17'):\n"
                  "    c = cgooo(name)\n    print(c.windows, c.clusters, c.brob_entries, c.units.identical)")
    assert done.stdout.split("\n")[:3] == ["8 1 16 4", "9 3 16 12", "12 3 30 12"], done.stderr


def test_a_parameter_set_by_path_reaches_a_shared_part_once(root, sim, guest, tmp_path):
    sim(root / "configs/ooo.py", f"--bench={guest(ECHO)}", "--max-insts=1000", f"--out={tmp_path}",
        "--set=core.l1d.next.size=512KiB", "--set=core.rob_entries=64", "--set=core.l1i.prefetcher=NextLinePrefetcher")
    core = json.loads((tmp_path / "guest/machine.json").read_text())["core"]
    assert core["rob_entries"] == 64 and core["l1i"]["prefetcher"]["type"] == "NextLinePrefetcher"
    assert core["l1i"]["next"]["size"] == 512 << 10 and core["l1d"]["next"] == {"same_as": "core.l1i.next"}


def test_compare_puts_cores_side_by_side(sim, root, guest, tmp_path):
    done = sim(root / "configs/compare.py", f"--bench={guest(LOOP)}", "--cores=inorder,ooo", "--max-insts=20k",
               f"--json={tmp_path}/list.json")
    slow, fast = json.loads((tmp_path / "list.json").read_text())
    assert done.returncode == 0, done.stderr
    assert (slow["core"], fast["core"], slow["speed_up"]) == ("inorder", "ooo", 1)
    assert abs(fast["speed_up"] - fast["ipc"] / slow["ipc"]) < 1e-9
    assert f"{fast['speed_up']:.2f}" in done.stdout


def test_the_list_names_every_suite(run):
    text = run("--list").stdout
    assert "spec-like or spec" in text and "xalan_like" in text and "spec2006" in text


def test_licensed_programs_are_found_and_run_in_a_copy_of_their_inputs(sim, root, guest, tmp_path):
    folder = tmp_path / "benchspec/CPU2006/429.mcf"
    for part in ("exe", "data/all/input", "data/ref/input"):
        (folder / part).mkdir(parents=True)
    (folder / "data/ref/input/inp.in").write_text("data\n")
    shutil.copy(guest(COPIER), folder / "exe/mcf_base.rv64")
    done = sim(root / "configs/functional.py", "--bench=429.mcf", f"--spec-root={tmp_path}", f"--out={tmp_path}/out")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "out/429.mcf/work/mcf.out").read_text() == "data\n"
    assert os.listdir(folder / "data/ref/input") == ["inp.in"]
