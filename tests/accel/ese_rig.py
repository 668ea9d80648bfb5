# SPDX-License-Identifier: BSD-3-Clause
"""Random LSTMs for ESE, and what they must give and take: numbers from the format's definition, cycles by stepping
through them; shares nothing with the device."""
from collections import deque

import numpy as np

MATRICES = ["ix", "ir", "fx", "fr", "cx", "cr", "ox", "or", "ym"]


def pick(random, *choices):
    return choices[random.integers(len(choices))]


def random_lstm(random, largest=20):
    inputs, cells, outputs = (int(random.integers(1, pick(random, 3, 8, largest) + 1)) for _ in range(3))
    if random.random() < 0.1:
        cells = int(random.integers(40, 90))   # runs of more than 15 rows
    reach = pick(random, 3, 300, 2048)
    lstm = {}
    for name in MATRICES:
        shape = (outputs, cells) if name == "ym" else (cells, inputs if name[1] == "x" else outputs)
        density = pick(random, 0, 0.05, 0.2, 0.6, 1)
        lstm[name] = np.where(random.random(shape) < density, random.integers(-reach, reach, shape), 0).astype(np.int16)
    lstm["shifts"] = [int(s) for s in random.integers(0, 14, 9)]
    wide = pick(random, 1000, 2**31 - 1)   # the larger saturates
    lstm["bias"] = [random.integers(-wide, wide, cells, dtype=np.int64).astype(np.int32) for _ in range(4)]
    lstm["peepholes"] = [random.integers(-32768, 32767, cells).astype(np.int16) for _ in range(3)]
    for name in ("sigmoid", "tanh"):   # any table must do
        lstm[name] = random.integers(-32768, 32768, 2048).astype(np.int16)
        if random.random() < 0.5:
            lstm[name].sort()
    for name in ("peephole_shift", "sigmoid_shift", "tanh_shift", "cell_tanh_shift", "y_shift"):
        lstm[name] = int(random.integers(0, 18))
    lstm["state_fraction"] = int(random.integers(0, 16))
    steps, channels = int(random.integers(1, 4)), int(pick(random, 1, 1, 2, 3, 5))
    x = random.integers(-32768, 32768, (steps, channels, inputs))
    x = np.where(random.random(x.shape) < pick(random, 0, 0.3, 1), x, 0).astype(np.int16)
    return lstm, x


def shift(values, bits):
    return np.floor_divide(values + (1 << bits >> 1), 1 << bits)


def clip(values, bits):
    return np.clip(values, -(1 << (bits - 1)), (1 << (bits - 1)) - 1)


def product(matrix, bits, vector, sums):
    """`vector`: channels x columns; columns upward, each product shifted, each sum limited."""
    for column in range(matrix.shape[1]):
        sums = clip(sums + shift(vector[:, column, None] * matrix[:, column].astype(np.int64), bits), 32)
    return sums


def reference(lstm, x):
    """(y, m) of every step."""
    x = x.astype(np.int64)
    cells, outputs = lstm["ix"].shape[0], lstm["ym"].shape[0]
    y, c = np.zeros((x.shape[1], outputs), np.int64), np.zeros((x.shape[1], cells), np.int64)
    ys, ms = [], []

    def look(table, values, bits):
        return lstm[table].astype(np.int64)[np.clip(shift(values, bits) + 1024, 0, 2047)]

    def gate(name, now):
        at = MATRICES.index(name + "x")
        sums = product(lstm[name + "x"], lstm["shifts"][at], now, np.zeros((len(now), cells), np.int64))
        sums = product(lstm[name + "r"], lstm["shifts"][at + 1], y, sums)
        if name != "c":
            peephole = lstm["peepholes"]["ifo".index(name)].astype(np.int64)
            sums = clip(sums + shift(peephole * c, lstm["peephole_shift"]), 32)
        sums = clip(sums + lstm["bias"]["ifco".index(name)].astype(np.int64), 32)
        table = "tanh" if name == "c" else "sigmoid"
        return look(table, sums, lstm[table + "_shift"])

    bits = lstm["state_fraction"]
    for now in x:
        i, f, g = gate("i", now), gate("f", now), gate("c", now)
        c = clip(shift((f * c) * (1 << (15 - bits)) + i * g, 30 - bits), 16)
        m = clip(shift(gate("o", now) * look("tanh", c, lstm["cell_tanh_shift"]), 15), 16)
        y = clip(shift(product(lstm["ym"], lstm["shifts"][8], m, np.zeros_like(y)), lstm["y_shift"]), 16)
        ys.append(y)
        ms.append(m)
    return np.array(ys), np.array(ms)


def entries(column):
    """Of one PE's rows of a column: (weights, fillers)."""
    zeros = weights = fillers = 0
    for weight in column:
        if weight == 0:
            zeros += 1
        else:
            weights, fillers, zeros = weights + 1, fillers + zeros // 16, 0
    return weights, fillers


def section_cycles(matrix, used, pes, depth, column_cycles):
    """Cycles of a section that is the whole matrix, a cycle at a time."""
    counts = [[sum(entries(matrix[pe::pes, c])) for c in range(matrix.shape[1])] for pe in range(pes)]
    queues = [deque() for _ in range(pes)]
    left = [0] * pes              # cycles of the column a PE is at
    columns = deque(range(matrix.shape[1]))
    end, cycle = 0, 0
    while columns or any(queues):
        is_full = any(len(queue) == depth for queue in queues)
        for pe, queue in enumerate(queues):   # what was in the queue at the cycle's start
            if not queue:
                continue
            if left[pe] == 0:
                left[pe] = max(column_cycles, counts[pe][queue[0]])
            left[pe] -= 1
            end = max(end, cycle + 1 + (4 if counts[pe][queue[0]] else 0))
            if left[pe] == 0:
                queue.popleft()
        if columns and not used[columns[0]]:
            columns.popleft()
            end = max(end, cycle + 1)
        elif columns and not is_full:
            column = columns.popleft()
            for queue in queues:
                queue.append(column)
        cycle += 1
    return end


def run(sim, lstm, x, engine=None, layout=None, **more):
    """Outputs, the job, its statistics, its times, and the model, of LOAD and RUN on an engine."""
    engine = engine or sim.Ese(channels=8, **more)
    model = sim.ese.encode(lstm, pes=engine.pes, **(layout or {}))
    done = sim.run_engine(engine, sim.ese.LOAD, model=model)
    assert done["status"] == "ok", sim.ese.fault(engine)
    steps, channels, _ = x.shape
    outputs = lstm["ym"].shape[0]
    done = sim.run_engine(engine, sim.ese.RUN, model=model, input=x.tobytes(), output_bytes=2 * steps * channels * outputs,
                          arguments=[steps, channels])
    assert done["status"] == "ok", sim.ese.fault(engine)
    y = np.frombuffer(done["output"], np.int16).reshape(steps, channels, outputs)
    return y, done, sim.statistics_of(engine), sim.ese.times(engine), model
