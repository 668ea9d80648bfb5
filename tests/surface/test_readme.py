# SPDX-License-Identifier: BSD-3-Clause
"""Every command and the script that README shows, run as a reader would: in a folder of their own, from the checkout."""
import re
import shutil
import subprocess

import pytest
from conftest import ROOT, SIM

README = (ROOT / "README.md").read_text(encoding="utf-8")
HELLO = '#include <stdio.h>\nint main(void) { puts("hello"); return 0; }\n'
# What keeps a long experiment short; the options come after README's own.
SHORT = {"configs/cgooo.py": "--max-insts=1k", "configs/run.py": "--max-insts=1k", "configs/compare.py": "--max-insts=1k",
         "configs/holiswap.py": "--quick --max-insts=1k", "configs/cgooo_study.py": "--max-insts=1k --warmup=1k --study=windows",
         "util/paper_check cgooo": "--quick --max-insts=1k --warmup=1k"}


def commands():
    """The indented lines below "Running programs", without their comments."""
    part = README.split("## Running programs\n")[1].split("\n## ")[0]
    return list(dict.fromkeys(re.sub(r"\s+#.*", "", line).strip() for line in part.splitlines() if line.startswith("    ")))


def shortened(command):
    words, dashes, arguments = command.partition(" -- ")
    added = "".join(f" {options}" for name, options in SHORT.items() if re.match(f"(build/sim )?{name} (?!--list|--help)", words + " "))
    return words + added + dashes + arguments


@pytest.fixture
def checkout(tmp_path, guest):
    """A folder from which README's paths lead where they should."""
    for name in ("configs", "util", "traces", "build"):
        (tmp_path / name).symlink_to(ROOT / name)
    shutil.copy(guest(HELLO), tmp_path / "a.out")
    return tmp_path


def test_readme_shows_how_to_run_programs():
    assert len(commands()) > 10 and all(line.startswith(("build/sim ", "util/")) for line in commands())


@pytest.mark.parametrize("command", commands())
def test_a_command_of_readme_runs(checkout, sim, command):
    if "A.json" in command:
        for core, name in (("inorder", "A"), ("ooo", "B")):
            sim(ROOT / "configs/run.py", f"--core={core}", "--bench=a.out", "--quiet", f"--json={name}.json", cwd=checkout)
    words = shortened(command).split()
    words = [str(SIM) if word == "build/sim" else word for word in words]
    done = subprocess.run(words, cwd=checkout, capture_output=True, text=True, timeout=120, stdin=subprocess.DEVNULL)
    assert done.returncode == 0 and "Traceback" not in done.stderr, done.stderr


def test_the_script_of_readme_runs(script):
    text, = re.findall(r"```python\n(.*?)```", README, re.S)
    assert text.startswith("from sim import *\n")
    done = script(text.replace("run(instructions=1_000_000)", "run(instructions=10_000)").replace("machine.run()", "machine.run(20_000)"),
                  cwd=ROOT)
    assert done.returncode == 0 and float(done.stdout) > 0, done.stderr
