# SPDX-License-Identifier: BSD-3-Clause
"""What tests of the whole simulator share: running build/sim, and compiling small guest programs."""
import os
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SIM = Path(os.environ.get("SKIPAHEAD_SIM", ROOT / "build" / "sim"))


def run(*arguments, timeout=120, **keywords):
    """Runs build/sim; the result has returncode, stdout and stderr as text."""
    return subprocess.run([str(SIM), *map(str, arguments)], capture_output="stdout" not in keywords, text=True,
                          timeout=timeout, **({"stdin": subprocess.DEVNULL} | keywords))


@pytest.fixture
def sim():
    return run


@pytest.fixture
def script(tmp_path):
    """Runs lines of Python in the simulator, after `from sim import *`."""
    def run_script(text, *arguments, name="script.py", **keywords):
        file = tmp_path / name
        file.write_text("from sim import *\n" + text, encoding="utf-8")
        return run(file, *arguments, **keywords)
    return run_script


@pytest.fixture(scope="session")
def guest(tmp_path_factory):
    """Compiles C into a static RV64GC program; the same text is compiled once."""
    made = {}

    def compile_guest(text, *flags):
        if (text, flags) not in made:
            folder = tmp_path_factory.mktemp("guest")
            (folder / "guest.c").write_text(text, encoding="utf-8")
            subprocess.run(["riscv64-linux-gnu-gcc", "-O2", "-static", "guest.c", "-o", "guest", *flags], cwd=folder,
                           check=True, timeout=60)
            made[text, flags] = folder / "guest"
        return made[text, flags]
    return compile_guest


@pytest.fixture
def root():
    return ROOT
