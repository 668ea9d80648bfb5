# SPDX-License-Identifier: BSD-3-Clause
"""ESE (Han et al., FPGA 2017, arXiv 1612.00694): the table of matrices, 282 GOP/s, balanced against unbalanced pruning."""
import sim
import accelerators
import ese_energy
import ese_lstm
import ese_runs
from figures import Figure, within

ABOUT = ("ESE (FPGA 2017, arXiv 1612.00694): one time step of the LSTM with synthetic weights of the published densities; "
         "32 channels of 32 PEs, 200 MHz, both DRAM modules for weights. No constant is fitted to the real column. Two "
         "readings were settled after first results: a matrix's time lasts until the next product can start, as a state "
         "machine's states do (counted to the product that waits, Wx was 36 % short and Wr 34 % long; the sum is the same), "
         "and weights come from both modules, for one (12.8 GB/s) would need 12 us for a Wr behind a Wx of 5.36 us.")
SEEDS = {"quick": 1, "usual": 3, "full": 5}
SOURCE = "fact sheet 3.2"
ROW_SPREAD = (0.1, 0.2, 0.3)   # of the logarithm of rows' weights, where masks are pruned without regard to balance


def parts_in_words(parts):
    return ", ".join(f"{value:.2f} us {name.replace('_', ' ')}" for name, value in parts.items() if value >= 0.005)


def averaged(seeds):
    """Records of one step, means of the seeds."""
    of_seeds = [ese_runs.Run(sim.Ese(), ese_lstm.synthetic(seed)) for seed in range(1, seeds + 1)]
    records = [run.records(run.output_ok(2)) for run in of_seeds]
    made = []
    for same in zip(*records):
        one = dict(same[0])
        for key in ("time_us", "theoretical_us", "energy_pj", "weights", "cycles", "dram_bytes"):
            one[key] = accelerators.mean([r[key] for r in same])
        one["parts_us"] = {part: accelerators.mean([r["parts_us"][part] for r in same]) for part in one["parts_us"]}
        one["output_ok"] = all(r["output_ok"] for r in same)
        made.append(one)
    return made


def theory(records, paper):
    why = ("theory is kept weights / 32 PEs / 200 MHz; the table rounds it to 0.1 us, up to 1.8 % of it, and the digits of the "
           "densities are of low confidence")
    figures = [Figure(f"W{r['layer']}: theoretical time", SOURCE, r["published_theoretical_us"], r["theoretical_us"], "us",
                      **within(r["published_theoretical_us"], 0.01), why=why) for r in records]
    whole = sum(r["theoretical_us"] for r in records)
    return figures + [Figure("LSTM: theoretical time", SOURCE, paper["theoretical_us"], whole, "us",
                             **within(paper["theoretical_us"], 0.01))]


def because(record, following):
    """What a matrix's time consists of, and why it is not the published one."""
    parts = parts_in_words(record["parts_us"]) + ". "
    if record["layer"] == "ym":
        return parts + ("The published time is that of a gate's two products (5.36 + 10.31 us), though this one has two thirds of "
                        "their weights and little to load behind it. Its columns have 1.6 entries a PE, a gate's 3.7: a PE that takes "
                        "three cycles for a column at least would need 16.1 us, and hardly more for a gate (--study=columns), but no "
                        "source says that one does.")
    if record["layer"].endswith("x"):
        load = following["dram_bytes"] / 25.6e3
        return parts + (f"Its state lasts as long as the load of W{following['layer']}: {following['dram_bytes'] / 1e3:.0f} KB, {load:.2f} "
                        "us at 25.6 GB/s without latency and refreshes; 5.36 us would be the weights with few or no pointers.")
    return parts + "The densities' digits are of low confidence, and where fillers and empty columns fall is ours."


def real(records, paper):
    following = records[1:] + records[:1]
    figures = [Figure(f"W{r['layer']}: real time", SOURCE, r["published_us"], r["time_us"], "us", why=because(r, n))
               for r, n in zip(records, following)]
    whole = sum(r["time_us"] for r in records)
    gops = 2e-3 * 32 * sum(r["weights"] for r in records) / whole
    pj = sum(r["energy_pj"] for r in records)
    return figures + [Figure("LSTM: real time", SOURCE, paper["real_us"], whole, "us"),
                      Figure("LSTM: sparse GOP/s", SOURCE, paper["gops"], gops, "GOP/s"),
                      Figure("power: circuits and DRAM of a chip at 22 nm beside the card's", SOURCE, ese_energy.FPGA_WATTS,
                             pj * 1e-6 / whole, "W")]


def other_choices():
    """What is not published: how the card's two modules are used, what a buffer holds, how a PE reads its pointers."""
    made = ese_lstm.synthetic(1)
    figures = []
    for words in (256, 1024):
        figures.append(Figure(f"LSTM: real time with buffers of {words} entries", SOURCE, 82.7,
                              ese_runs.step_us(sim.Ese(weight_entries=words, pointer_columns=words - 1), made), "us"))
    figures.append(Figure("LSTM: real time with weights in one module", SOURCE, 82.7,
                          ese_runs.step_us(sim.Ese(dram_bits=64), made), "us"))
    for cycles in (2, 3):
        run = ese_runs.Run(sim.Ese(column_cycles=cycles), made)
        us = {m["matrix"]: m["cycles"] / run.engine.clock for m in run.matrices()}
        for name, published, found in (("LSTM", 82.7, sum(us.values())), ("Wym", 15.66, us["ym"])):
            figures.append(Figure(f"{name}: real time at {cycles} cycles a column of a PE at least", SOURCE, published, found, "us"))
    return figures


def balance():
    """Beside the dense LSTM on the same machine, and at a weight a PE and cycle; 507.5 / 82.7 is the paper's 6.1."""
    weights = sum(row["rows"] * row["columns"] for name, row in ese_lstm.published().items() if name != "total")
    dense = {"dense": ese_runs.step_us(sim.Ese(weight_entries=65535), ese_lstm.synthetic(1, density=1)),
             "ideal dense": weights / 32 / 200}
    masks = [("balanced masks", 6.2, ese_lstm.synthetic(1))]
    for spread in ROW_SPREAD:
        made = ese_lstm.synthetic(1, is_balanced=False, row_spread=spread)
        masks.append((f"unbalanced masks, max/mean {max(made.imbalance.values()):.2f}", 5.5, made))
    figures = []
    for name, published, made in masks:
        us = ese_runs.step_us(sim.Ese(), made)
        figures += [Figure(f"{name}, over {what}", "fact sheet 3.1", published, of / us) for what, of in dense.items()]
    return figures


def check(options):
    paper = ese_lstm.published()["total"]
    records = averaged(SEEDS[options.length])
    figures = theory(records, paper) + real(records, paper)
    if options.length != "quick":
        figures += other_choices() + balance()
    return figures, records
