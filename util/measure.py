# SPDX-License-Identifier: BSD-3-Clause
"""CPU seconds and peak memory of a process, and a yardstick that other machines have too."""
import hashlib
import os
import subprocess
import tempfile
import time
from dataclasses import dataclass

CALIBRATION_BYTES = 50_000_000
CALIBRATION_MD5 = "58a13efc44a8e95578d3dbd85d65cfae"


@dataclass
class Measured:
    """What one process used, its waited-for children included."""
    status: int
    cpu_seconds: float
    wall_seconds: float
    peak_bytes: int
    error: str = ""      # the end of its standard error


def measure(command, cwd=None):
    """Runs a command to its end with no input and its output thrown away."""
    with tempfile.TemporaryFile() as error:
        start = time.monotonic()
        process = subprocess.Popen([str(word) for word in command], stdin=subprocess.DEVNULL, cwd=cwd,
                                   stdout=subprocess.DEVNULL, stderr=error)
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.monotonic() - start
        process.returncode = os.waitstatus_to_exitcode(status)
        error.seek(0)
        text = error.read().decode(errors="replace").strip()
    seconds = usage.ru_utime + usage.ru_stime
    return Measured(process.returncode, seconds, wall, usage.ru_maxrss * 1024, text[-500:])


def cache_folder():
    folder = os.environ.get("SKIPAHEAD_CACHE") or os.path.expanduser("~/.cache/skipahead")
    os.makedirs(folder, exist_ok=True)
    return folder


def calibration_text():
    """Words drawn from 4096 random ones, the early ones more often, and numbers; always the same."""
    mask = (1 << 64) - 1
    state = 88172645463325252

    def draw():
        nonlocal state
        state ^= (state << 13) & mask
        state ^= state >> 7
        state ^= (state << 17) & mask
        return state

    words = []
    for _ in range(4096):
        length = 2 + draw() % 9
        words.append(bytes(97 + draw() % 26 for _ in range(length)) + b" ")
    text = bytearray()
    while len(text) < CALIBRATION_BYTES:
        bits = draw()
        for k in range(5):
            index = (bits >> (12 * k)) & 0xfff
            text += words[(index * index) >> 12]
        text += b"%d\n" % (bits % 100000)
    return bytes(text[:CALIBRATION_BYTES])


def calibration_file():
    """The file that the yardstick compresses, made once and checked every time."""
    path = os.path.join(cache_folder(), "cal50.txt")
    if not is_right(path):
        with open(path + ".partial", "wb") as file:
            file.write(calibration_text())
        os.replace(path + ".partial", path)
        if not is_right(path):
            raise SystemExit(f"{path}: its MD5 is not {CALIBRATION_MD5}; this is a bug in util/measure.py")
    return path


def is_right(path):
    try:
        with open(path, "rb") as file:
            return hashlib.md5(file.read()).hexdigest() == CALIBRATION_MD5
    except FileNotFoundError:
        return False


def calibration_seconds(path):
    """CPU seconds of the yardstick now."""
    done = measure(["bzip2", "-9", "-k", "-c", path])
    if done.status:
        raise SystemExit(f"bzip2 failed: {done.error}")
    return done.cpu_seconds
