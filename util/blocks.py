# SPDX-License-Identifier: BSD-3-Clause
"""Shows the blocks that the block compiler makes of a program; run it as util/blocks."""
import argparse
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "configs"))
import machines  # noqa: E402
import sim  # noqa: E402

parser = argparse.ArgumentParser(prog="util/blocks", description="Shows the blocks that the block compiler makes of a "
                                 "static RV64 ELF: counts, shares of local reads and writes, what is live at returns and why.")
parser.add_argument("program", help="a static RV64 ELF, for example build/suite/mcf_like")
parser.add_argument("--function", default="", metavar="NAME", help="also list the blocks of this function, scheduled, "
                    "with local registers l0, l1, … and global ones by their names")
parser.add_argument("--machine", default="arxiv16", choices=sorted(machines.PRESETS),
                    help="the CG-OoO machine whose limits cut the blocks (default: arxiv16)")
parser.add_argument("--no-locals", action="store_true", help="keep every value global")
parser.add_argument("--no-schedule", action="store_true", help="keep program order")
options = parser.parse_args()

core = machines.cgooo(preset=options.machine)
sys.stdout.write(sim.describe_blocks(
    options.program, function=options.function, instructions=core.max_block_instructions,
    loads=core.load_queue_entries, stores=core.store_queue_entries, global_writes=core.physical_registers - 64,
    local_registers=core.local_registers, use_locals=not options.no_locals, schedule=not options.no_schedule,
    head_fixed_bytes=core.head_fixed_bytes))
