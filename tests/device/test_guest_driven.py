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


def test_the_device_goes_on_while_the_program_naps(sim):
    for core in ("functional", "ooo"):
        output, _ = drive(sim, "spin", "nap", core=core)
        naps = int(output.split()[0])
        assert 4 <= naps <= 8, "50 microseconds of work in naps of 10"   # and some for waking up


def complaints(sim, core, coherent, forgets, check=True):
    run = sim(HERE / "run_device.py", json.dumps({
        "core": core, "program": str(ROOT / "build" / "guest" / "forgetful"), "arguments": [forgets], "check": check,
        "dma": {"coherent": coherent}}))
    assert run.returncode == 0, run.stderr
    total, _, given, _, taken = run.stdout.split()
    assert total == str(1023 * 512)
    return [line for line in run.stderr.splitlines() if "reads line" in line], int(given, 16), int(taken, 16)


@pytest.mark.parametrize("core", ("inorder", "ooo", "cgooo"))
def test_a_forgotten_clean_or_invalidate_is_reported_with_its_address(sim, core):
    assert complaints(sim, core, True, "give and take")[0] == [], "coherent DMA asks for nothing"
    assert complaints(sim, core, False, "nothing")[0] == []
    lines, given, _ = complaints(sim, core, False, "give")
    assert lines and all("cbo.clean" in line and "the device" in line for line in lines)
    assert all(given <= int(line.split("0x")[1].split(",")[0], 16) < given + 4096 for line in lines)
    lines, _, taken = complaints(sim, core, False, "take")
    assert lines and all("cbo.inval" in line for line in lines)
    assert all(taken <= int(line.split("0x")[1].split(",")[0], 16) < taken + 4096 for line in lines)


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("how", ("poll", "sleep"))
def test_a_careful_driver_needs_no_coherence(sim, core, how):
    output, stats = drive(sim, "loopback", how, core=core, dma={"coherent": False})
    assert output == "ok\n"
    assert stats["accel0"]["dma"]["snoops"] == 0
    assert (stats["accel0"]["dma"]["cleaned_lines"] > 0) == (core in ("inorder", "ooo", "cgooo")), "caches are cleaned"


def test_a_deadlock_while_waiting_for_a_device_is_the_programs_fault(sim, guest):
    program = guest("""
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>
int main(void) {
    int count;
    return read(open("/dev/accel0", O_RDWR), &count, 4) == 4;   /* nothing was asked of the device */
}
""")
    run = sim(HERE / "run_device.py", json.dumps({"core": "ooo", "program": str(program)}))
    assert run.returncode == 126 and "deadlock" in run.stderr


def test_device_files_behave_like_uio(sim, guest):
    program = guest("""
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
int main(void) {
    struct stat info;
    int32_t count, pair[2];
    const int file = open("/dev/accel0", O_RDWR | O_NONBLOCK);
    printf("%d %d\\n", open("/dev/accel1", O_RDWR) < 0, fstat(file, &info) == 0 && S_ISCHR(info.st_mode));
    printf("%d %d\\n", read(file, &count, 4) < 0 && errno == EAGAIN, read(file, pair, 8) < 0 && errno == EINVAL);
    volatile uint32_t *registers = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    printf("%x %d\\n", registers[0], mmap(NULL, 8192, PROT_READ, MAP_SHARED, file, 0) == MAP_FAILED);
    uint8_t *pool = mmap(NULL, 8192, PROT_READ | PROT_WRITE, MAP_SHARED, file, 4096);
    pool[8191] = 1;
    printf("%d\\n", mmap(NULL, 4096, PROT_READ, MAP_PRIVATE, file, 4096) == MAP_FAILED);
    registers[0x84 / 4] = 2;       /* errors interrupt */
    registers[0x50 / 4] = 1;       /* a doorbell without rings is one */
    struct pollfd wanted = {.fd = file, .events = POLLIN};
    printf("%d %d\\n", poll(&wanted, 1, 0), (int)read(file, &count, 4));
    printf("%d %d\\n", count, poll(&wanted, 1, 0));
    count = 1;
    printf("%d ", (int)write(file, &count, 4));   /* the line is still high */
    printf("%d\\n", poll(&wanted, 1, 0));
    printf("%d\\n", munmap(pool, 8192));
    return 0;
}
""")
    run = sim(HERE / "run_device.py", json.dumps({"core": "functional", "program": str(program)}))
    assert run.stdout.splitlines() == ["1 1", "1 1", "43414b53 1", "1", "1 4", "1 0", "4 1", "0"], run.stdout + run.stderr


@pytest.mark.parametrize("core", CORES)
def test_full_rings_and_bad_doorbells_do_what_the_readme_says(sim, core):
    output, stats = drive(sim, "raw_ring", core=core)
    assert output.splitlines() == [
        "job: tag 10, ok", "job: tag 11, ok", "job: tag 12, ok", "job: tag 13, ok", "kept: tag 10, ok",
        "after the stall: tag 20, ok", "errors 2", "too many: overflow", "errors 4", "bad address: tag 30, bad address",
        "next: tag 31, ok"]
    assert stats["accel0"]["stalled_cycles"] > 0 and stats["accel0"]["queue_errors"] == 2


@pytest.mark.parametrize("core", CORES)
def test_an_interrupt_takes_the_hart_from_another_thread_at_once(sim, core):
    output, stats = drive(sim, "two_threads", core=core)
    assert output == "ok\n"
    assert stats["accel0"]["interrupts"] == 3
    # Three jobs of 12 500 core cycles; a turn of the computing thread would take 200 000 instructions.
    assert stats["core"]["committed_instructions"] < 400_000
