# SPDX-License-Identifier: BSD-3-Clause
"""Every guest program does on every core, lock-step checked, what it does under qemu-riscv64."""
import re

import pytest
from agreement import guest_programs, named_core, run_machine

CORES = {"blockfunctional": ("blockfunctional", {"poison": True}), "inorder": ("inorder", {}), "ooo": ("ooo", {}),
         "cgooo": ("cgooo", {"poison": True}),
         "cgooo in blocks of two": ("cgooo", {"poison": True, "max_block_instructions": 2})}
_expected = {}


def expected(program, folder):
    """qemu's answer, asked for once."""
    if program.name not in _expected:
        folder.mkdir()
        _expected[program.name] = program.expected(folder)
    return _expected[program.name]


def options_of(program, folder):
    (folder / "input").write_text(program.input, encoding="utf-8")
    options = {"program": str(program.binary), "arguments": program.arguments, "environment": program.environment,
               "input": str(folder / "input"), "check": True}
    if program.is_writable:
        (folder / "files").mkdir(exist_ok=True)
        options |= {"directory": str(folder / "files"), "writable": str(folder / "files")}
    return options


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("program", guest_programs(), ids=lambda program: program.name)
def test_guest_program_does_on_every_core_what_it_does_under_qemu(program, core, sim, tmp_path):
    if not program.binary.exists():
        pytest.fail(f"{program.binary} is not built; run: scons guest")
    output, status = expected(program, tmp_path / "qemu")
    name, changes = CORES[core]
    run = run_machine(sim, named_core(name, **changes), tmp_path, timeout=120, **options_of(program, tmp_path))
    assert run.returncode == status, run.stderr
    if output is not None:
        assert run.stdout == output
    assert re.search(program.error, run.stderr, re.DOTALL)
