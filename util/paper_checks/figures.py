# SPDX-License-Identifier: BSD-3-Clause
"""What every paper's check is made of: a published figure with what was measured, and how much to run."""
from dataclasses import dataclass


@dataclass
class Size:
    """Inputs and instructions of every program; no programs: all of the suite."""
    inputs: str
    warmup: int
    instructions: int
    programs: tuple = ()
    with_sweeps: bool = False   # the paper's sweeps too


@dataclass
class Figure:
    name: str
    source: str                  # section of the fact sheet, and how strong it is
    published: float
    measured: float = None       # None: could not be measured
    unit: str = ""
    low: float = None            # accepted range; None: for comparison only, no verdict
    high: float = None
    why: str = ""                # one sentence where it differs


def within(published, share):
    """The accepted range of that share around a published figure."""
    return {"low": round(published * (1 - share), 4), "high": round(published * (1 + share), 4)}


def verdict(figure):
    if figure.measured is None:
        return "not measured"
    if figure.low is None:
        return "for comparison"
    return "met" if figure.low <= figure.measured <= figure.high else "DIFFERS"
