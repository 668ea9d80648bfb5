# SPDX-License-Identifier: BSD-3-Clause
"""Error of the analytic price list against the circuit data in traces/energy, class by class."""
import csv
import os
from dataclasses import dataclass, field

import sim

DATA = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "traces", "energy")
FIRST_LEVEL_BYTES = 128 * 1024


def rows(name):
    """Rows of a data file; numbers are floats, whole ones ints, absent ones None."""
    def number(text):
        try:
            return int(text)
        except ValueError:
            try:
                return float(text)
            except ValueError:
                return text or None
    with open(os.path.join(DATA, name), encoding="utf-8") as file:
        return [{key: number(text) for key, text in row.items()}
                for row in csv.DictReader(line for line in file if not line.startswith("#"))]


@dataclass
class Part:
    """Errors of one value (read energy, area...) over the points of a class, as shares of the datum."""
    errors: list = field(default_factory=list)

    mean = property(lambda self: 100 * sum(self.errors) / len(self.errors))
    greatest = property(lambda self: 100 * max(self.errors))


def circuits(name, row):
    """(class, kind, geometry) of a row of a data file, or None where no class covers it."""
    geometry = {key: row[key] for key in sim.circuit_kinds()[KIND[name]] if key in row}
    if name == "macros.csv":
        geometry["has_two_ports"] = bool(row["has_two_ports"])
        return ("two-port macro" if row["has_two_ports"] else "one-port macro"), "scratchpad", geometry
    if name == "caches.csv":
        geometry["is_sequential"] = bool(row["is_sequential"])
        if not row["is_sequential"]:
            return ("parallel cache" if row["output_bits"] <= 128 else "whole-line cache"), "cache", geometry
        small = row["bytes"] <= FIRST_LEVEL_BYTES
        return ("sequential cache" if small else "large cache"), "cache", geometry
    if name == "target_buffers.csv":
        geometry |= {"line_bytes": 8, "output_bits": 64}
        return ("target buffer" if row["ports"] == 1 else "target buffer, 2 ports"), "cache", geometry
    if name == "translation_buffers.csv":
        entries = row["entries"]
        geometry |= {"bytes": 8 * entries, "ways": entries, "line_bytes": 8, "output_bits": 64,
                     "ports": row["search_ports"]}
        return "translation buffer", "cache", geometry
    if name == "byte_tables.csv":
        return ("byte table, 2 ports" if row["write_ports"] else "byte table"), "ram", geometry
    return {"rams.csv": "multi-port RAM", "cams.csv": "CAM"}[name], KIND[name], geometry


def holds(part, bound):
    """Whether errors keep a row of bounds.csv, whose numbers have one digit behind the point."""
    half_digit = 0.05
    return (part.mean <= bound["mean_percent"] + (bound["mean_allowance"] or 0) + half_digit and
            part.greatest <= bound["greatest_percent"] + half_digit)


KIND = {"rams.csv": "ram", "byte_tables.csv": "ram", "cams.csv": "cam", "macros.csv": "scratchpad",
        "caches.csv": "cache", "target_buffers.csv": "cache", "translation_buffers.csv": "cache"}
VALUES = ("read_pj", "write_pj", "search_pj", "leakage_mw", "area_mm2", "access_ns")


def tag_errors():
    """The tag look-ups inside caches."""
    part = Part()
    for row in rows("caches.csv"):
        if row["tag_pj"]:
            sets = row["bytes"] // (row["ways"] * row["line_bytes"])
            price = sim.energy_price("tags", node=row["node"], sets=sets, ways=row["ways"])
            part.errors.append(abs(price["search_pj"] / row["tag_pj"] - 1))
    return part


def dram_errors():
    """One x8 chip, without its interface."""
    parts = {key: Part() for key in ("activate_pj", "read_pj", "write_pj", "precharge_pj", "refresh_pj", "access_ns")}
    for row in rows("drams.csv"):
        if row["output_bits"] != 8 or row["node"] == 65:
            continue
        price = sim.energy_price("dram", node=row["node"], bus_bits=8, row_bytes=row["page_bits"] // 8,
                                 chip_megabits=row["megabits"], interface_pj_per_bit=0)
        true = {"activate_pj": row["activate_nj"] * 1e3, "read_pj": row["read_nj"] * 1e3,
                "write_pj": row["write_nj"] * 1e3, "precharge_pj": row["precharge_nj"] * 1e3,
                "refresh_pj": row["refresh_mw"] * 7.8e3, "access_ns": row["access_ns"]}
        for key, part in parts.items():
            part.errors.append(abs(price[key] / true[key] - 1))
    return parts


def measure():
    """{(class, value): Part} of all data."""
    parts = {}
    for name, kind in KIND.items():
        for row in rows(name):
            label, kind, geometry = circuits(name, row)
            price = sim.energy_price(kind, node=row["node"], **geometry)
            for value in VALUES:
                if row.get(value):
                    parts.setdefault((label, value), Part()).errors.append(abs(price[value] / row[value] - 1))
    parts["tags", "search_pj"] = tag_errors()
    return parts | {("DRAM chip", value): part for value, part in dram_errors().items()}
