# SPDX-License-Identifier: BSD-3-Clause
"""Random cases for EIE; random_cases.py says how to run them."""
import os
import sys

import numpy as np
import sim

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import eie_rig as rig
from random_cases import run_cases


def outputs_and_identities(seed):
    layers, inputs, array, encoding = rig.random_case(np.random.default_rng(seed))
    expected = inputs
    theoretical = 0
    for layer in layers:
        pes, block = array["pes"], array["pes"] * encoding["registers"]
        columns = list(zip(layer["codes"].T, expected))
        if layer.get("bias_codes") is not None:
            columns.append((layer["bias_codes"], layer["one"]))
        theoretical += sum(rig.entries(column[first:first + block][pe::pes]) for column, value in columns if value != 0
                           for first in range(0, len(column), block) for pe in range(pes))
        by_device = sim.eie.reference(layer, expected)
        expected = rig.reference(layer, expected)
        assert np.array_equal(by_device, expected), f"seed {seed}: reference()"
    outputs, done, stats, model = rig.run(sim, layers, inputs, array, encoding)
    assert np.array_equal(outputs, expected), f"seed {seed}: outputs"
    assert stats.entries == theoretical, f"seed {seed}: entries {stats.entries}, not {theoretical}"
    assert done["compute_cycles"] * array["pes"] >= theoretical
    assert done["compute_cycles"] == stats.computing_cycles
    slots = stats.weights + stats.fillers + stats.empty_column_cycles + stats.idle_cycles
    assert slots == (stats.computing_cycles - stats.register_cycles) * array["pes"], f"seed {seed}: slots"
    described = sim.eie.describe(model)
    nonzeros = sum(np.count_nonzero(layer["codes"]) + np.count_nonzero(layer.get("bias_codes", [])) for layer in layers)
    assert described["entries"] == nonzeros + described["fillers"], f"seed {seed}: fillers"
    sections = sim.eie.sections(model)
    headers = 32 + 112 * len(layers) + 32 * len(sections)
    data = sum(2 * array["pes"] * (s["columns"] + 1) + s["entries"] for s in sections)
    assert stats.dma_read_bytes == done["read_bytes"] == headers + data + inputs.nbytes, f"seed {seed}: bytes read"
    assert stats.dma_written_bytes == done["written_bytes"] == outputs.nbytes, f"seed {seed}: bytes written"
    for layer, back in zip(layers, sim.eie.decode(model)):
        assert all(np.array_equal(back[name], layer.get(name)) for name in ("codes", "bias_codes", "codebook", "shift"))


def cycles(seed):
    """Cycles of a layer whose inputs fit into registers are those of the recurrence."""
    layers, inputs, array, encoding = rig.random_case(np.random.default_rng(seed))
    layer, pes = layers[0], array["pes"]
    encoding["registers"] = max(encoding["registers"], -(-max(layer["codes"].shape) // pes))
    encoding["most_entries"] = max(encoding["most_entries"], encoding["registers"])
    _, done, stats, model = rig.run(sim, [layer], inputs, array, encoding)
    sections = [(slice(None), s["first_column"], s["columns"]) for s in sim.eie.sections(model)]
    expected = rig.layer_cycles(layer, inputs, pes, array["queue_depth"], sections)
    assert done["compute_cycles"] == expected, f"seed {seed}: {done['compute_cycles']} cycles, not {expected}"


def monotone(seed):
    """A deeper queue is never slower, a wider Spmat memory never reads more often."""
    layers, inputs, array, encoding = rig.random_case(np.random.default_rng(seed))
    found = []
    for depth in (1, 2, 3, 4, 8, 16, 64):
        found.append(rig.run(sim, layers, inputs, array | {"queue_depth": depth}, encoding)[1]["compute_cycles"])
    assert found == sorted(found, reverse=True), f"seed {seed}: cycles {found}"
    found, times = [], set()
    for width in (8, 16, 32, 64, 128, 256, 512):
        _, done, stats, _ = rig.run(sim, layers, inputs, array | {"spmat_width": width}, encoding)
        found.append(stats.spmat_reads)
        times.add(done["compute_cycles"])
    assert found == sorted(found, reverse=True) and len(times) == 1, f"seed {seed}: reads {found}, cycles {times}"


def small_memories(seed):
    """What does not fit is reloaded: same outputs, same compute cycles, and exactly those bytes again."""
    layers, inputs, array, encoding = rig.random_case(np.random.default_rng(seed))
    outputs, done, stats, model = rig.run(sim, layers, inputs, array, encoding)
    sections = sim.eie.sections(model)
    spmat = max(max(s["most_entries"] for s in sections), sum(s["most_entries"] for s in sections) // 2)
    pointers = max(2 * (s["columns"] + 1) for s in sections) * 2
    engine = sim.Eie(**array, registers=max(64, encoding["registers"]), spmat_bytes=spmat, pointer_bytes=pointers,
                     activation_bytes=1 << 20)
    streamed = sections[resident(sections, spmat, pointers):]
    again = sum(2 * array["pes"] * (s["columns"] + 1) + s["entries"] for s in streamed)
    for job in range(3):
        before = sim.statistics_of(engine)
        operation = sim.eie.RUN_RESIDENT if job else sim.eie.RUN
        now = sim.run_engine(engine, operation, model=model, input=inputs.tobytes(), output_bytes=outputs.nbytes)
        counted = sim.statistics_of(engine) - before
        assert now["status"] == "ok" and now["output"] == outputs.tobytes(), f"seed {seed}: {sim.eie.fault(engine)}"
        assert now["compute_cycles"] == done["compute_cycles"], f"seed {seed}: cycles"
        assert counted.reloaded_bytes == again, f"seed {seed}: {counted.reloaded_bytes} bytes reloaded, not {again}"
        assert job == 0 or counted.dma_read_bytes == again + inputs.nbytes
    largest = max(s["most_entries"] for s in sections)
    if largest > 0:
        tight = sim.Eie(**array, registers=max(64, encoding["registers"]), spmat_bytes=largest - 1, activation_bytes=1 << 20)
        refused = sim.run_engine(tight, sim.eie.LOAD, model=model)
        assert refused["status"] == "bad_model" and "larger than a PE's memories" in sim.eie.fault(tight)


def resident(sections, spmat, pointers):
    """How many of the first sections can stay beside the largest of the others."""
    sizes = [(s["most_entries"], 2 * (s["columns"] + 1)) for s in sections]
    for count in range(len(sizes), -1, -1):
        rest = [max((size[i] for size in sizes[count:]), default=0) for i in (0, 1)]
        held = [sum(size[i] for size in sizes[:count]) for i in (0, 1)]
        if held[0] + rest[0] <= spmat and held[1] + rest[1] <= pointers:
            return count


def checksum(data):
    value = 2166136261
    for byte in data:
        value = (value ^ byte) * 16777619 & 0xffffffff
    return value


def with_checksums(model):
    """The model with checksums that fit its bytes, so that only its structure can give it away."""
    model = bytearray(model)
    word = lambda at: int.from_bytes(model[at:at + 4], "little")
    layers, sections = word(16), word(20)
    tables = 32 + 112 * layers + 32 * sections
    if layers > 100 or sections > 1000 or tables > len(model):
        return bytes(model)
    for i in range(sections):
        at = 32 + 112 * layers + 32 * i
        model[at + 28:at + 32] = checksum(model[word(at + 20):word(at + 20) + word(at + 24)][:1 << 16]).to_bytes(4, "little")
    model[24:28] = checksum(model[32:tables]).to_bytes(4, "little")
    return bytes(model)


def corrupt(seed):
    """A damaged model is refused, or does what its bytes say; the next job works."""
    random = np.random.default_rng(seed)
    layers, inputs, array, encoding = rig.random_case(random)
    outputs, _, _, model = rig.run(sim, layers, inputs, array, encoding)
    engine = sim.Eie(**array, registers=max(64, encoding["registers"]), unlimited=True)
    outcomes = set()
    for _ in range(10):
        damaged = bytearray(model)
        for _ in range(random.integers(1, 4)):
            at = random.integers(0, len(model) if random.random() < 0.5 else min(len(model), 400))
            damaged[at] = rig.pick(random, int(random.integers(256)), damaged[at] ^ 1 << int(random.integers(8)), 0xff)
        if random.random() < 0.2:
            damaged = damaged[:random.integers(0, len(damaged))]
        is_plain = random.random() < 0.5
        damaged = bytes(damaged) if is_plain or len(damaged) < 32 else with_checksums(damaged)
        done = sim.run_engine(engine, sim.eie.RUN, model=damaged, input=inputs.tobytes(), output_bytes=outputs.nbytes)
        if is_plain:   # intact, but for bytes between sections; or without the tables' checks
            assert done["status"] == "bad_model" or done["output"] == outputs.tobytes(), f"seed {seed}: {done['status']}"
        assert done["status"] in ("ok", "bad_model", "bad_descriptor"), f"seed {seed}: {done['status']}"
        assert (done["status"] == "ok") == (sim.eie.fault(engine) == "")
        outcomes.add(done["status"])
        good = sim.run_engine(engine, sim.eie.RUN, model=model, input=inputs.tobytes(), output_bytes=outputs.nbytes)
        assert good["status"] == "ok" and good["output"] == outputs.tobytes(), f"seed {seed}: the job after"


run_cases(globals())
