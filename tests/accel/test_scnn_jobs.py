# SPDX-License-Identifier: BSD-3-Clause
"""SCNN's models and jobs: chains of layers through the engine's interface, damaged models, damaged jobs."""
import json

import pytest

np = pytest.importorskip("numpy")

START = """
import json
import numpy as np
import sim
from sim import scnn

rng = np.random.default_rng(5)

def sparse(shape, density=0.5, most=50, least=-50):
    return (rng.integers(least, most, shape) * (rng.random(shape) < density)).astype(np.int16)

LAYERS = [
    {"weights": sparse((6, 2, 5, 5)), "pad": 2, "stride": 2, "relu": True, "product_shift": 3, "output_shift": 2,
     "bias": np.arange(6, dtype=np.int32) * 40 - 100},
    {"weights": sparse((8, 3, 3, 3)), "pad": 1, "groups": 2, "pool_size": 2, "relu": True, "product_shift": 4,
     "output_shift": 5},
    {"weights": sparse((10, 8, 4, 4)), "output_shift": 6},
    {"weights": sparse((5, 10, 1, 1)), "relu": True, "output_shift": 2}]
INPUT = sparse((2, 16, 16), 0.6, 100, 0)

def model(engine):
    return scnn.encode_model(engine, LAYERS, INPUT.shape)

def job(engine, model, output_bytes=10, operation=scnn.RUN, data=None):
    return sim.run_engine(engine, operation, model=model, input=INPUT.tobytes() if data is None else data,
                          output_bytes=output_bytes)

def show(**values):
    print(json.dumps(values))
"""


@pytest.fixture
def shown(script):
    def run(text):
        done = script(START + text)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)
    return run


def test_a_job_is_its_layers_one_after_the_other(shown):
    got = shown("""
data, cycles = INPUT, 0
for layer in LAYERS:
    options = {k: v for k, v in layer.items() if k != "weights"}
    r = scnn.run_layer(sim.Scnn(), layer["weights"], data, **options)
    data, cycles = r["output"], cycles + r["compute_cycles"]
engine = sim.Scnn()
done = job(engine, model(engine))
again = job(engine, model(engine))
show(status=done["status"], right=done["output"] == data.tobytes(), cycles=[cycles, done["compute_cycles"]],
     zero=not data.any(), read=done["read_bytes"], written=done["written_bytes"],
     sizes=[len(model(engine)) + INPUT.nbytes, data.nbytes], same=again == done)""")
    assert got["status"] == "ok" and got["right"] and not got["zero"] and got["same"]
    assert got["cycles"][0] == got["cycles"][1] > 0
    assert [got["read"], got["written"]] == got["sizes"]


def test_a_model_decodes_to_the_layers_it_was_made_of(shown):
    got = shown("""
back = scnn.decode_model(model(sim.Scnn()))
show(same=[bool((a["weights"] == b["weights"]).all()) for a, b in zip(back, LAYERS)], stride=[a["stride"] for a in back],
     bias=back[0]["bias"].tolist(), none=[a["bias"] is None for a in back])""")
    assert got["same"] == [True] * 4 and got["stride"] == [2, 1, 1, 1]
    assert got["bias"] == [k * 40 - 100 for k in range(6)] and got["none"] == [False, True, True, True]


@pytest.mark.parametrize("text, status", [
    ("job(engine, good, operation=7)", "bad_descriptor"),
    ("job(engine, good, output_bytes=12)", "bad_descriptor"),
    ("job(engine, good, data=b'')", "bad_descriptor"),
    ("job(engine, b'')", "bad_model"),
    ("job(engine, good[:-8])", "bad_model"),
    ("job(engine, b'EIE!' + good[4:])", "bad_model"),
    ("job(sim.Scnn(activation_ram_entries=1, pe_rows=1, pe_columns=1), good)", "bad_model"),
])
def test_a_damaged_job_fails_and_the_next_one_works(shown, text, status):
    got = shown(f"""
engine = sim.Scnn()
good = model(engine)
bad, after = {text}, job(engine, good)
show(bad=bad["status"], output=any(bad["output"]), after=after["status"])""")
    assert got == {"bad": status, "output": False, "after": "ok"}


def test_no_flipped_bit_of_a_model_breaks_the_engine(shown):
    got = shown("""
engine = sim.Scnn()
good, found = model(engine), {}
places = list(range(0, 340 * 8, 5)) + rng.integers(0, len(good) * 8, 400).tolist()
for place in places:
    bad = bytearray(good)
    bad[place // 8] ^= 1 << place % 8
    status = job(engine, bytes(bad))["status"]
    found[status] = found.get(status, 0) + 1
show(found=found, fault=bool(scnn.fault(engine)), after=job(engine, good)["status"], blank=scnn.fault(engine))""")
    assert set(got["found"]) <= {"ok", "bad_model", "bad_descriptor"}
    assert got["found"]["ok"] > 100 and got["found"]["bad_model"] > 100
    assert got["after"] == "ok" and got["blank"] == ""
