# SPDX-License-Identifier: BSD-3-Clause
"""Runs random cases in the simulator: `build/sim run_eie_cases.py KIND FIRST_SEED COUNT`; prints how many held."""
import os
import sys

import numpy as np
import sim

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import eie_rig as rig


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


def main():
    kind, first, count = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    for seed in range(first, first + count):
        globals()[kind](seed)
    print(count)


main()
