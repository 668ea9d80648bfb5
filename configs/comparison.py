# SPDX-License-Identifier: BSD-3-Clause
"""Speed and energy of runs against each other, from their records: what compare.py, the studies and util share.

Energies are pJ a committed instruction and delays cycles a committed instruction, because a block core may stop a few
instructions after another; both cores' clocks are the same. None stands for what was not measured.
"""
import report

PRICES = {"paper": "published prices", "analytic": "analytic prices"}
FAST_CELLS = "analytic_fast_cells"   # in records: analytic prices with high-performance cells in every cache
BASES = {"total": "total_pj", "core": "core_pj"}   # "core" leaves out the caches, as the CG-OoO papers' does


def has_energy(records, prices):
    return any((record.get("energy") or {}).get(prices) for record in records)


def energy(record, prices, basis="total"):
    """pJ an instruction."""
    found = (record.get("energy") or {}).get(prices)
    if not found or not record["instructions"]:
        return None
    return found[BASES[basis]] / record["instructions"]


def stages(record, prices):
    """{stage: pJ an instruction}; their sum is the total, leakage included."""
    found = (record.get("energy") or {}).get(prices)
    if not found or not record["instructions"]:
        return None
    return {name: pj / record["instructions"] for name, pj in found["stages"].items()}


def speed_up(record, baseline):
    """Speed over the baseline's."""
    return record["ipc"] / baseline["ipc"] if record["ipc"] and baseline["ipc"] else None


def quotient(a, b):
    return a / b if a is not None and b else None


def relative_energy(record, baseline, prices, basis="total"):
    return quotient(energy(record, prices, basis), energy(baseline, prices, basis))


def inverse_energy_delay(record, baseline, prices, basis="total"):
    """How many times better than the baseline's the product of energy and delay is."""
    speed, cost = speed_up(record, baseline), relative_energy(record, baseline, prices, basis)
    return quotient(speed, cost)


def gap_closed(between, low):
    """Share of the energy gap from a baseline (1) down to `low` that `between` closes; both relative to the baseline."""
    if between is None or low is None or low >= 1:
        return None   # no gap to close
    return (1 - between) / (1 - low)


def harmonic_mean(values):
    """Of the values that were measured."""
    values = [value for value in values if value]
    return report.harmonic_mean(values) if values else None


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else None


def slots(record):
    """{reason: share of dispatch slots}, in the order the core declares them."""
    found = record.get("slots")
    total = sum(found.values()) if found else 0
    return {name: count / total for name, count in found.items()} if total else None


def mean_of(dictionaries):
    """Arithmetic mean of each entry over several dictionaries; an entry that one lacks counts as nothing there."""
    found = [d for d in dictionaries if d]
    names = dict.fromkeys(name for d in found for name in d)
    return {name: sum(d.get(name, 0) for d in found) / len(found) for name in names}
