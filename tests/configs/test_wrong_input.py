# SPDX-License-Identifier: BSD-3-Clause
"""What a user can get wrong in any script: one line that says what, what is allowed and what to do; status 125; no
traceback, and nothing on standard output."""
import json
import os
import signal
import subprocess
import time

import numpy as np
import pytest
from conftest import ROOT, SIM

CONFIGS, UTIL = ROOT / "configs", ROOT / "util"
SCRIPTS = [[SIM, CONFIGS / f"{name}.py"] for name in
           ("run", "compare", "accel", "holiswap", "cgooo_study", "eie", "scnn", "ese")]
SCRIPTS += [[UTIL / name] for name in ("bench", "blocks", "energy_delay", "energy_price", "floorplan", "suite_profile")]
SCRIPTS += [[UTIL / "paper_check", name] for name in ("cgooo", "eie")]
TOOLS = ["install", "quickstart", "ancestors", "test"]   # they must not begin with their work
HELLO = "int main(void) { return 0; }\n"
LOOP = "int main(void) { for (volatile long i = 0; i >= 0; ++i) {} return 0; }\n"


def run(*words, **keywords):
    return subprocess.run([str(word) for word in words], capture_output=True, text=True, timeout=60,
                          **({"stdin": subprocess.DEVNULL} | keywords))


def says(done, *texts):
    """One line on standard error with these texts, and 125."""
    return (done.returncode == 125 and done.stderr.count("\n") == 1 and done.stdout == "" and
            all(text in done.stderr for text in texts))


def name_of(words):
    return " ".join(os.path.basename(word) for word in words)


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_help_teaches_every_option(script):
    done = run(*script, "--help")
    assert done.returncode == 0 and done.stderr == ""
    assert "usage: " in done.stdout and len(done.stdout.splitlines()) > 9


@pytest.mark.parametrize("script", SCRIPTS, ids=name_of)
def test_a_misspelt_option_is_one_line(script):
    words = {"blocks": ["x"], "energy_delay": ["a", "b"], "floorplan": ["x"]}.get(script[0].name, [])
    assert says(run(*script, *words, "--halp"), "--halp", "--help"), script


@pytest.mark.parametrize("tool", TOOLS)
def test_a_tool_explains_itself_and_refuses_what_it_does_not_know(tool):
    done = run(UTIL / tool, "--help")
    assert done.returncode == 0 and f"util/{tool}" in done.stdout
    assert says(run(UTIL / tool, "--halp"), f"util/{tool}:", "--halp")


@pytest.mark.parametrize("script", [s for s in SCRIPTS if s[-1] not in (UTIL / "blocks", UTIL / "energy_price")], ids=name_of)
def test_a_file_that_cannot_be_written_is_known_before_the_work(script, tmp_path):
    option = "--out" if script[0] in (UTIL / "floorplan", UTIL / "energy_delay") else "--json"
    words = [CONFIGS / "cgooo.py"] if script[0] == UTIL / "floorplan" else []
    words = ["a.json", "b.json"] if script[0] == UTIL / "energy_delay" else words
    start = time.monotonic()
    assert says(run(*script, *words, f"{option}={tmp_path}/none/x.svg"), f"{tmp_path}/none", "folder"), script
    assert time.monotonic() - start < 5


@pytest.mark.parametrize("tool", ["blocks", "energy_delay", "energy_price", "floorplan", "paper_check", "suite_profile", "bench"])
def test_without_a_build_a_tool_says_how_to_make_one(tool, tmp_path):
    done = run(UTIL / tool, env={**os.environ, "SKIPAHEAD_SIM": str(tmp_path / "sim")})
    assert says(done, f"util/{tool}", str(tmp_path / "sim"), "scons")


@pytest.mark.parametrize("script", ["configs/run.py", "configs/scnn.py", "util/floorplan.py"])
def test_another_python_is_told_who_runs_scripts(script):
    assert says(run("/usr/bin/python3", ROOT / script, cwd=ROOT), f"run it as build/sim {script}")


@pytest.mark.parametrize("words, text", [
    (["run.py", "--bench=spec,mcf_like"], "takes one suite, program or path"),
    (["run.py", "--bench=spec/mfc_like"], "spec has no program 'mfc_like'; did you mean 'mcf_like'?"),
    (["run.py", "--bench=/nowhere/at/all"], "--list shows what there is"),
    (["run.py", "--bench=/bin", "--json=/dev/null/x"], "there is no folder '/dev/null'"),
    (["run.py", "--bench=/bin", "--out=/dev/null/x"], "'/dev/null' is no folder"),
    (["run.py", "--bench=/dev/null", "--seed=99999999999999999999"], "the largest is 2**63 - 1"),
    (["compare.py", "--bench=/bin", "--cores=inorder,ooo", "--preset=taco17"], "cgooo, which is not among inorder,ooo"),
    (["compare.py", "--bench=/bin", "--cores=ooo,ooo"], "it takes some of"),
    (["accel.py", "--bench=/bin", "--device=eeie"], "did you mean 'eie'?"),
    (["accel.py", "--bench=/bin", "--timeline=/bin"], "that is a folder"),
    (["eie.py", "--set=queue_dept=3"], "--set queue_dept: Eie has no parameter 'queue_dept'; did you mean 'queue_depth'?"),
    (["eie.py", "--set=pes"], "--set pes: has no value; write NAME=VALUE"),
    (["eie.py", "--npz=x.npz", "--layer=alex-7"], "one of them at a time"),
    (["eie.py", "--study=queue", "--timeline=t.json"], "is for a run without --study"),
    (["eie.py", "--layer=alex-9"], "did you mean 'alex-8'?"),
    (["ese.py", "--row-spread=nan"], "it takes a number from 0 up"),
    (["ese.py", "--steps=99999999999"], "not enough memory"),
    (["ese.py", "--study=queue", "--npz=x.npz"], "is for a run without --study"),
    (["scnn.py", "--clock=0"], "it takes a number above 0"),
    (["scnn.py", "--clock=inf"], "it takes a number above 0"),
    (["scnn.py", "--density=0.5,1.5"], "it takes numbers above 0 and up to 1"),
    (["scnn.py", "--kc-cap=inf"], "it takes whole numbers from 1 up"),
    (["scnn.py", "--kc-cap=8,16"], "give --density, too"),
    (["scnn.py", "--density=0.5", "--timeline=t.json"], "a sweep with --density has none"),
    (["scnn.py", "--times-only", "--check=all"], "there is nothing to check"),
    (["scnn.py", "--layer="], "names no layer"),
    (["scnn.py", "--layer=ALEX_conv9"], "did you mean 'ALEX_conv"),
    (["holiswap.py", "--core=functional"], "invalid choice: 'functional'"),
    (["cgooo_study.py", "--study=widht"], "it takes some of width"),
])
def test_wrong_options_of_scripts(words, text):
    assert says(run(SIM, CONFIGS / words[0], *words[1:]), f"{words[0]}: ", text)


@pytest.mark.parametrize("setting, text", [
    ("core.l1d.hit_latency=1000000", "it must be 1 to 10000 cycles"),
    ("core.l1i.next.next.next.latency=4294967295", "at most 10000 cycles"),
    ("core.l1i.next.next.next.request_bytes=1000000", "a request takes 1 to 4096 bytes"),
    ("core.l1i.next.next.next.next.t_rcd=1000000", "at most 10000 are possible"),
    ("core.l1i.next.next.next.next.dram_clock=1MHz", "core cycles; at most 10000 are possible"),
    ("core.l1i.next.next.next.next.return_latency=900000", "more than 10000 core cycles"),
    ("core.far_register_delay=4294967295", "0 to 100"),
    ("core.head_fixed_bytes=1000000", "0 to 64"),
    ("core.windows=4294967296", "it takes a whole number from 0 to 4294967295"),
    ("core.l1d.size=1TiB", "is more than 1GiB"),
    ("core.l1d=", "no component ''"),
    ("core..x=1", "has no parameter ''"),
    ("=3", "paths start at the core"),
])
def test_machines_that_cannot_be_or_would_pass_for_deadlocked_are_refused(guest, setting, text):
    assert says(run(SIM, CONFIGS / "cgooo.py", f"--bench={guest(HELLO)}", "--quiet", f"--set={setting}"), text)


@pytest.mark.parametrize("words, text", [
    (["floorplan", "/nowhere"], "is no file"),
    (["floorplan", SIM], "is no Python script"),
    (["floorplan", CONFIGS / "cgooo.py", "--nanometres=-5"], "it takes a whole number from 1 up"),
    (["floorplan", CONFIGS / "machines.py"], "builds no machine"),
    (["energy_price", "ooo_rf", "--operand-wires=-1"], "it takes a whole number from 1 up"),
    (["energy_price", "cache", "--is-sequential=perhaps"], "it takes 0 or 1"),
    (["energy_price"], "needs a STRUCTURE or a table"),
    (["blocks", "/nowhere"], "No such file or directory"),
    (["blocks"], "required: program; --help explains them"),
    (["suite_profile", "--bench=spek"], "did you mean 'spec'?"),
    (["paper_check", "cgoo"], "did you mean 'cgooo'?"),
    (["energy_delay", "/dev/null", "/dev/null"], "is not JSON"),
    (["energy_delay", "a.json", "b.json", "--out=plot.jpg"], "a picture ends in .png or .svg"),
    (["bench", "--rounds=x"], "invalid int value: 'x'"),
])
def test_wrong_options_of_tools(words, text):
    assert says(run(UTIL / words[0], *words[1:]), f"util/{words[0]}: ", text)


# ---- files of tensors
# --------------------------------------------------------------------------------------------------------

WEIGHTS = np.where(np.random.default_rng(1).random((20, 30)) < 0.8, 0, np.random.default_rng(2).normal(0, 1, (20, 30)))
CODES = {"weight_codes": np.ones((20, 30), np.uint8), "codebook": np.arange(16.0)}
CONV = {"weights": np.ones((8, 4, 3, 3), np.int16), "activations": np.ones((4, 13, 13), np.int16)}
LSTM = {name: np.ones((8, 8), np.int16) for name in ("ix", "ir", "fx", "fr", "cx", "cr", "ox", "or", "ym")}


@pytest.mark.parametrize("script, arrays, text", [
    ("eie", {}, "has nothing; it needs weights"),
    ("eie", {"weights": np.where(WEIGHTS > 1, np.nan, WEIGHTS)}, "values are not finite"),
    ("eie", {"weights": WEIGHTS[0]}, "weights has the shape 30; it must have 2 dimensions"),
    ("eie", {"weights": WEIGHTS[:0]}, "weights is empty"),
    ("eie", {"weights": WEIGHTS.astype(str)}, "it must hold real numbers or integers"),
    ("eie", {"weights": WEIGHTS * 1e30}, "must fit 16 bits"),
    ("eie", {"weights": WEIGHTS, "activations": np.ones(7)}, "activations has the shape 7; it must be 30"),
    ("eie", {"weights": WEIGHTS, "activations": np.full(30, np.inf)}, "30 of 30 values are not finite"),
    ("eie", {"weights": WEIGHTS, "bias": np.ones(3)}, "bias has the shape 3; it must be 20"),
    ("eie", CODES | {"codebook": np.zeros(3)}, "codebook has the shape 3; it must be 16"),
    ("eie", CODES | {"weight_codes": CODES["weight_codes"] * 99}, "it must hold whole numbers from 0 to 15"),
    ("eie", CODES | {"weight_codes": WEIGHTS}, "it must hold whole numbers from 0 to 15"),
    ("scnn", {"weights": CONV["weights"]}, "no array 'activations'"),
    ("scnn", CONV | {"weights": CONV["weights"] * np.nan}, "values are not finite"),
    ("scnn", CONV | {"weights": CONV["weights"].astype(np.int64) * 99999}, "values beyond 16 bits"),
    ("scnn", CONV | {"activations": CONV["activations"][:3]}, "weights have 4 channels in 1 groups, activations 3"),
    ("scnn", CONV | {"stride": np.ones(3)}, "stride has the shape 3; it must have 0 dimensions"),
    ("ese", {"weights": WEIGHTS}, "an LSTM needs ix and ir"),
    ("ese", LSTM | {"ix": WEIGHTS[0]}, "ix has the shape 30; it must have 2 dimensions"),
    ("ese", {name: made for name, made in LSTM.items() if name != "ym"}, "an LSTM needs ym, too"),
])
def test_tensors_that_do_not_fit_are_refused_before_anything_is_computed(tmp_path, script, arrays, text):
    file = tmp_path / "layer.npz"
    np.savez(file, **arrays)
    option = f"--layer={file}" if script == "scnn" else f"--npz={file}"
    assert says(run(SIM, CONFIGS / f"{script}.py", option), str(file), text) or \
        says(run(SIM, CONFIGS / f"{script}.py", option), "sim.scnn", text)


@pytest.mark.parametrize("script, option", [("eie", "--npz="), ("scnn", "--layer="), ("ese", "--npz=")])
def test_files_that_hold_no_arrays_are_refused(tmp_path, script, option):
    whole = tmp_path / "whole.npz"
    np.savez(whole, **(CONV | LSTM))
    data = whole.read_bytes()
    files = {"empty.npz": b"", "cut.npz": data[:len(data) // 2], "text.npz": b"weights\n",
             "flipped.npz": data[:300] + bytes(100) + data[400:]}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    np.save(tmp_path / "one.npy", WEIGHTS)
    os.rename(tmp_path / "one.npy", tmp_path / "one.npz")
    (tmp_path / "folder.npz").mkdir()
    for name in [*files, "one.npz", "folder.npz", "missing.npz"]:
        assert says(run(SIM, CONFIGS / f"{script}.py", f"{option}{tmp_path / name}"), str(tmp_path / name)), name


def test_a_damaged_network_is_refused(tmp_path):
    whole = dict(np.load(ROOT / "traces/models/lenet_300_100.npz"))
    for name, change in (("no codebook", {"fc1_codebook": None}), ("beyond its shape", {"fc1_gaps": whole["fc1_gaps"] * 0 + 99}),
                         ("whole numbers from 0 to 15", {"fc1_codes": whole["fc1_codes"] + 100}),
                         ("it must be", {"fc1_codes": whole["fc1_codes"][:9]})):
        np.savez(tmp_path / "network.npz", **{k: v for k, v in (whole | change).items() if v is not None})
        assert says(run(SIM, CONFIGS / "eie.py", f"--npz={tmp_path}/network.npz"), "network.npz: fc1", name)


# ---- saved runs
# --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("change", [
    {"ipc": "fast"}, {"ipc": float("nan")}, {"instructions": -5}, {"program": ["a"]}, {"energy": 3}, {"energy": {"paper": {}}},
    {"cycles": None},
])
def test_damaged_records_are_refused(sim, guest, tmp_path, change):
    sim(CONFIGS / "inorder.py", f"--bench={guest(HELLO)}", "--quiet", f"--json={tmp_path}/right.json")
    record, = json.loads((tmp_path / "right.json").read_text())
    (tmp_path / "wrong.json").write_text(json.dumps([record | change]))
    done = run(UTIL / "energy_delay", tmp_path / "right.json", tmp_path / "wrong.json")
    assert says(done, "wrong.json: holds no list of run records"), done.stderr


# ---- programs that cannot run
# --------------------------------------------------------------------------------------------------------

@pytest.mark.parametrize("script", [[SIM, CONFIGS / "holiswap.py"], [SIM, CONFIGS / "cgooo_study.py", "--study=width"],
                                    [UTIL / "paper_check", "cgooo"], [UTIL / "paper_check", "holiswap"]], ids=name_of)
@pytest.mark.parametrize("wild", [False, True])
def test_an_experiment_whose_program_cannot_run_says_so_and_shows_no_numbers(script, guest, tmp_path, wild):
    program = guest("int main(void) { return *(volatile int *)8; }\n")
    bench = [f"--bench={program}"] if wild else ["--bench=429.mcf", f"--spec-root={tmp_path}", "--size=ref"]
    done = run(*script, "--quick", *bench)
    assert done.returncode == (126 if wild else 125) and done.stdout == "" and "Traceback" not in done.stderr, done.stderr
    assert "no tables of the 0 that did" in done.stderr.splitlines()[-1]


# ---- streams and signals
# --------------------------------------------------------------------------------------------------------

def in_shell(line, **names):
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL,
                          env={**os.environ, **{name: str(value) for name, value in names.items()}})


def test_closed_standard_streams_are_no_others_files(guest):
    count = guest('#include <stdio.h>\nint main(void) { int n = 0; while (getchar() != EOF) ++n; printf("%d\\n", n); return 0; }\n')
    names = {"sim": SIM, "script": CONFIGS / "functional.py", "program": count}
    done = in_shell('"$sim" "$script" --bench="$program" --quiet <&-', **names)
    assert (done.returncode, done.stdout, done.stderr) == (0, "0\n", "")
    done = in_shell('"$sim" "$script" --bench="$program" --quiet >&-', **names)
    assert says(done, "program's standard output: cannot write", "Bad file descriptor")
    done = in_shell('"$sim" "$script" --bench="$program" 2>&-', **names)
    assert (done.returncode, done.stdout) == (0, "0\n")
    assert says(in_shell('"$sim" "$script" --list >&-', **names), "standard output: Bad file descriptor")


def test_a_reader_that_has_enough_hears_no_complaint(guest):
    for line in ('"$sim" "$configs/run.py" --list | head -1', '"$sim" "$configs/run.py" --help | true',
                 '"$sim" "$configs/compare.py" --bench="$program" --cores=inorder | true', '"$util/floorplan" "$configs/cgooo.py" | head -1'):
        done = in_shell(line, sim=SIM, configs=CONFIGS, util=UTIL, program=guest(HELLO))
        assert done.stderr == "", line


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_ctrl_c_in_a_comparison_ends_it_with_130_and_without_a_traceback(guest, tmp_path, jobs):
    # Jobs in the background of a script ignore Ctrl-C, and so do their children, unless told otherwise.
    process = subprocess.Popen([SIM, CONFIGS / "compare.py", f"--bench={guest(LOOP)}", "--cores=inorder,ooo", f"--jobs={jobs}",
                                f"--out={tmp_path}/out"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), start_new_session=True)
    try:
        time.sleep(2)
        os.killpg(process.pid, signal.SIGINT)
        _, error = process.communicate(timeout=30)
        assert process.returncode == 130 and "Traceback" not in error, error
    finally:
        process.kill()
        process.communicate()


def test_every_script_runs_from_another_folder(tmp_path, guest):
    program = guest(HELLO)
    os.symlink(program, tmp_path / "program")
    link = tmp_path / "sim"
    os.symlink(SIM, link)
    for words in ([link, CONFIGS / "cgooo.py", "--bench=program", "--quiet"], [UTIL / "blocks", "program"],
                  [UTIL / "floorplan", CONFIGS / "inorder.py", "--table"], [UTIL / "energy_price", "--list"]):
        done = run(*words, cwd=tmp_path)
        assert done.returncode == 0 and done.stderr == "", words
    assert sorted(os.listdir(tmp_path)) == ["program", "sim"]
