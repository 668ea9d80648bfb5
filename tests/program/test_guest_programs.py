# SPDX-License-Identifier: BSD-3-Clause
"""Guest programs do on the functional core, with the lock-step reference, what they do under qemu-riscv64."""
import json
import re
import sys
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "guest"))
from guest_program import BUILT, guest_programs  # noqa: E402

PROGRAMS = guest_programs()


def start(sim, program, folder, core="functional", **keywords):
    """Runs a guest program; files it writes and its input are in `folder`."""
    (folder / "input").write_text(program.input, encoding="utf-8")
    options = {"core": core, "program": str(program.binary), "arguments": program.arguments,
               "environment": program.environment, "input": str(folder / "input"), "check": True}
    if program.is_writable:
        (folder / "files").mkdir(exist_ok=True)
        options |= {"directory": str(folder / "files"), "writable": str(folder / "files")}
    return sim(HERE / "run_guest.py", json.dumps(options | keywords))


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.name)
def test_guest_program_does_what_it_does_under_qemu(program, sim, tmp_path):
    if not program.binary.exists():
        pytest.fail(f"{program.binary} is not built; run: scons guest")
    (tmp_path / "qemu").mkdir()
    output, status = program.expected(tmp_path / "qemu")
    run = start(sim, program, tmp_path)
    assert run.returncode == status, run.stderr
    if output is not None:
        assert run.stdout == output
    assert re.search(program.error, run.stderr, re.DOTALL)


def find(name):
    return next(program for program in PROGRAMS if program.name == name)


def test_two_runs_of_a_threaded_program_print_every_system_call_alike(sim, tmp_path):
    first, second = (start(sim, find("threads"), tmp_path, strace=True) for _ in range(2))
    assert "futex(" in first.stderr and first.stderr == second.stderr


def test_strace_shows_arguments_and_results(sim, tmp_path):
    run = start(sim, find("standard_input"), tmp_path, strace=True)
    assert '[strace] read(0, 0x' in run.stderr
    assert re.search(r'\[strace\] write\(2, "this goes to standard error\\n", 28\) = 28\n', run.stderr)
    assert run.stderr.rstrip().endswith("exit_group(5) = ?")


def test_a_full_disk_behind_standard_output_ends_with_one_clear_line(sim, tmp_path):
    run = start(sim, find("arguments"), tmp_path, output="/dev/full")
    assert run.returncode == 125
    message = r"program's standard output '/dev/full': cannot write \d+ bytes: No space left on device; make room"
    assert re.search(message, run.stderr)


def test_a_closed_pipe_behind_standard_output_ends_the_guest_like_a_shell_would(tmp_path):
    import subprocess
    from conftest import SIM
    options = {"core": "functional", "program": str(BUILT / "computed_goto")}
    with subprocess.Popen([str(SIM), str(HERE / "run_guest.py"), json.dumps(options)], stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE) as run:
        run.stdout.close()
        assert run.wait(60) == 141
        assert run.stderr.read() == b""


WRITER = r"""
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
int main(int count, char **paths) {
    for (int i = 1; i < count; ++i)
        printf("%s\n", open(paths[i], O_WRONLY | O_CREAT, 0644) >= 0 ? "written" : strerror(errno));
    return 0;
}
"""


def write_to(sim, guest, paths, **keywords):
    options = {"core": "functional", "program": str(guest(WRITER)), "arguments": [str(p) for p in paths]}
    return sim(HERE / "run_guest.py", json.dumps(options | keywords)).stdout.splitlines()


def test_a_guest_writes_only_below_its_writable_folder(sim, guest, tmp_path):
    for name in ("own", "other"):
        (tmp_path / name).mkdir()
    (tmp_path / "own" / "link").symlink_to(tmp_path / "other")
    (tmp_path / "own" / "leads_out").symlink_to(tmp_path / "other" / "new")
    paths = ["inside", "../other/outside", tmp_path / "other" / "absolute", "link/through", "leads_out"]
    own = str(tmp_path / "own")
    assert write_to(sim, guest, paths, directory=own, writable=own) == [
        "written", "Permission denied", "Permission denied", "Permission denied", "No such file or directory"]
    assert write_to(sim, guest, ["fresh"], directory=own) == ["Read-only file system"]
    assert [p.name for p in sorted((tmp_path / "own").iterdir())] == ["inside", "leads_out", "link"]
    assert list((tmp_path / "other").iterdir()) == []
