# SPDX-License-Identifier: BSD-3-Clause
"""Floorplans as scripts and util/floorplan make them."""
import os
import subprocess
import xml.etree.ElementTree as ElementTree

import pytest

PLACE = """
import hashlib
blocks = [(f"b{i}", 0.01 + 0.07 * (i * i % 11)) for i in range(14)]
plan = place_blocks(blocks, [(i, (5 * i + 3) % 14, 1 + i) for i in range(14)], seed=7, effort=300)
print([sorted(place.items()) for place in plan["places"]], hashlib.sha256(plan["svg"].encode()).hexdigest())
"""


@pytest.fixture
def floorplan(root, tmp_path):
    def run(*arguments, cache=None, **keywords):
        environment = os.environ | {"SKIPAHEAD_CACHE": str(cache or tmp_path / "cache")}
        return subprocess.run([root / "util/floorplan", *map(str, arguments)], capture_output=True, text=True, timeout=60,
                              stdin=subprocess.DEVNULL, env=environment, **keywords)
    return run


def test_two_processes_place_alike(script):
    first, second = script(PLACE), script(PLACE)
    assert first.returncode == 0, first.stderr
    assert len(first.stdout) > 1000 and first.stdout == second.stdout


def test_nonsense_areas_are_refused_by_name(script):
    done = script("place_blocks([('empty', 0)], [])")
    assert "floorplan: block 'empty' has an area of 0.000000 mm2" in done.stderr


@pytest.mark.parametrize("machine", ["inorder", "ooo", "cgooo"])
def test_machines_are_drawn_and_tabled(floorplan, root, tmp_path, machine):
    done = floorplan(root / f"configs/{machine}.py", "--wires", f"--out={tmp_path / 'plan.svg'}", "--table")
    assert done.returncode == 0, done.stderr
    picture = ElementTree.parse(tmp_path / "plan.svg").getroot()
    titles = [title.text for title in picture.iter("{http://www.w3.org/2000/svg}title")]
    blocks = [line.split()[0] for line in done.stdout.split("\n\n")[1].splitlines()[1:]]
    assert len(blocks) > 5 and sorted(title.split(": ")[0] for title in titles) == sorted(blocks)
    assert any(block.startswith("core.l1d") for block in blocks)
    lengths = {line.split()[0]: float(line.split()[-1]) for line in done.stdout.split("\n\n")[2].splitlines()[1:]}
    assert lengths and all(0 < length < 30 for length in lengths.values())
    assert done.stdout == floorplan(root / f"configs/{machine}.py", "--table", cache="/proc/nowhere").stdout


def test_parameters_reach_the_floorplan(floorplan, root):
    def outline(*options):
        done = floorplan(root / "configs/cgooo.py", "--table", *options)
        assert done.returncode == 0, done.stderr
        words = done.stdout.split()
        return float(words[1]) * float(words[3])
    assert outline("--set", "core.l1d.size=256KiB") > 1.02 * outline()
    assert outline("--preset=taco17") > 1.005 * outline("--preset=taco17-4eu")


def test_a_script_of_ones_own_is_drawn_without_running_it(floorplan, tmp_path):
    (tmp_path / "mine.py").write_text("import machines\nfrom sim import *\nimport sim\n"
                                      "m = sim.Machine(core=machines.ooo(rob_entries=64), program='/no/such')\n"
                                      "m.run()\nprint('it ran')\n")
    done = floorplan(tmp_path / "mine.py")
    assert done.returncode == 0 and done.stdout.startswith("<svg ") and "it ran" not in done.stdout, done.stderr


@pytest.mark.parametrize("arguments, said", [
    (["/no/such.py"], "is no file"), (["{root}/configs/machines.py"], "builds no machine"),
    (["{root}/configs/ooo.py", "--preset=taco17"], "is for cgooo"),
    (["{root}/configs/ooo.py", "--lengths=/no/such.csv"], "cannot be read"),
    (["{root}/configs/ooo.py", "--nanometres=23"], "23"),
    (["{root}/configs/functional.py", "--set", "core.nothing=1"], "no parameter 'nothing'"),
])
def test_what_is_wrong_takes_one_line_and_status_125(floorplan, root, arguments, said):
    done = floorplan(*(word.replace("{root}", str(root)) for word in arguments))
    assert done.returncode == 125 and said in done.stderr and done.stderr.count("\n") == 1
