# SPDX-License-Identifier: BSD-3-Clause
"""What the accelerators' scripts share: command line, tables that come with the project, data, traces, verdicts."""
import csv
import json
import math
import os

import sim
import command_line
import overrides
import report

TABLES = os.path.join(os.path.dirname(os.path.dirname(os.path.abspath(__file__))), "traces", "accel")
# Where data are looked for when --data does not say; relative to the project's folder.
DATA = ("../shared/data",)


def read_table(name):
    """Rows of traces/accel/NAME.csv as dictionaries; lines that begin with # are about where it is from."""
    with open(os.path.join(TABLES, name + ".csv"), encoding="utf-8", newline="") as file:
        return list(csv.DictReader(line for line in file if not line.startswith("#")))


def write_table(name, about, heads, rows):
    """The same file, from rows of texts and numbers."""
    lines = ["# " + line for line in about] + [",".join(heads)] + [",".join(map(str, row)) for row in rows]
    report.write_file(os.path.join(TABLES, name + ".csv"), "\n".join(lines) + "\n")


def find_data(option, folder, file):
    """The path of a data file: below --data, or where the project's data usually are; None where there is none."""
    if option:
        for path in (os.path.join(option, file), os.path.join(option, folder, file)):
            if os.path.exists(path):
                return path
        raise sim.ConfigError(f"--data={option}: has no {file}; it is the folder with {folder}, or that folder")
    paths = [os.path.join(sim.root, place, folder, file) for place in DATA]
    return next((path for path in paths if os.path.exists(path)), None)


def number(least):
    """An option's type: a whole number from `least` up."""
    def convert(text):
        if not text.isascii() or not text.isdigit() or int(text) < least:
            raise command_line.argparse.ArgumentTypeError(f"cannot be '{text}'; it takes a whole number from {least} up")
        return int(text)
    return convert


def real(least, text_of_range, is_least_allowed=False):
    """An option's type: a finite number above `least`, or from there up."""
    def convert(text):
        try:
            value = float(text)
        except ValueError:
            value = math.nan
        if not (math.isfinite(value) and (value > least or is_least_allowed and value == least)):
            raise command_line.argparse.ArgumentTypeError(f"cannot be '{text}'; it takes {text_of_range}")
        return value
    return convert


def parser(name, about):
    p = command_line.Parser(prog=name, description=about, usage="%(prog)s [OPTION]...")
    p.add_argument("--data", metavar="DIR", help="folder of real tensors; default: where the project's data usually are")
    p.add_argument("--seeds", type=number(1), metavar="N", help="synthetic layers a row is the mean of; default: 5")
    p.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                   help="change a parameter of the engine; may be given again")
    p.add_argument("--json", type=report.output_file, metavar="FILE", help="a list with one record a layer")
    p.add_argument("--timeline", type=report.output_file, metavar="FILE", help="what happened when, for chrome://tracing or ui.perfetto.dev")
    p.add_argument("--out", type=report.output_folder, metavar="DIR", help="for tables, plots and the page report.html")
    return p


def with_settings(made, settings):
    """An engine like `made` with every NAME=VALUE in force."""
    try:
        for setting in settings:
            if "=" not in setting:
                raise sim.ConfigError(f"--set {setting}: has no value; write NAME=VALUE, as {type(made).fields[0]['name']}=8")
        return overrides.apply(made, ["core." + setting for setting in settings])
    except sim.ConfigError as error:
        raise sim.ConfigError(str(error).replace("--set core.", "--set ", 1)) from None


def mean(values):
    values = [value for value in values if value is not None]
    return sum(values) / len(values) if values else None


def deviation(measured, published):
    return measured / published - 1 if measured is not None and published else None


def percent(share, digits=1):
    return "-" if share is None else f"{100 * share:+.{digits}f} %"


def row(name, published, source, measured, tolerance, why="", unit=""):
    """A line of a verdict table; `tolerance` is a share, or None for what is only reported."""
    off = deviation(measured, published)
    verdict = "reported" if tolerance is None else "holds" if off is not None and abs(off) <= tolerance else "misses"
    return {"name": name, "published": published, "source": source, "measured": measured, "tolerance": tolerance,
            "verdict": verdict, "why": why, "unit": unit}


def claim(name, published, source, measured, holds, why=""):
    """A line about a statement in words; `measured` is a text or number beside it."""
    return {"name": name, "published": published, "source": source, "measured": measured, "tolerance": None,
            "verdict": "holds" if holds else "misses", "why": why, "unit": ""}


# ---- Chrome's trace format
# ----------------------------------------------------------------------------------------------------------------

class Timeline:
    """Slices and counters in microseconds."""

    def __init__(self):
        self.events = []
        self.tracks = {}

    def _track(self, process, track):
        if (process, track) not in self.tracks:
            pid = next((p for (name, _), (p, _) in self.tracks.items() if name == process), len(self.tracks) + 1)
            self.tracks[process, track] = (pid, len(self.tracks) + 1)
            for what, label, tid in (("process_name", process, 0), ("thread_name", track, len(self.tracks))):
                self.events.append({"ph": "M", "name": what, "pid": pid, "tid": tid, "args": {"name": label}})
        return self.tracks[process, track]

    def slice(self, process, track, name, begin, end, **more):
        pid, tid = self._track(process, track)
        self.events.append({"ph": "X", "name": name, "pid": pid, "tid": tid, "ts": begin, "dur": end - begin, "args": more})

    def counter(self, process, name, when, value):
        pid, _ = self._track(process, "counters")
        self.events.append({"ph": "C", "name": name, "pid": pid, "ts": when, "args": {name: value}})

    def write(self, path):
        report.write_file(path, json.dumps({"traceEvents": self.events, "displayTimeUnit": "ns"}) + "\n")
