# SPDX-License-Identifier: BSD-3-Clause
"""build/sim's script: takes the core from a file of Python, runs a program on it, and writes its statistics.

  build/sim run_machine.py MACHINE.py OPTIONS     OPTIONS is JSON: Machine's keywords, and
    "stats": FILE     where statistics go as JSON
    "limits": [N, …]  runs of that many instructions; then what `executed` counted after each is in "stops"
"""
import json
import sys

import sim

options = json.loads(sys.argv[2])
stats_file, limits = options.pop("stats", None), options.pop("limits", [None])
names = {name: value for name, value in vars(sim).items() if not name.startswith("_")}
with open(sys.argv[1], encoding="utf-8") as text:
    exec(compile(text.read(), sys.argv[1], "exec"), names)
machine = sim.Machine(core=names["core"], **options)
stops = []
for limit in limits:
    machine.run(limit) if limit else machine.run()
    stops.append(machine.stats().core.committed_instructions)
if stats_file:
    with open(stats_file, "w", encoding="utf-8") as out:
        json.dump({"stats": json.loads(machine.stats().json()), "stops": stops}, out)
sys.exit(machine.exit_status or 0)
