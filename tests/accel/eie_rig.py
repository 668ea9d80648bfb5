# SPDX-License-Identifier: BSD-3-Clause
"""Random layers for EIE, and what they must give and take: written from the paper, sharing nothing with the device."""
import numpy as np


def reference(layer, inputs):
    """Outputs of a layer from its dense matrix; columns upward, the bias last."""
    codes, bias = layer["codes"], layer.get("bias_codes")
    is_float = layer["arithmetic"] == "float32"
    book = np.array(layer["codebook"], np.float32 if is_float else np.int64)
    columns = [(codes[:, c], inputs[c]) for c in range(codes.shape[1])]
    if bias is not None:
        columns.append((bias, layer["one"]))
    sums = np.zeros(codes.shape[0], np.float32 if is_float else np.int64)
    half = (1 << layer["shift"]) >> 1
    for column, value in columns:
        weights = np.where(column != 0, book[column], 0)
        if is_float:
            sums = np.where((column != 0) & (value != 0), sums + weights.astype(np.float32) * np.float32(value), sums)
        elif layer["arithmetic"] == "wide":
            sums += weights * int(value)
        else:
            product = weights * int(value)
            product = (product + (half if layer["arithmetic"] == "round" else 0)) >> layer["shift"]
            sums = np.clip(sums + product, -32768, 32767)
    if layer["arithmetic"] == "wide":
        sums = np.clip((sums + half) >> layer["shift"], -32768, 32767)
    if layer.get("relu"):
        sums = np.maximum(sums, 0)
    return sums.astype(np.float32 if is_float else np.int16)


def pick(random, *choices):
    return choices[random.integers(len(choices))]


def random_layer(random, inputs, outputs, arithmetic):
    density = pick(random, 0, 0.03, 0.2, 0.6, 1)
    codes = np.where(random.random((outputs, inputs)) < density, random.integers(1, 16, (outputs, inputs)), 0)
    if random.random() < 0.3:   # columns without weights
        codes[:, random.random(inputs) < 0.5] = 0
    layer = {"codes": codes.astype(np.uint8), "arithmetic": arithmetic, "relu": bool(random.integers(2)), "shift": 0}
    if random.random() < 0.6:
        layer["bias_codes"] = random.integers(0, 16, outputs).astype(np.uint8)
    if arithmetic == "float32":
        layer["codebook"] = [float(np.float32(x)) for x in random.normal(0, 1, 16)]
        layer["one"] = 1.0
    else:
        reach = pick(random, 200, 32768)   # the larger saturates
        layer["codebook"] = [int(x) for x in random.integers(-reach, reach, 16)]
        layer["shift"] = int(random.integers(0, 16))
        layer["one"] = int(random.integers(-300, 300))
    return layer


def random_case(random):
    """Layers, inputs, and parameters of the array and of the encoding."""
    arithmetic = pick(random, "round", "round", "round", "truncate", "wide", "float32")
    sizes = [int(random.integers(1, pick(random, 4, 20, 120))) for _ in range(random.integers(2, 5))]
    layers = [random_layer(random, a, b, arithmetic) for a, b in zip(sizes, sizes[1:])]
    values = random.normal(0, 1, sizes[0]) if arithmetic == "float32" else random.integers(-2000, 2000, sizes[0])
    values = np.where(random.random(sizes[0]) < pick(random, 0, 0.3, 1), values, 0)
    array = {"pes": pick(random, 1, 1, 2, 3, 4, 5, 8, 16, 17, 64), "queue_depth": pick(random, 1, 1, 2, 3, 8, 16),
             "spmat_width": pick(random, 8, 32, 64, 512), "keeps_line": bool(random.integers(2))}
    encoding = {"registers": pick(random, 1, 2, 5, 16, 64)}
    encoding["most_entries"] = int(encoding["registers"] + random.integers(0, 40)) if random.random() < 0.3 else 65535
    encoding["most_columns"] = int(random.integers(1, 9)) if random.random() < 0.3 else 16383
    return layers, values.astype(np.float32 if arithmetic == "float32" else np.int16), array, encoding


def run(sim, layers, inputs, array, encoding, **more):
    """Outputs, the job's record, its statistics and the model of a stand-alone run with resident data."""
    model = sim.eie.encode(layers, pes=array["pes"], **encoding)
    registers = max(64, encoding["registers"])
    engine = sim.Eie(**array, registers=registers, unlimited=True, **more)
    size = 4 if layers[0]["arithmetic"] == "float32" else 2
    done = sim.run_engine(engine, sim.eie.RUN, model=model, input=inputs.tobytes(),
                          output_bytes=size * len(layers[-1]["codes"]))
    assert done["status"] == "ok", sim.eie.fault(engine)
    outputs = np.frombuffer(done["output"], np.float32 if size == 4 else np.int16)
    return outputs, done, sim.statistics_of(engine), model


def entries(codes):
    """Entries, fillers among them, of one PE's column."""
    count, zeros = 0, 0
    for code in codes:
        if code == 0:
            zeros += 1
        else:
            count += zeros // 16 + 1
            zeros = 0
    return count


def section_cycles(counts, first_column, values, pes, depth):
    """Cycles of one section, by when each activation is sent and each PE is done with it: `counts` are entries by PE
    and column, `values` the columns' activations (the bias column, where there is one, begins a row of its own)."""
    levels = 1
    while 4 ** levels < pes:
        levels += 1
    bubbles, fed, sent, last_of_all = 1, -1, [], []
    free = np.zeros(pes, int)      # cycle in which each PE can take the next
    written = np.zeros(pes, int)   # cycle after each PE's last write
    last_sent_at = -1
    for i, (value, starts_row) in enumerate(values):
        if i and starts_row:
            bubbles += last_sent_at != i - 1
        if value == 0:
            continue
        number = len(sent)
        fed = fed + 1 + bubbles
        if number >= levels:
            fed = max(fed, sent[number - levels])
        when = max(fed + levels, sent[-1] + 1 if sent else 0)
        if number >= depth:
            when = max(when, last_of_all[number - depth] + 1)
        sent.append(when)
        ends = np.maximum(when + 1, free) + np.maximum(1, counts[:, i])
        free = ends
        written = np.where(counts[:, i] > 0, ends + 4, written)
        last_of_all.append(int(ends.max()))
        bubbles, last_sent_at = 0, i
    return max(int(written.max()), last_of_all[-1] + 1 if sent else 0, fed + 1 + bubbles)


def layer_cycles(layer, values, pes, depth, sections):
    """Cycles of a layer whose inputs fit the registers; `sections`: (row block, first column, columns), in order."""
    codes = layer["codes"]
    if layer.get("bias_codes") is not None:
        codes = np.column_stack([codes, layer["bias_codes"]])
    inputs = len(values)
    total = 0
    for rows, first, columns in sections:
        part = codes[rows]
        counts = np.array([[entries(part[pe::pes, c]) for c in range(first, first + columns)] for pe in range(pes)])
        given = [(values[c], c % pes == 0) if c < inputs else (layer["one"], True) for c in range(first, first + columns)]
        total += section_cycles(counts, first, given, pes, depth)
    return total
