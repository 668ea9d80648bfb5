# SPDX-License-Identifier: BSD-3-Clause
"""What is measured of first-level caches whose ways are places: counts in records, and shares and savings from them.

A record's "ways" is {"l1i" | "l1d": {"hits", "misses", "hot_lines", "layout", "swap", "way_prediction" (statistics of
those parts), "mm" (distances of the ways), "word_bits", "line_bits", "cache_pj" (all), "dynamic_pj", "parts_pj"
(dynamic)}}. Energies are by analytic prices.
"""
CACHES = ("l1i", "l1d")
PARTS = ("hot_lines", "layout", "swap", "way_prediction")
# Structures by what they are for; wires apart.
PART_OF = {"array_lines": "arrays", "moved_tags": "tags", "ways": "prediction"}


def counted(machine, stats, energy):
    """{"ways": ...} for a record; nothing where no first-level cache has such parts."""
    core = stats.as_dict()["core"]
    found = {}
    for cache in CACHES:
        part = getattr(machine.core, cache, None)
        if getattr(part, "layout", None) is None and getattr(part, "hot_lines", None) is None:
            continue
        level = core[cache]
        made = {name: level[name] for name in PARTS if isinstance(level.get(name), dict)}
        found[cache] = made | {"hits": level["hits"], "misses": level["misses"]}
        if part.layout is not None:
            found[cache] |= wires(part, f"core.{cache}", energy)
    return {"ways": found} if found else {}


def wires(cache, path, energy):
    """Distances, widths and energies of a cache that has a layout."""
    layout = cache.layout
    made = {"word_bits": layout.access_bits + layout.address_bits, "line_bits": 512 + layout.address_bits}
    if not energy:
        return made
    prices = energy["analytic"]
    made["mm"] = [s["millimetres"] for s in prices["structures"]
                  if s["component"] == f"{path}.layout" and s["structure"].startswith("wire_words")]
    own = [row for row in prices["rows"] if row["component"] == path or
           row["component"].startswith(tuple(f"{path}.{name}" for name in PARTS))]
    made["cache_pj"] = sum(row["pj"] for row in own)
    own = [row for row in own if not row["is_leakage"]]
    made["dynamic_pj"] = sum(row["pj"] for row in own)
    made["parts_pj"] = {}
    for row in own:
        part = "wires" if row["structure"].startswith("wire_") else PART_OF.get(row["structure"], row["structure"])
        made["parts_pj"][part] = made["parts_pj"].get(part, 0) + row["pj"]
    return made


# ---- measures of one cache of one record
# ----------------------------------------------------------------------------------------------------

def ratio(a, b):
    return a / b if b else None


def near_share(of):
    """Share of accesses that the nearest way served."""
    return ratio(of["layout"]["near_accesses"], of["layout"]["accesses"])


def hot_share(of):
    return ratio(of["hot_lines"]["hot_accesses"], of["hot_lines"]["accesses"])


def hot_way_share(of):
    """Share of the ways that hold a hot line, over time."""
    return ratio(of["hot_lines"]["hot_windows"], of["hot_lines"]["way_windows"])


def hot_line_share(of):
    """Share of the lines brought in that were ever hot."""
    return ratio(of["hot_lines"]["hot_lines"], of["hot_lines"]["lines"])


def hot_life(of):
    return ratio(of["hot_lines"]["hot_life_accesses"], of["hot_lines"]["hot_lives"])


def miss_rate(of):
    return ratio(of["misses"], of["hits"] + of["misses"])


def accuracy(of):
    guesses = of.get("way_prediction")
    return ratio(guesses["right"], guesses["right"] + guesses["wrong"]) if guesses else None


def wire_saving(of, distances=None, accesses_only=False):
    """Share of the energy of the wires to the ways that swaps save: against the same transfers between the port and where
    their lines would lie without. Fills, evictions and the swaps' own transfers are in it, or accesses only."""
    mm = distances or of["mm"]
    swap, layout = of["swap"], of["layout"]
    word, line = of["word_bits"], 0 if accesses_only else of["line_bits"]

    def spent(statistics, words, lines):
        return sum(d * (word * w + line * n)
                   for d, w, n in zip(mm, statistics[words], statistics[lines]))
    at_home = spent(swap, "home_words", "home_lines")
    return 1 - spent(layout, "words", "lines") / at_home if at_home else None


def published_row(ways):
    """Distances that the paper's own figures agree with: from 1 to 6, the mean 3.5 (fact sheet, section 14)."""
    return [1 + 5 * way / (ways - 1) for way in range(ways)] if ways > 1 else [1]
