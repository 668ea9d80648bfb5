# SPDX-License-Identifier: BSD-3-Clause
"""Random cases for ESE; random_cases.py says how to run them."""
import os
import sys

import numpy as np
import sim

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import ese_rig as rig
from random_cases import run_cases


def machine(random):
    return {"pes": rig.pick(random, 1, 1, 2, 3, 4, 7, 16, 32), "queue_depth": rig.pick(random, 1, 1, 2, 3, 8),
            "column_cycles": rig.pick(random, 1, 1, 2, 3),
            "element_multipliers": rig.pick(random, 1, 3, 15), "element_latency": rig.pick(random, 0, 4),
            "dram_bits": rig.pick(random, 1, 8, 64, 4096), "dram_latency": rig.pick(random, 0, 100),
            "refresh_interval": rig.pick(random, 0, 1000), "pointer_bits": rig.pick(random, 5, 16)}


def operand(name, step, x, y, m):
    """What a matrix's columns are multiplied with in a step: channels x columns."""
    if name == "ym":
        return m[step]
    if name[1] == "x":
        return x[step]
    return y[step - 1] if step else np.zeros_like(y[0])


def outputs_and_identities(seed):
    random = np.random.default_rng(seed)
    lstm, x = rig.random_lstm(random)
    how = machine(random)
    words = 4096
    if random.random() < 0.3:   # several sections a matrix
        words = -(-max(lstm["ix"].shape[0], lstm["ym"].shape[0]) // how["pes"]) + int(random.integers(6))
    layout = {"most_words": words, "most_columns": int(rig.pick(random, 2047, 1, 3))}
    expected, m = rig.reference(lstm, x)
    assert np.array_equal(sim.ese.reference(lstm, x), expected), f"seed {seed}: reference()"
    y, done, stats, times, model = rig.run(sim, lstm, x, layout=layout, **how)
    assert np.array_equal(y, expected), f"seed {seed}: outputs"
    decoded = sim.ese.decode(model)
    for name in (*rig.MATRICES, "sigmoid", "tanh"):
        assert np.array_equal(decoded[name], lstm[name]), f"seed {seed}: decode, {name}"
    for name in ("bias", "peepholes"):
        assert all(np.array_equal(a, b) for a, b in zip(decoded[name], lstm[name])), f"seed {seed}: decode, {name}"
    pes = how["pes"]
    weights = fillers = 0
    for step in range(len(x)):
        for name in rig.MATRICES:
            for column in np.flatnonzero(np.any(operand(name, step, x, expected, m) != 0, axis=0)):
                found = [rig.entries(lstm[name][pe::pes, column]) for pe in range(pes)]
                weights += sum(f[0] for f in found)
                fillers += sum(f[1] for f in found)
    assert (stats.weights, stats.fillers) == (weights, fillers), f"seed {seed}: entries"
    assert stats.multiplications == weights * x.shape[1]
    assert stats.queue_writes == stats.broadcasts * pes * x.shape[1]
    slots = stats.weights + stats.fillers + stats.empty_column_cycles + stats.idle_cycles
    assert slots == stats.array_cycles * pes, f"seed {seed}: slots"
    assert stats.array_cycles * pes >= weights
    parts = stats.array_cycles + stats.load_wait_cycles + stats.element_wait_cycles
    assert parts == stats.computing_cycles == done["compute_cycles"], f"seed {seed}: parts of the time"
    assert stats.dma_read_bytes == len(model) + x.nbytes and done["read_bytes"] == x.nbytes, f"seed {seed}: bytes read"
    assert stats.dma_written_bytes == done["written_bytes"] == y.nbytes, f"seed {seed}: bytes written"
    sections = sim.ese.sections(model)
    loaded = sum(-(-(s["columns"] + 1) * pes * how["pointer_bits"] // 8) + 2 * s["words"] * pes for s in sections)
    assert stats.dram_bytes == loaded * len(x), f"seed {seed}: bytes from DRAM"


def cycles(seed):
    random = np.random.default_rng(seed)
    lstm, x = rig.random_lstm(random)
    how = machine(random)
    y, done, stats, times, _ = rig.run(sim, lstm, x, **how)
    _, m = rig.reference(lstm, x)
    for t in times:
        used = np.any(operand(t["matrix"], t["step"], x, y, m) != 0, axis=0)
        expected = rig.section_cycles(lstm[t["matrix"]], used, how["pes"], how["queue_depth"], how["column_cycles"])
        assert t["cycles"] == expected, f"seed {seed}: {t['matrix']}: {t['cycles']} cycles, not {expected}"


def schedule(seed):
    """One section a matrix: nothing is used before it has come, no buffer is filled while it is in use."""
    random = np.random.default_rng(seed)
    lstm, x = rig.random_lstm(random)
    how = machine(random) | {"dram_latency": 0, "refresh_interval": 0}
    _, done, _, times, model = rig.run(sim, lstm, x, **how)
    size = [-(-(s["columns"] + 1) * how["pes"] * how["pointer_bits"] // 8) + 2 * s["words"] * how["pes"]
            for s in sim.ese.sections(model)]
    busy = [-(-b * 8 * 200 // (how["dram_bits"] * 1600)) for b in size]
    cells, outputs = lstm["ix"].shape[0], lstm["ym"].shape[0]

    def rounds(products):
        return -(-products // how["element_multipliers"])
    for k, t in enumerate(times):
        before = times[k - 1] if k else None
        assert t["load_end"] <= t["begin"] and t["end"] == t["begin"] + t["cycles"], f"seed {seed}: {t['matrix']}"
        assert t["load_end"] - t["load_begin"] >= busy[k % 9] - 1, f"seed {seed}: {t['matrix']} came too fast"
        if k:
            assert t["begin"] >= before["end"] and t["load_begin"] >= before["load_end"]
            assert t["begin"] - before["end"] == t["load_wait"] + t["element_wait"]
        if k > 1:
            assert t["load_begin"] >= times[k - 2]["end"], f"seed {seed}: a buffer in use is filled"
        if t["matrix"] == "ym":
            assert t["begin"] >= before["end"] + rounds(2 * cells) + how["element_latency"]
        if t["matrix"] == "ir" and k > 8:
            assert t["begin"] >= times[k - 2]["end"] + rounds(outputs) + how["element_latency"]
    assert done["compute_cycles"] == times[-1]["end"] + rounds(outputs) + how["element_latency"]


def monotone(seed):
    """Deeper queues, wider DRAM and more multipliers never cost cycles."""
    random = np.random.default_rng(seed)
    lstm, x = rig.random_lstm(random)
    how = machine(random) | {"refresh_interval": 0, "dram_latency": 0}
    for name, values in (("queue_depth", (1, 2, 4, 100)), ("dram_bits", (1, 8, 64, 4096)), ("element_multipliers", (1, 2, 15))):
        took = [rig.run(sim, lstm, x, **(how | {name: value}))[1]["compute_cycles"] for value in values]
        assert took == sorted(took, reverse=True), f"seed {seed}: {name}: {took}"


def to_be_damaged(seed):
    random = np.random.default_rng(seed)
    lstm, x = rig.random_lstm(random)
    return random, lstm, x, sim.Ese(channels=8, pes=4), bytearray(sim.ese.encode(lstm, pes=4))


def corrupt(seed):
    """A damaged model is refused or, where only padding changed, read alike; the next job works."""
    random, lstm, x, engine, model = to_be_damaged(seed)
    for _ in range(6):
        damaged = bytearray(model)
        kind = random.integers(3)
        if kind == 0:
            damaged[random.integers(len(damaged))] ^= 1 << random.integers(8)
        elif kind == 1:
            damaged = damaged[:random.integers(len(damaged))]
        else:
            damaged[4 * random.integers(30):][:4] = random.bytes(4)
            at = 4 * int(random.integers(30))
            damaged[at:at + 4] = random.bytes(4)
        if damaged == model:
            continue
        done = sim.run_engine(engine, sim.ese.LOAD, model=bytes(damaged))
        reserved = len(damaged) == len(model) and damaged[:60] == model[:60] and damaged[120:] == model[120:]
        assert done["status"] == ("ok" if reserved else "bad_model"), f"seed {seed}: {done['status']}"
        if not reserved:
            assert sim.run_engine(engine, sim.ese.RUN, model=bytes(damaged), arguments=[1, 1])["status"] == "bad_model"
    y, *_ = rig.run(sim, lstm, x, engine=engine)
    assert np.array_equal(y, rig.reference(lstm, x)[0]), f"seed {seed}: after damaged models"


def damaged_inside(seed):
    """Damage behind a checksum that agrees: refused or computed, and never more than that."""
    random, lstm, x, engine, model = to_be_damaged(seed)
    for _ in range(6):
        damaged = bytearray(model)
        for _ in range(random.integers(1, 4)):
            place = random.integers(120, len(damaged) if random.random() < 0.5 else 120 + 9 * 32 + 9 * 32)
            damaged[place] = random.integers(256)
        checksum = 2166136261
        for word in np.frombuffer(bytes(damaged[120:]), "<u4"):
            checksum = ((checksum ^ int(word)) * 16777619) & 0xffffffff
        damaged[8:12] = checksum.to_bytes(4, "little")
        done = sim.run_engine(engine, sim.ese.LOAD, model=bytes(damaged))
        assert done["status"] in ("ok", "bad_model")
        if done["status"] == "ok":
            steps, channels, _ = x.shape
            done = sim.run_engine(engine, sim.ese.RUN, model=bytes(damaged), input=x.tobytes(), arguments=[steps, channels],
                                  output_bytes=2 * steps * channels * lstm["ym"].shape[0])
            assert done["status"] == "ok", f"seed {seed}: {sim.ese.fault(engine)}"
            y = sim.ese.reference(sim.ese.decode(bytes(damaged)), x)
            assert y.tobytes() == done["output"], f"seed {seed}: a changed weight counts as it reads"


run_cases(globals())
