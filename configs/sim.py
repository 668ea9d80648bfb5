# SPDX-License-Identifier: BSD-3-Clause
"""What another Python finds in place of the module `sim`, which is built into the simulator: how scripts are run."""
import os
import sys

script = os.path.relpath(sys.argv[0]) if sys.argv[0] else "SCRIPT"
print(f"{os.path.basename(script)}: is a script of the simulator, not of {os.path.basename(sys.executable)}; "
      f"run it as build/sim {script}", file=sys.stderr)
sys.exit(125)
