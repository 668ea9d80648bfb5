# SPDX-License-Identifier: BSD-3-Clause
"""The guest programs in this folder: how each is built and started, and what it must do.

The first lines of a program's source say it, one comment line each:
  flags: TEXT         further compiler flags (SConstruct reads them)
  arguments: TEXT     as in a shell
  environment: N=V    one variable; may be repeated
  input: TEXT         standard input, \\n for a new line
  writable: yes       runs in a fresh folder in which it may write
  expect: TEXT        a line of standard output; may be repeated. Without one: what qemu-riscv64 prints
  status: NUMBER      exit status, if not qemu's (or 0)
  error: PATTERN      regular expression found in standard error
"""
import os
import re
import shlex
import subprocess
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent.parent
BUILT = ROOT / "build" / "guest"
HEADER_LINES = 12


class GuestProgram:
    def __init__(self, source):
        self.source = source
        self.name = source.stem
        self.binary = BUILT / source.stem
        lines = source.read_text(encoding="utf-8").splitlines()[:HEADER_LINES]

        def values(key):
            found = (re.match(rf"(?://|#) {key}: (.*)", line) for line in lines)
            return [match.group(1) for match in found if match]

        def value(key, otherwise=""):
            return (values(key) or [otherwise])[0]

        self.arguments = shlex.split(value("arguments"))
        self.environment = values("environment")
        self.input = value("input").replace("\\n", "\n")
        self.is_writable = value("writable") == "yes"
        self.lines = values("expect")
        self.status = int(value("status", "0")) if values("status") or self.lines else None
        self.error = value("error")
        self.is_bare = "bare" in source.relative_to(FOLDER).parts
        self.is_fault = "faults" in source.relative_to(FOLDER).parts

    def expected(self, folder):
        """(standard output or None where it does not matter, exit status)."""
        if self.lines:
            return "".join(line + "\n" for line in self.lines), self.status
        if self.is_fault:
            return None, self.status
        run = subprocess.run(["qemu-riscv64", str(self.binary), *self.arguments], input=self.input, text=True,
                             capture_output=True, cwd=folder, timeout=60,
                             env=os.environ | dict(variable.split("=", 1) for variable in self.environment))
        return run.stdout, run.returncode if self.status is None else self.status


def guest_programs():
    """Those of this folder, bare/ and faults/, in order of name."""
    sources = [p for folder in ("", "bare", "faults") for ending in ("*.c", "*.cc", "*.S")
               for p in (FOLDER / folder).glob(ending)]
    return [GuestProgram(p) for p in sorted(sources)]
