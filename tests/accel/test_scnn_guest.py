# SPDX-License-Identifier: BSD-3-Clause
"""A guest program that drives SCNN: its outputs against plain C in the guest, its cycles against the engine alone."""
import pytest
from accel_rig import CORES, check_drive, made_by
from conftest import ROOT, run

pytest.importorskip("numpy")

NETWORK = """
import sys
import numpy as np
import sim
from sim import scnn

rng = np.random.default_rng(7)

def sparse(shape, density, least=-60, most=60):
    return (rng.integers(least, most, shape) * (rng.random(shape) < density)).astype(np.int16)

layers = [{"weights": sparse((8, 1, 5, 5), 0.5), "pad": 1, "stride": 2, "relu": True, "product_shift": 2, "output_shift": 2,
           "bias": np.arange(8, dtype=np.int32) * 30},
          {"weights": sparse((8, 4, 3, 3), 0.4), "pad": 1, "groups": 2, "pool_size": 2, "relu": True, "output_shift": 5},
          {"weights": sparse((20, 8, 3, 3), 0.3), "relu": True, "output_shift": 5},
          {"weights": sparse((10, 20, 1, 1), 0.6), "output_shift": 3}]
inputs = sparse((3, 1, 14, 14), 0.7, 0, 100)
engine = sim.Scnn(pe_rows=4, pe_columns=4)
model = scnn.encode_model(engine, layers, (1, 14, 14))
open(sys.argv[1] + "/model.bin", "wb").write(model)
open(sys.argv[1] + "/inputs.bin", "wb").write(inputs.tobytes())
for one in inputs:
    done = sim.run_engine(engine, scnn.RUN, model=model, input=one.tobytes(), output_bytes=20)
    assert done["status"] == "ok" and any(done["output"]), done["status"]
    print(done["compute_cycles"])
"""


@pytest.fixture(scope="module")
def network(tmp_path_factory):
    return made_by(NETWORK, tmp_path_factory.mktemp("network"))


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("how", ("poll", "sleep"))
def test_scnn_driven_by_a_program_computes_as_long_as_alone(network, core, how):
    check_drive(core, "scnn", "scnn_layers", network, (10, how), jobs=3, pe_rows=4, pe_columns=4)


@pytest.fixture(scope="module")
def lenet(tmp_path_factory):
    folder = tmp_path_factory.mktemp("lenet")
    made = run(ROOT / "util" / "scnn_network.py", f"--out={folder}", "--images=2")
    assert made.returncode == 0, made.stderr
    assert " 0 sums wrapped" in made.stdout
    return folder


def test_a_program_runs_the_trained_lenet_5_on_scnn_as_plain_c_does(sim, lenet):
    done = sim(ROOT / "configs/accel.py", "--core=functional", "--device=scnn", f"--run={ROOT / 'build/guest/scnn_layers'}",
               f"--readable={lenet}", "--", lenet / "model", lenet / "images", 10)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.split()[-1] == "ok" and len(done.stdout.split()) == 3
