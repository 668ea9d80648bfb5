# SPDX-License-Identifier: BSD-3-Clause
"""What runs report about energy: records, files, tables, and settings of Machine.energy()."""
import csv
import json

import pytest

STAGES = ["fetch", "branch_prediction", "decode_rename", "issue", "execute", "memory", "register_file", "commit", "wire",
          "stage_registers"]
MACHINE = """
import json, sys
sys.path.insert(0, sys.argv[1] + "/configs")
import machines
machine = Machine(core=machines.CORES[sys.argv[2]](), program=sys.argv[1] + "/build/suite/hmmer_like", arguments=["test"],
                  input="/dev/null", output="/dev/null")
machine.run(40_000)
"""


@pytest.fixture
def energy(script, root):
    """The value of an expression after 40 000 instructions on a core."""
    def run(expression, core="ooo", ok=True):
        done = script(MACHINE + f"print(json.dumps({expression}))", root, core)
        assert (done.returncode == 0) == ok, done.stderr
        return json.loads(done.stdout) if ok else done.stderr
    return run


@pytest.mark.parametrize("core", ("inorder", "ooo", "cgooo"))
def test_files_records_and_tables_agree_to_the_last_digit(core, sim, root, tmp_path):
    done = sim(root / "configs/run.py", f"--core={core}", "--bench=hmmer_like", "--max-insts=40k", "--out", tmp_path,
               "--json", tmp_path / "records.json")
    assert done.returncode == 0, done.stderr
    (record,) = json.loads((tmp_path / "records.json").read_text())
    whole = json.loads((tmp_path / "hmmer_like" / "energy.json").read_text())
    with open(tmp_path / "hmmer_like" / "energy.csv", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for prices in ("paper", "analytic"):
        brief = record["energy"][prices]
        assert "rows" not in brief and brief["total_pj"] == whole[prices]["total_pj"]
        mine = [row for row in rows if row["prices"] == prices]
        assert len(mine) == len(whole[prices]["rows"])
        assert sum(float(row["pj"]) for row in mine) == brief["total_pj"]
        assert sum(float(row["squashed_pj"]) for row in mine) == brief["squashed_pj"]
        assert list(brief["stages"]) == STAGES and sum(brief["stages"].values()) == brief["total_pj"]
        for stage in STAGES:
            assert sum(float(row["pj"]) for row in mine if row["stage"] == stage) == brief["stages"][stage]
        assert brief["dynamic_pj"] + brief["leakage_pj"] == brief["total_pj"]
        assert brief["pj_per_instruction"] == pytest.approx(brief["total_pj"] / record["instructions"])
        assert brief["power_w"] == pytest.approx(brief["total_pj"] * 1e-12 / (record["cycles"] / 2e9))
        assert brief["edp_js"] == pytest.approx(brief["total_pj"] * 1e-12 * record["cycles"] / 2e9)
        assert brief["ed2p_js2"] == pytest.approx(brief["edp_js"] * record["cycles"] / 2e9)
        assert f"{brief['pj_per_instruction']:.2f}" in done.stdout
    assert "pJ/i paper" in done.stdout


def test_a_functional_core_has_no_energy(sim, root, tmp_path):
    done = sim(root / "configs/run.py", "--core=functional", "--bench=hmmer_like", "--max-insts=40k", "--out", tmp_path,
               "--json", tmp_path / "records.json")
    assert done.returncode == 0, done.stderr
    assert "energy" not in json.loads((tmp_path / "records.json").read_text())[0]
    assert not (tmp_path / "hmmer_like" / "energy.csv").exists()


def test_warm_up_is_not_charged(sim, root, tmp_path):
    records = []
    for name, options in (("cold", ["--max-insts=20k"]), ("warm", ["--warmup=40k", "--max-insts=20k"])):
        done = sim(root / "configs/run.py", "--core=ooo", "--bench=hmmer_like", *options, "--json", tmp_path / name)
        assert done.returncode == 0, done.stderr
        records += json.loads((tmp_path / name).read_text())
    cold, warm = (record["energy"]["paper"]["total_pj"] for record in records)
    assert warm < cold / 2   # the start misses every cache


def test_phases_can_be_priced(energy):
    first, second, whole = energy("""(lambda a: (lambda b: [machine.energy(a), machine.energy(b - a), machine.energy(b)])
                                     ((machine.run(10_000), machine.stats())[1]))(machine.stats())""")
    assert first["instructions"] + second["instructions"] == whole["instructions"] == 50_000
    assert first["total_pj"] + second["total_pj"] == pytest.approx(whole["total_pj"], rel=1e-9)


def test_a_smaller_node_and_a_lower_voltage_cost_less(energy):
    pj = energy("[machine.energy(prices=p, **s)['core_pj'] for p in ('analytic', 'paper') "
                "for s in ({'node': 45}, {}, {'supply_scale': 0.9}, {'node': 16})]")
    assert pj[0] > pj[1] > pj[2] and pj[1] > pj[3]
    assert pj[4] > pj[5] > pj[6] and pj[5] > pj[7]


@pytest.mark.parametrize("core", ("inorder", "ooo", "cgooo"))
def test_wire_lengths_may_come_from_a_floorplan(core, energy):
    placed, published = energy("[[(s['structure'], s['millimetres']) for s in machine.energy(wires=w)['structures'] "
                               "if 'millimetres' in s] for w in ('floorplan', 'published')]", core=core)
    assert [name for name, _ in placed] == [name for name, _ in published]
    assert all(0 < mm < 20 for _, mm in placed) and placed != published


@pytest.mark.parametrize("setting, says", [
    ("prices='cheap'", "prices is 'cheap'; analytic or paper are possible"),
    ("wire_activity=2.0", "wire_activity is 2.000000; 0 to 1 are possible"),
    ("node=17", "17"),
    ("nodes=22", "did you mean 'node'?"),
    ("stats=3", "stats takes what Machine.stats() returned"),
    ("lengths='x.csv'", "set wires='floorplan'"),
])
def test_a_wrong_setting_is_explained_in_one_line(setting, says, energy):
    said = energy(f"machine.energy({setting})", ok=False)
    assert says in said and said.count("\n") == 1


def test_the_command_line_sets_what_energy_takes(sim, root, tmp_path):
    totals = []
    for setting in ("node=22", "node=45"):
        done = sim(root / "configs/run.py", "--core=ooo", "--bench=hmmer_like", "--max-insts=20k", "--energy", setting,
                   "--json", tmp_path / "r.json")
        assert done.returncode == 0, done.stderr
        totals.append(json.loads((tmp_path / "r.json").read_text())[0]["energy"]["analytic"]["core_pj"])
    assert totals[1] > 2 * totals[0]
    done = sim(root / "configs/run.py", "--core=ooo", "--bench=hmmer_like", "--energy", "45")
    assert done.returncode == 125 and "NAME=VALUE" in done.stderr


@pytest.mark.parametrize("core", ("inorder", "ooo", "cgooo"))
def test_short_phases_add_up_to_the_whole_run(core, script, root):
    done = script("""
import collections, json, sys
sys.path.insert(0, sys.argv[1] + "/configs")
import machines
machine = Machine(core=machines.CORES[sys.argv[2]](), program=sys.argv[1] + "/build/suite/gcc_like", arguments=["test"],
                  input="/dev/null", output="/dev/null")
sums, before = collections.Counter(), machine.stats()
for _ in range(60):
    machine.run(80)
    after = machine.stats()
    for row in machine.energy(after - before)["rows"]:
        for what in ("count", "squashed"):
            sums[row["component"], row["structure"], row["action"], what] += row[what]
    before = after
whole = {(row["component"], row["structure"], row["action"], what): row[what]
         for row in machine.energy()["rows"] for what in ("count", "squashed") if row[what]}
print(json.dumps([len(whole), {str(k): [v, sums[k]] for k, v in whole.items() if sums[k] != v}]))
""", root, core)
    assert done.returncode == 0, done.stderr
    rows, different = json.loads(done.stdout)
    assert rows > 100 and different == {}
