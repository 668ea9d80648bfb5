# SPDX-License-Identifier: BSD-3-Clause
"""Runs one program as build/sim's script: the core's name and Machine's keywords come as JSON."""
import json
import os
import sys

import sim

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "configs"))
import machines  # noqa: E402

wanted = json.loads(sys.argv[1])
machine = sim.Machine(core=machines.CORES[wanted.pop("core")](), **wanted)
machine.run()
sys.exit(machine.exit_status)
