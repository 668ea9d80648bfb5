# SPDX-License-Identifier: BSD-3-Clause
"""Sentences that say what lies behind a figure, made of nothing but the numbers of the same runs."""
import comparison

SLOTS = {
    "slots_squashed": "instructions later squashed", "stall_misprediction": "refill after mispredictions",
    "stall_decode_redirect": "transfers that the BTB did not know", "stall_fetch_miss": "instruction-cache and TLB misses",
    "stall_fetch_limit": "fetch groups that end early", "stall_squash": "refill after memory-order squashes",
    "stall_wrong_path": "a wrong path that cannot be fetched", "stall_serialize": "serialising instructions",
    "stall_memory": "data from beyond the L1", "stall_store_drain": "stores that wait to be written",
    "stall_execution": "a full back end whose oldest instruction waits for operands, a unit or latency",
    "stall_registers": "no free register", "stall_scheduler": "no free scheduler entry or window",
    "slots_in_flight": "instructions still in flight",
}

WITH_CACHES = ("fetch", "memory")   # stages whose energy is for the greater part that of caches


def lost_slots(records):
    """{reason: dispatch slots lost an instruction}, mean of the programs; they explain the time, as width x cycles is
    their sum with one slot for each instruction."""
    each = [{name: count / r["instructions"] for name, count in r["slots"].items() if name != "slots_committed"}
            for r in records if r.get("slots") and r["instructions"]]
    return comparison.mean_of(each)


def listed(parts):
    return " and ".join(parts) if len(parts) < 3 else ", ".join(parts[:-1]) + " and " + parts[-1]


def extreme(by, core, baseline, pick):
    ups = [(comparison.speed_up(r, b), r["program"]) for r, b in zip(by[core], by[baseline])]
    ups = [pair for pair in ups if pair[0] is not None]
    return pick(ups) if ups else (None, "")


def speed(by, core, baseline, is_slower=True):
    """Where `core` loses (or, not is_slower, gains) dispatch slots against the baseline."""
    ours, theirs = lost_slots(by[core]), lost_slots(by[baseline])
    sign = 1 if is_slower else -1
    change = sorted(((sign * (ours.get(name, 0) - theirs.get(name, 0)), name) for name in ours | theirs), reverse=True)
    top = [f"{SLOTS.get(name, name)} ({sign * amount:+.2f})" for amount, name in change[:3] if amount > 0.005]
    worst, program = extreme(by, core, baseline, min)
    best, winner = extreme(by, core, baseline, max)
    if not top or worst is None:
        return ""
    all_lost = sum(ours.values()) - sum(theirs.values())
    amount = f"{abs(all_lost):.2f} {'more' if all_lost > 0 else 'fewer'}"
    return (f"{core} loses {amount} dispatch slots an instruction than {baseline}, "
            f"above all {'to' if is_slower else 'of those to'} {listed(top)}; "
            f"{program} has {worst:.2f} and {winner} {best:.2f} of {baseline}'s speed.")


def stage_means(by, core, prices):
    return comparison.mean_of(comparison.stages(r, prices) for r in by[core])


def named(stage):
    return stage.replace("_", " ")


def energy(by, core, baseline, prices, published):
    """The stages in which `core` exceeds the published share of the baseline's energy, or stays below it."""
    ours, theirs = stage_means(by, core, prices), stage_means(by, baseline, prices)
    if not ours or not theirs:
        return ""
    whole, base = sum(ours.values()), sum(theirs.values())
    sign = 1 if whole > published * base else -1
    excess = sorted(((sign * (ours.get(s, 0) - published * theirs.get(s, 0)), s) for s in ours | theirs), reverse=True)
    top = [f"{named(s)} ({ours.get(s, 0):.1f} of {theirs.get(s, 0):.1f} pJ)" for _, s in excess[:3]]
    return (f"An instruction costs {whole:.1f} pJ against {base:.1f} pJ, of which caches, TLBs and memory "
            f"{caches(by, core, prices):.1f} and {caches(by, baseline, prices):.1f}; "
            f"furthest {'above' if sign > 0 else 'below'} {published:g} of the baseline's are {listed(top)}.")


def caches(by, core, prices):
    """pJ an instruction of what "core" leaves out."""
    return comparison.mean([comparison.energy(r, prices) - comparison.energy(r, prices, "core") for r in by[core]])


def core_energy(by, core, baseline, prices, published):
    """The same without caches, by the stages that hold none."""
    ours, theirs = stage_means(by, core, prices), stage_means(by, baseline, prices)
    if not ours or not theirs:
        return ""
    without = [s for s in ours | theirs if s not in WITH_CACHES]
    change = sorted(without, key=lambda s: -abs(ours.get(s, 0) - published * theirs.get(s, 0)))
    top = [f"{named(s)} ({ours.get(s, 0):.1f} of {theirs.get(s, 0):.1f} pJ)" for s in change[:3]]
    whole, base = (comparison.mean([comparison.energy(r, prices, "core") for r in by[label]])
                   for label in (core, baseline))
    return (f"Without caches, TLBs and memory an instruction costs {whole:.1f} pJ against {base:.1f} pJ; "
            f"the stages furthest from {published:g} of the baseline's are {listed(top)}.")


def change(by, core, baseline, prices):
    ours, theirs = stage_means(by, core, prices), stage_means(by, baseline, prices)
    moves = sorted(((ours.get(s, 0) - theirs.get(s, 0), s) for s in ours | theirs), key=lambda m: -abs(m[0]))
    if not moves:
        return ""
    return f"The stages that change most are {listed([f'{named(s)} ({pj:+.2f} pJ an instruction)' for pj, s in moves[:3]])}."


def product(fast, cost, published_fast, published_cost):
    if fast is None or cost is None:
        return ""
    return (f"It is speed over energy, in the means {fast:.2f} ({published_fast:.2f} published) over {cost:.2f} "
            f"({published_cost:.2f}).")


def largest(by, core, prices, count=3, without=()):
    means = stage_means(by, core, prices)
    whole = sum(means.values())
    means = {stage: pj for stage, pj in means.items() if stage not in without}
    top = sorted(means.items(), key=lambda item: -item[1])[:count]
    return whole, [f"{named(stage)} {pj:.1f}" for stage, pj in top]


def stages(by, core, prices):
    whole, top = largest(by, core, prices)
    if not whole:
        return ""
    squashed = comparison.mean([comparison.quotient(r["energy"][prices]["squashed_pj"], r["energy"][prices]["total_pj"])
                                for r in by[core] if (r.get("energy") or {}).get(prices)])
    return (f"Of {whole:.1f} pJ an instruction the largest stages are {listed(top)} pJ; {100 * squashed:.0f} % is spent on "
            "instructions later squashed.")


def in_order(by, baseline, prices, basis):
    without = WITH_CACHES if basis == "core" else ()
    whole, top = largest(by, "inorder", prices, without=without)
    if not whole:
        return ""
    _, parts = largest(by, baseline, prices, without=without)
    whole, base = (comparison.mean([comparison.energy(r, prices, basis) for r in by[label]])
                   for label in ("inorder", baseline))
    return (f"The in-order core's {whole:.1f} pJ an instruction are mostly {listed(top)} pJ, the out-of-order core's "
            f"{base:.1f} pJ {listed(parts)} pJ.")


def window_queue(by, core, published, entries, read, write):
    """What it matters that the published price of a window's queue is one of fewer entries."""
    records = [r for r in by[core] if (r.get("energy") or {}).get("paper") and r["instructions"]]
    ours = comparison.mean([r["energy"]["paper"]["structures_pj"]["core.window_queue"] / r["instructions"] for r in records])
    if not ours:
        return ""
    less = ours * (1 - 2 * published / (read + write))   # every instruction is written and read once
    whole = comparison.mean([comparison.energy(r, "paper") for r in records])
    return (f"{published:g} pJ is of a queue of 8 entries, though the author's windows hold 60 instructions (fact sheet 9.1, 9.3). "
            f"Ours hold a block of up to {entries} and pay for that by their own size: {ours:.2f} of an instruction's {whole:.1f} "
            f"pJ, which would be {less:.2f} pJ less if 8 entries were charged.")


def gap(core, baseline, ours, low):
    if ours is None or low is None:
        return ""
    if low >= 1:
        return f"There is no gap: the in-order core costs {low:.2f} of {baseline}."
    return (f"{core} costs {ours:.2f} and the in-order core {low:.2f} of {baseline}'s energy, so that {1 - ours:.2f} of a gap "
            f"of {1 - low:.2f} is closed; the published pair implies an in-order core at 0.26.")
