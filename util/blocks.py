# SPDX-License-Identifier: BSD-3-Clause
"""Shows the blocks that the block compiler makes of a program; run it as util/blocks."""
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "configs"))
import command_line  # noqa: E402
import machines  # noqa: E402
import sim  # noqa: E402


def parse():
    p = command_line.Parser(prog="util/blocks", description="Shows the blocks that the block compiler makes of a static "
                            "RV64 ELF: counts, shares of local reads and writes, what is live at returns and why.")
    p.add_argument("program", help="a static RV64 ELF, for example build/suite/mcf_like")
    p.add_argument("--function", default="", metavar="NAME", help="also list the blocks of this function, scheduled, "
                   "with local registers l0, l1, … and global ones by their names")
    p.add_argument("--machine", default="arxiv16", choices=sorted(machines.PRESETS),
                   help="the CG-OoO machine whose limits cut the blocks (default: arxiv16)")
    p.add_argument("--no-locals", action="store_true", help="keep every value global")
    p.add_argument("--no-schedule", action="store_true", help="keep program order")
    return p.parse_args()


def main():
    options = parse()
    core = machines.cgooo(preset=options.machine)
    sys.stdout.write(sim.describe_blocks(
        options.program, function=options.function, instructions=core.max_block_instructions,
        loads=core.load_queue_entries, stores=core.store_queue_entries, global_writes=core.physical_registers - 64,
        local_registers=core.local_registers, use_locals=not options.no_locals, schedule=not options.no_schedule,
        head_fixed_bytes=core.head_fixed_bytes))
    return 0


command_line.guarded(main, "util/blocks")
