# SPDX-License-Identifier: BSD-3-Clause
"""The guest library is plain C11, its header also C++, and its register table is the header's."""
import re
import subprocess

import pytest
from conftest import ROOT

ACCEL = ROOT / "ext" / "accel"
STRICT = ("-Wall", "-Wextra", "-Werror", "-pedantic", "-O2", "-fsyntax-only", f"-I{ACCEL}")


@pytest.mark.parametrize("bare", ((), ("-DACCEL_BARE", "-ffreestanding")))
@pytest.mark.parametrize("source", ("accel.c", "accel_system.c"))
def test_the_library_is_strict_c11(source, bare):
    subprocess.run(["riscv64-linux-gnu-gcc", "-std=c11", *STRICT, *bare, str(ACCEL / source)], check=True)


def test_the_header_is_also_cpp(tmp_path):
    (tmp_path / "program.cc").write_text('#include "accel.h"\nint main() { accel a; return accel_open(&a, "eie"); }\n')
    subprocess.run(["riscv64-linux-gnu-g++", "-std=c++17", *STRICT, str(tmp_path / "program.cc")], check=True)


def test_the_readme_lists_every_register():
    header = (ACCEL / "accel_device.h").read_text()
    table = (ACCEL / "README.md").read_text().split("## Registers")[1].split("##")[0]
    for name, offset in re.findall(r"ACCEL_REG_(\w+) = (0x[0-9a-f]{3}),", header):
        if int(offset, 16) < 0xc0:
            assert offset in table and (name in table or "_" + name.rsplit("_", 1)[1] in table), name
