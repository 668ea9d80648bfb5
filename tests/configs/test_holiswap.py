# SPDX-License-Identifier: BSD-3-Clause
"""HoLiSwap in whole machines: swaps change nothing but time and wires, and way prediction is paid for."""
import csv
import json
import re

import pytest
from conftest import ROOT

SPINE = ["layout=TwoColumnSpine", "hot_lines=HotLines"]


def l1(*settings, caches=("l1i", "l1d")):
    return [f"--set=core.{cache}.{setting}" for cache in caches for setting in settings]


@pytest.fixture
def run(sim, tmp_path):
    count = iter(range(100))

    def run(core, *words, program="gcc_like", instructions="60k"):
        out = tmp_path / str(next(count))
        done = sim(ROOT / "configs" / "run.py", f"--core={core}", f"--bench=spec/{program}", f"--max-insts={instructions}",
                   "--check", f"--out={out}", *words)
        assert done.returncode == 0, done.stderr
        return json.loads((out / program / "stats.json").read_text())["core"], \
            json.loads((out / program / "energy.json").read_text())["analytic"]
    return run


@pytest.mark.parametrize("core", ["inorder", "ooo", "cgooo"])
def test_swaps_serve_most_accesses_from_the_near_way_in_every_core(run, core):
    off, _ = run(core, *l1(*SPINE))
    on, _ = run(core, *l1(*SPINE, "swap=HotLineSwap", "prefetcher=NextLinePrefetcher"))
    for cache in ("l1i", "l1d"):
        assert on[cache]["swap"]["swaps"] > 10
        near = [c[cache]["layout"]["near_accesses"] / c[cache]["layout"]["accesses"] for c in (off, on)]
        assert near[1] > near[0] + 0.1, cache
        assert on[cache]["layout"]["accesses"] == on[cache]["hits"]


def test_a_layout_alone_changes_no_time(run):
    plain, _ = run("ooo")
    laid, _ = run("ooo", *l1(*SPINE))
    assert {k: v for k, v in plain.items() if not isinstance(v, dict)} == {k: v for k, v in laid.items() if not isinstance(v, dict)}
    for cache in ("l1i", "l1d"):
        for name, value in plain[cache].items():
            assert isinstance(value, dict) or laid[cache][name] == value, name


def test_wire_energy_is_the_sum_of_transfers_times_bits_times_distance(run):
    core, energy = run("ooo", *l1(*SPINE, "swap=HotLineSwap", caches=["l1d"]))
    layout = core["l1d"]["layout"]
    mm = {s["structure"]: s["millimetres"] for s in energy["structures"] if s["structure"].startswith("wire_")}
    rows = [r for r in energy["rows"] if r["structure"].startswith("wire_") and not r["is_leakage"]]
    assert len(rows) > 8
    for row in rows:
        name, way = re.fullmatch(r"wire_(\w+?)(\d+)", row["structure"]).groups()
        bits = 64 + 12 if name == "words" else 512 + 12
        assert row["count"] == layout[name][int(way)] and row["action"] == f"use {name}[{way}]"
        assert row["pj_each"] == pytest.approx(bits * mm[row["structure"]] * 0.08 * 0.5, rel=0.15)
        assert row["pj"] == pytest.approx(row["count"] * row["pj_each"], abs=1e-3)


@pytest.mark.parametrize("core", ["ooo", "cgooo"])
def test_a_wrong_guess_of_the_way_sends_consumers_back(run, core):
    parallel, _ = run(core, *l1(*SPINE, caches=["l1d"]))
    near, _ = run(core, *l1(*SPINE, "way_prediction=NearWay", caches=["l1d"]))
    assert near["l1d"]["way_prediction"]["wrong"] > 1000
    assert near["cycles"] > parallel["cycles"]
    if "replays" in parallel:
        assert near["replays"] > parallel["replays"] + near["l1d"]["way_prediction"]["wrong"] / 10


@pytest.mark.parametrize("core", ["ooo", "cgooo"])
def test_a_core_counts_on_the_tags_that_are_compared_first(run, core):
    """Without being told: as few consumers are sent back as with ways side by side."""
    parallel, _ = run(core, *l1(*SPINE, caches=["l1d"]))
    sequential, _ = run(core, *l1(*SPINE, "way_access=SequentialAccess", caches=["l1d"]))
    told_wrong, _ = run(core, *l1(*SPINE, "way_access=SequentialAccess", caches=["l1d"]), "--set=core.hit_latency=4")
    assert sequential["cycles"] > parallel["cycles"]
    assert sequential["replays"] < 1.1 * parallel["replays"] + 100
    assert told_wrong["replays"] > 1.1 * sequential["replays"]


def test_the_node_of_a_machine_is_that_of_its_ways_too(script, root):
    """One setting: the wires of a macro's floorplan grow with the node that is priced."""
    done = script(f"""
import sys
sys.path.insert(0, "{root}/configs")
import machines
memory = FixedLatencyMemory()
core = machines.ooo(l1i=Cache(next=memory), l1d=Cache(next=memory, layout=TwoColumnSpine()))
machine = Machine(core=core, program="{root}/build/suite/mcf_like", arguments=["test"], output="/dev/null")
machine.run(2000)
for node in (22, 45):
    print(max(s["millimetres"] for s in machine.energy(node=node)["structures"] if s["component"] == "core.l1d.layout"
              and s["structure"].startswith("wire_")))
""")
    small, large = map(float, done.stdout.split())
    assert large / small == pytest.approx(45 / 22, rel=0.05)
    refused = script("TwoColumnSpine(node=45)")
    assert refused.returncode == 125 and "has no parameter 'node'" in refused.stderr


def test_counters_of_ways_are_a_list_in_json_and_lines_in_text(sim, tmp_path):
    done = sim(ROOT / "configs" / "run.py", "--core=ooo", "--bench=spec/gcc_like", "--max-insts=20k", f"--out={tmp_path}",
               *l1(*SPINE, caches=["l1d"]))
    assert done.returncode == 0, done.stderr
    words = json.loads((tmp_path / "gcc_like" / "stats.json").read_text())["core"]["l1d"]["layout"]["words"]
    assert len(words) == 16 and words[0] > 0 and not any(words[8:])
    lines = (tmp_path / "gcc_like" / "stats.txt").read_text().splitlines()
    shown = [line.split("transfers")[0].split(maxsplit=1) for line in lines if line.startswith("  words[")]
    assert [(name, int(count.replace(" ", ""))) for name, count in shown] == [(f"words[{w}]", n) for w, n in enumerate(words)]


def test_nested_parts_can_be_set_and_mistakes_in_them_are_named(run, sim, guest):
    core, _ = run("ooo", *l1("layout=LinearRow", "way_prediction=NearIfHot(otherwise=MruWay)", "swap=HotLineSwap(threshold=16,window=32)",
                             "swap.patience=3"))
    assert core["l1d"]["way_prediction"]["right"] > 0 and core["l1d"]["swap"]["swaps"] > 0
    for setting, why in (("swap=HotLineSwap", "give layout"), ("swap=HotLineSwop", "did you mean 'HotLineSwap'"),
                         ("swap=HotLineSwap(treshold=3)", "did you mean 'threshold'"), ("swap=HotLineSwap(threshold=3", "bracket"),
                         ("layout=LinearRow(node)", "has no value")):
        done = sim(ROOT / "configs" / "ooo.py", "--bench=spec/gcc_like", *l1(setting, caches=["l1d"]))
        assert done.returncode == 125 and why in done.stderr and done.stderr.count("\n") == 1, done.stderr


def test_points_that_are_the_same_machine_and_run_as_long_share_one_run(script, root):
    done = script(f"""
import sys
sys.path.insert(0, "{root}/configs")
sys.argv = ["script", "--bench=spec"]
import command_line, experiment, runner, suites
from experiment import Point
parser = command_line.parser(None, "", has_core=False)
experiment.add_jobs(parser)
options, arguments = command_line.parse(parser)
runs = [run for run in suites.find("spec", "test", arguments) if run.program in ("gcc_like", "mcf_like")]
real, calls = runner.run_one, []
runner.run_one = lambda run, options, progress: calls.append(run.program) or real(run, options, progress)
by = experiment.run_points([
    Point("plain", "ooo", instructions=2000), Point("spelt out", "ooo", ["core.l1d.ways=8"], instructions=2000),
    Point("fewer programs", "ooo", instructions=2000, programs=("mcf_like",)), Point("longer", "ooo", instructions=3000),
    Point("another", "ooo", ["core.l1d.ways=4"], instructions=2000, programs=("gcc_like",))], runs, options)
print(*calls)
print(*(len(records) for records in by.values()))
print(by["plain"] == by["spelt out"], by["fewer programs"][0] is by["plain"][1], *by)
""")
    assert done.stdout.splitlines() == ["gcc_like mcf_like gcc_like mcf_like gcc_like", "2 2 1 2 1",
                                        "True True plain spelt out fewer programs longer another"], done.stderr


def test_the_study_writes_tables_whose_saving_follows_from_the_counts(sim, tmp_path):
    done = sim(ROOT / "configs" / "holiswap.py", "--bench=spec/gcc_like", "--quick", "--max-insts=20k", f"--out={tmp_path}/out")
    assert done.returncode == 0, done.stderr
    with open(tmp_path / "out" / "wire_energy.csv", newline="") as file:
        row = next(r for r in csv.DictReader(file) if r["cache"] == "L1-D")
    core = json.loads((tmp_path / "out" / "on" / "gcc_like" / "stats.json").read_text())["core"]["l1d"]
    distance = [way // 2 + 0.5 for way in range(8)]
    spent = sum(d * core["layout"]["words"][w] for w, d in enumerate(distance)) * 76 + \
        sum(d * core["layout"]["lines"][w] for w, d in enumerate(distance)) * 524
    home = sum(d * core["swap"]["home_words"][w] for w, d in enumerate(distance)) * 76 + \
        sum(d * core["swap"]["home_lines"][w] for w, d in enumerate(distance)) * 524
    assert float(row["TwoColumnSpine [%]"]) == pytest.approx(100 * (1 - spent / home), rel=1e-4)
    assert (tmp_path / "out" / "report.html").exists() and (tmp_path / "out" / "wire_energy.png").exists()
