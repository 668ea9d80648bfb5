# SPDX-License-Identifier: BSD-3-Clause
"""A guest program that drives ESE: its outputs against plain C in the guest, its cycles against the engine alone."""
import pytest
from accel_rig import CORES, check_drive, made_by

pytest.importorskip("numpy")

LSTM = """
import sys
import numpy as np
import sim
rng = np.random.default_rng(11)
inputs, cells, outputs, channels, steps = 7, 40, 12, 3, 4
lstm = {name: (rng.integers(-900, 900, shape) * (rng.random(shape) < 0.3)).astype(np.int16)
        for name, shape in [(g + k, (cells, inputs if k == "x" else outputs)) for g in "ifco" for k in "xr"] +
        [("ym", (outputs, cells))]}
lstm |= {"shifts": [3, 6] * 4 + [6], "peephole_shift": 2, "sigmoid_shift": 11, "tanh_shift": 11, "cell_tanh_shift": 3,
         "state_fraction": 11, "y_shift": 5}
lstm["bias"] = [rng.integers(-300000, 300000, cells).astype(np.int32) for _ in range(4)]
lstm["peepholes"] = [rng.integers(-600, 600, cells).astype(np.int16) for _ in range(3)]
places = (np.arange(2048) - 1024) / 128
lstm["sigmoid"] = np.clip(np.rint(32768 / (1 + np.exp(-places))), 0, 32767).astype(np.int16)
lstm["tanh"] = np.clip(np.rint(32768 * np.tanh(places)), -32768, 32767).astype(np.int16)
x = rng.integers(-8000, 8000, (steps, channels, inputs)).astype(np.int16)
engine = sim.Ese(pes=4)
model = sim.ese.encode(lstm, pes=4)
open(sys.argv[1] + "/model.bin", "wb").write(model)
open(sys.argv[1] + "/inputs.bin", "wb").write(x.tobytes())
sim.run_engine(engine, sim.ese.LOAD, model=model)
for part in range(2):
    half = x[2 * part:2 * part + 2]
    done = sim.run_engine(engine, sim.ese.RUN, model=model, input=half.tobytes(), output_bytes=2 * channels * outputs * 2,
                          arguments=[2, channels, part])
    assert done["status"] == "ok" and len(set(done["output"])) > 20, done["status"]
    print(done["compute_cycles"])
"""


@pytest.fixture(scope="module")
def lstm(tmp_path_factory):
    return made_by(LSTM, tmp_path_factory.mktemp("lstm"))


@pytest.mark.parametrize("core", CORES)
@pytest.mark.parametrize("how", ("poll", "sleep"))
def test_ese_driven_by_a_program_computes_as_long_as_alone(lstm, core, how):
    check_drive(core, "ese", "ese_lstm", lstm, (3, how), jobs=3, pes=4)
