# SPDX-License-Identifier: BSD-3-Clause
"""LeNet-300-100 on EIE, driven by a program: right to the bit, and as long in computing mode as without a processor."""
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
GUEST = ROOT / "build/guest/lenet"

ALONE = """
import sys
import numpy as np
folder = sys.argv[1]
model, images = open(folder + "/model", "rb").read(), np.fromfile(folder + "/images", np.int16).reshape(-1, 784)
engine = Eie()
run_engine(engine, eie.LOAD, model=model)
for image in images:
    print(run_engine(engine, eie.RUN_RESIDENT, model=model, input=image.tobytes(), output_bytes=20)["compute_cycles"])
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    from conftest import run
    folder = tmp_path_factory.mktemp("network")
    made = run(ROOT / "util/guest_network.py", f"--out={folder}", "--images=4")
    assert made.returncode == 0, made.stderr
    return folder


@pytest.mark.parametrize("core, how", [("functional", "poll"), ("functional", "sleep"), ("ooo", "poll"), ("cgooo", "sleep")])
def test_a_program_recognises_digits_with_eie_as_plain_c_does(core, how, network, sim, script):
    done = sim(ROOT / "configs/accel.py", f"--core={core}", "--device=eie", f"--run={GUEST}", f"--readable={network}",
               "--", network, how)
    assert done.returncode == 0, done.stdout + done.stderr
    assert re.search(r"4 images: 0 differ from plain C, 0 misread", done.stdout)
    cycles = re.findall(r", (\d+) cycles", done.stdout)
    assert cycles == script(ALONE, network).stdout.split()


def test_the_trained_networks_are_small_and_come_with_their_logs():
    for name, expected in (("lenet_300_100", 22186), ("lenet_5", 36280)):
        path = ROOT / "traces/models" / name
        assert path.with_suffix(".npz").stat().st_size < 50_000
        log = path.with_suffix(".log").read_text()
        assert float(re.search(r"at the end: test error ([\d.]+) %", log).group(1)) < 3
        kept = sum(int(n) for n in re.findall(r": (\d+) of \d+ weights", log))
        assert abs(kept - expected) < 1000
