# SPDX-License-Identifier: BSD-3-Clause
"""build/sim as a command: what it runs, from where, and the status with which it ends."""
import os
import signal
import subprocess
import time

from conftest import SIM

LOOP = "int main(void) { for (volatile long i = 0; i >= 0; ++i) {} return 0; }\n"


def test_without_a_script_it_says_how_it_is_used(sim):
    done = sim()
    assert done.returncode == 0 and "usage: sim SCRIPT" in done.stdout


def test_the_version_names_python(sim):
    assert "Python 3.11" in sim("--version").stdout


def test_a_missing_script_and_an_unknown_option_are_one_line_and_125(sim):
    for word in ("no_such_script.py", "--verison", "/"):
        done = sim(word)
        assert done.returncode == 125 and done.stderr.count("\n") == 1 and word in done.stderr


def test_arguments_after_the_script_are_its_own(script):
    assert script("import sys\nprint(sys.argv[1:])", "-i", "--help", "ü").stdout.strip() == "['-i', '--help', 'ü']"


def test_the_script_is_main_and_knows_its_file(script):
    assert script("print(__name__, __file__.endswith('script.py'))").stdout.split() == ["__main__", "True"]


def test_the_status_of_system_exit_passes_through(script):
    assert script("raise SystemExit(41)").returncode == 41
    assert script("import sys\nsys.exit()").returncode == 0
    done = script("raise SystemExit('why')")
    assert done.returncode == 125 and done.stderr == "why\n"


def test_an_exception_shows_its_traceback_and_ends_with_125(script):
    done = script("def f():\n    return 1 / 0\nf()")
    assert done.returncode == 125
    assert "Traceback" in done.stderr and "ZeroDivisionError" in done.stderr and "script.py" in done.stderr


def test_a_configuration_error_is_one_line_with_the_scripts_line(script):
    done = script("def build():\n    return Cache(sise=3)\n\nbuild()")
    assert done.returncode == 125
    assert done.stderr.count("\n") == 1 and "script.py:3: Cache has no parameter 'sise'" in done.stderr


def test_each_kind_of_error_has_its_status(script):
    assert script("raise GuestError('the guest')").returncode == 126
    done = script("raise SimulatorBug('an invariant')")
    assert done.returncode == 127 and "bug in the simulator" in done.stderr


def test_other_pythons_in_the_environment_do_not_matter(script):
    environment = {"PYTHONHOME": "/nowhere", "PYTHONPATH": "/nowhere", "LC_ALL": "C", "PATH": "/nowhere"}
    done = script("import json\nprint('grün')", env=environment)
    assert done.returncode == 0 and done.stdout == "grün\n"


def test_scripts_with_unusual_names_run_from_any_folder(script, tmp_path):
    done = script("import sys\nprint(sys.path[0] != '')", name="größe 1.py", cwd="/")
    assert done.returncode == 0 and done.stdout == "True\n", done.stderr


def test_named_machines_can_be_imported_from_anywhere(script):
    done = script("from machines import functional\nprint(functional())", cwd="/")
    assert done.stdout == "<FunctionalCore>\n", done.stderr


def test_a_full_disk_is_one_line_and_125(script):
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = script("print('text')", stdout=full, stderr=subprocess.PIPE)
    assert done.returncode == 125 and done.stderr.count("\n") == 1 and "No space left" in done.stderr


def test_the_prompt_has_the_model_library(sim):
    done = sim("-i", stdin=None, input="print(Cache(next=FixedLatencyMemory()).ways)\n")
    assert done.returncode == 0 and "8" in done.stdout


def test_ctrl_c_ends_a_run_with_130(tmp_path, guest):
    file = tmp_path / "script.py"
    program = str(guest(LOOP))
    file.write_text(f"from sim import *\nm = Machine(core=FunctionalCore(), program={program!r})\n"
                    "print('ready', flush=True)\nm.run()\n")
    # Jobs in the background of a script ignore Ctrl-C, and so do their children, unless told otherwise.
    process = subprocess.Popen([SIM, file], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                               preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL))
    try:
        assert process.stdout.readline() == "ready\n"
        time.sleep(0.2)
        os.kill(process.pid, signal.SIGINT)
        assert process.wait(timeout=20) == 130
        assert process.stderr.read() == "interrupted\n"
    finally:
        process.kill()
        process.communicate()
