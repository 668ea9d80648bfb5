# SPDX-License-Identifier: BSD-3-Clause
"""SCNN (Parashar et al., ISCA 2017): its 72 layers with made-up operands of the published densities."""
import sim
import scnn_energy
import scnn_layers
import scnn_runs
from figures import Figure, within

ABOUT = ("SCNN (ISCA 2017): its 72 layers, with random operands of the published densities, on SCNN, DCNN and "
         "DCNN-opt; a sweep of densities on GoogLeNet; array shapes; rivals. One set of choices: those of Scnn and Dcnn "
         "in configs/REFERENCE.md.")
SOURCE = "fact sheet 2.4"
SPEEDUPS = {"alexnet": (2.37, 0.05), "googlenet": (2.19, 0.05), "vgg16": (3.52, 0.15)}
USUAL_DENSITIES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.1)
# As many multipliers, accumulators and memories in 4 PEs.
FOUR_PES = {"pe_rows": 2, "pe_columns": 2, "weights_wide": 16, "activations_wide": 16, "banks": 512,
            "activation_ram_entries": 65536}


def slots_in_words(made):
    """Where the multipliers' slots went, largest first, in percent."""
    shares = {name.replace("_", " "): share for name, share in made["slots"].items() if name != "idle_slots"}
    shares |= {name.replace("_", " "): share for name, share in made["pe_cycles"].items()}
    found = sorted(shares.items(), key=lambda item: -item[1])
    return ", ".join(f"{100 * share:.1f} % {name}" for name, share in found if share >= 0.005)


def network_records(network, values):
    return [scnn_runs.run(scnn_layers.made_up(layer), {}, values=values, every=8 if values else 0)[0]
            for layer in scnn_layers.chosen(network)]


def network_figures(networks):
    figures = []
    for name, made in networks.items():
        published, share = SPEEDUPS[name]
        figures.append(Figure(f"speed-up over DCNN, {name}", SOURCE, published, made["speedup"], "", **within(published, share),
                              why="slots: " + slots_in_words(made)))
    for name, made in networks.items():
        layers = scnn_layers.chosen(name)
        dense = sum(layer.dense_multiplies for layer in layers)
        figures.append(Figure(f"dense multiplications, {name}", "layer table", dense, made["dense_multiplies"], "",
                              low=dense, high=dense))
        products = sum(layer.nonzero_products for layer in layers)
        figures.append(Figure(f"non-zero products, {name}", "layer table", products, made["executed_products"], "",
                              **within(products, 0.005), why="the masks are random"))
    if len(networks) == len(SPEEDUPS):
        tiled = sum(made["tiled_layers"] for made in networks.values())
        figures.append(Figure("layers through DRAM", SOURCE, 9, tiled, "layers", low=9, high=9))
    return figures


# ---- densities
# -----------------------------------------------------------------------------------------------------

def sweep(settings, densities):
    layers = scnn_layers.chosen("googlenet")
    return {density: scnn_runs.at_density(layers, density, settings) for density in densities}


def energy_points(points, assume, over):
    return [(density, made["energies_pj"][assume.name]["scnn"] / made["energies_pj"][assume.name][over])
            for density, made in points.items()]


def density_figures(points):
    dense = points[1.0]
    crossing = scnn_runs.crossing([(density, made["speedup"]) for density, made in points.items()], 1)
    why = "between 0.7 and 0.9 whole vectors stay: at Kc 8 and tiles of 4 or fewer activations a block of fewer non-zeros "
    why += "still takes as many cycles; at 0.8: " + (slots_in_words(points[0.8]) if 0.8 in points else "")
    return [Figure("speed at densities 1.0/1.0, GoogLeNet", SOURCE, 0.79, dense["speedup"], "", **within(0.79, 0.1),
                   why="slots: " + slots_in_words(dense)),
            Figure("density at which speeds cross", SOURCE, 0.85, crossing, "", **within(0.85, 0.1), why=why)]


# What an analytic model leaves out: PEs that FIFOs keep together, the rate at which weights come, placeholders.
UNLIMITED = {"group_filters_cap": 64, "weight_fifo_vectors": 65536, "dram_bytes_per_cycle": 0, "broadcast_vectors": 1024}


def unlimited_figures():
    """Not the model's choices: what the sweep would be with fewer limits."""
    points = sweep(UNLIMITED, (1.0, 0.8, 0.7, 0.1))
    free = sweep(UNLIMITED | {"placeholders_take_slots": False}, (0.1,))
    name = "Kc cap 64, weights unlimited"
    crossing = scnn_runs.crossing([(density, made["speedup"]) for density, made in points.items()], 1)
    return [Figure(f"density at which speeds cross, {name}", SOURCE, 0.85, crossing),
            Figure(f"speed at 0.1/0.1, {name}", SOURCE, 24, points[0.1]["speedup"]),
            Figure(f"speed at 0.1/0.1, {name}, no placeholders", SOURCE, 24, free[0.1]["speedup"])]


def lowest_density_figures(caps):
    figures = []
    for cap in caps:
        for takes in (True, False):
            made = sweep({"group_filters_cap": cap, "placeholders_take_slots": takes}, (0.1,))[0.1]
            kind = "with" if takes else "without"
            figures.append(Figure(f"speed at 0.1/0.1, Kc cap {cap}, {kind} placeholder cost", SOURCE, 24, made["speedup"]))
    return figures


# ---- energy
# --------------------------------------------------------------------------------------------------------

def energy_figures(networks, points):
    """Every ratio under each pair of prices: reported, not judged."""
    figures = []
    for assume in scnn_energy.RANGE:
        of = [made["energies_pj"][assume.name] for made in networks.values()]
        mean = lambda who: sum(e["dcnn"] / e[who] for e in of) / len(of)   # noqa: E731
        figures += [Figure(f"DCNN's energy over SCNN's, {assume.name}", SOURCE, 2.3, mean("scnn")),
                    Figure(f"DCNN's energy over DCNN-opt's, {assume.name}", SOURCE, 2.0, mean("dcnn_opt"))]
        if 1.0 not in points:
            continue
        over_dcnn, over_opt = (energy_points(points, assume, who) for who in ("dcnn", "dcnn_opt"))
        figures += [Figure(f"energy at 1.0/1.0, {assume.name}", SOURCE, 1.33, dict(over_dcnn)[1.0]),
                    Figure(f"energies cross DCNN's, {assume.name}", SOURCE, 0.83, scnn_runs.crossing(over_dcnn, 1)),
                    Figure(f"energies cross DCNN-opt's, {assume.name}", SOURCE, 0.6, scnn_runs.crossing(over_opt, 1))]
    return figures


def area_figures():
    return [Figure(f"area of a PE's {name}", "fact sheet 2.1", published, ours, "mm2")
            for name, (published, ours) in scnn_energy.scnn_areas(sim.Scnn()).items()]


# ---- array shapes and rivals
# ------------------------------------------------------------------------------------------

def shape_figures(googlenet):
    layers = scnn_layers.chosen("googlenet")
    four = scnn_runs.summed([scnn_runs.run(scnn_layers.made_up(layer), FOUR_PES, values=False, every=0)[0]
                             for layer in layers])
    late = [r for r in googlenet if r["layer"].startswith("inception_5") and "1x1" in r["layer"]]
    return [Figure("64 PEs of 16 over 4 PEs of 256, GoogLeNet", SOURCE, 1.11, four["cycles"] / scnn_runs.total(googlenet, "cycles")),
            Figure("multiplier utilisation, 64 PEs", SOURCE, 0.59, scnn_runs.summed(googlenet)["utilisation"]),
            Figure("multiplier utilisation, 4 PEs", SOURCE, 0.35, four["utilisation"]),
            Figure("highest utilisation of the last 1x1 layers", SOURCE, 0.2, max(r["utilisation"] for r in late), "",
                   low=0, high=0.2, why="slots: " + slots_in_words(scnn_runs.summed(late)))]


def rival_figures():
    layers = [layer.at_density(0.4) for layer in scnn_layers.chosen("googlenet")]
    records = [scnn_runs.run(scnn_layers.made_up(layer), {}, values=False, every=0,
                             rivals=("sparse_weights", "sparse_activations"))[0] for layer in layers]
    cycles, energy = scnn_runs.total(records, "cycles"), scnn_runs.total(records, "energy_pj")
    figures = []
    for rival, name, speed, saving in (("sparse_weights", "SparseW", 1.7, 1.6), ("sparse_activations", "SparseA", 2.6, 2.1)):
        figures += [Figure(f"speed over {name} at 0.4/0.4", SOURCE, speed, scnn_runs.total(records, rival + "_cycles") / cycles),
                    Figure(f"{name}'s energy over SCNN's at 0.4/0.4", SOURCE, saving,
                           scnn_runs.total(records, rival + "_energy_pj") / energy)]
    return figures


def fully_connected_figure():
    import numpy as np
    weights, inputs = np.ones((512, 2048, 1, 1), np.int16), np.ones((2048, 1, 1), np.int16)
    got = sim.scnn.run_layer(sim.Scnn(dram_bytes_per_cycle=0), weights, inputs)
    return Figure("utilisation of a dense fully connected layer", SOURCE, 0.25,
                  got["useful_products"] / got["multiplier_slots"], "", **within(0.25, 0.05))


def check(options):
    names = ("alexnet",) if options.length == "quick" else tuple(SPEEDUPS)
    records = {name: network_records(name, values=True) for name in names}
    networks = {name: scnn_runs.summed(found) for name, found in records.items()}
    figures = network_figures(networks)
    points = {}
    if options.length != "quick":
        points = sweep({}, USUAL_DENSITIES)
        figures += density_figures(points)
        figures += lowest_density_figures((8, 16, 64) if options.length == "full" else (8, 64))
        figures += unlimited_figures()
        figures += shape_figures(records["googlenet"]) + rival_figures()
    figures += [fully_connected_figure()] + energy_figures(networks, points) + area_figures()
    return figures, [record for found in records.values() for record in found]
