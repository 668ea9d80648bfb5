# SPDX-License-Identifier: BSD-3-Clause
"""No statistic is declared and never counted."""
import json
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
# What one kind of component shares with others but cannot count.
CANNOT = {"InOrderCore.stall_registers": "it renames nothing, so no register is ever wanting"} | {
    f"{kind}.{name}": "it guesses without a table" for kind in ("NearWay", "NearIfHot") for name in ("table_reads", "table_writes")}


def test_every_declared_statistic_moves_in_some_run(sim):
    done = sim(ROOT / "tests/surface/count_statistics.py", ROOT / "build/suite", ROOT / "build/guest", timeout=250)
    assert done.returncode == 0, done.stderr
    counted = json.loads(done.stdout)
    assert set(counted["declared"]) - set(counted["moved"]) == set(CANNOT)
