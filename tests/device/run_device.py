# SPDX-License-Identifier: BSD-3-Clause
"""Runs one program with a loopback device, as build/sim's script: the core's name and Machine's keywords come as JSON.
The last line of standard error is the statistics, as JSON."""
import json
import os
import sys

import sim

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs"))
import machines  # noqa: E402

wanted = json.loads(sys.argv[1])
core = machines.CORES[wanted.pop("core")](**wanted.pop("changes", {}))
level = getattr(core, "l1d", None)
while level is not None and not isinstance(level, sim.Bus):
    level = level.next
devices = {"accel0": sim.Accelerator(engine=sim.LoopbackEngine(),
                                     dma=sim.DmaEngine(memory=level or sim.Bus(next=sim.Dram()), **wanted.pop("dma", {})))}
machine = sim.Machine(core=core, **devices, **wanted)
machine.run()
print(json.dumps(machine.stats().as_dict()), file=sys.stderr)
sys.exit(machine.exit_status)
