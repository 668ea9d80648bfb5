# SPDX-License-Identifier: BSD-3-Clause
"""The sweeps of the CG-OoO papers (arXiv 1606.01607, TACO 14(4), and their author's run scripts), as lists of points.

Every sweep starts from machines.cgooo() (arxiv16): 9 windows in 3 clusters, 12 units, Skipahead 4, 9 register segments.
"""
from dataclasses import dataclass, field

from experiment import Point

WIDTHS = (1, 2, 4, 8)


@dataclass
class Sweep:
    name: str
    title: str
    about: str
    points: list                 # (cells, Point); a cell for every column of `columns`
    columns: list                # (name, unit) of what is varied
    x: str                       # column on the horizontal axis
    kind: str = "lines"
    series: str = ""             # column that tells lines apart
    reference: str = "cgooo"     # label of the point that speed and energy are relative to
    quick: set = field(default_factory=set)   # labels left out by --quick

    def chosen(self, is_quick):
        return [(cells, point) for cells, point in self.points if not (is_quick and point.label in self.quick)]


def settings(changes):
    """units=12 is ExecutionUnits(identical=12)."""
    return [f"core.{'units.identical' if name == 'units' else name}={value}" for name, value in changes.items()]


def cg(label="cgooo", **changes):
    return Point(label, "cgooo", settings(changes))


def base(cells):
    """The machine of the preset itself, so that every sweep shares its runs."""
    return cells, cg()


def one_parameter(name, unit, values, usual, **together):
    """(points, column) of one parameter; `together` are functions of it for parameters that must follow it."""
    points = []
    for value in values:
        others = {other: follow(value) for other, follow in together.items()}
        points.append(base([value]) if value == usual else ([value], cg(f"{name}={value}", **{name: value}, **others)))
    return points, [(name, unit)]


def widths():
    """Front end, issue and units of every core as wide as said; CG-OoO has that many units in each of 3 clusters."""
    points = []
    for w in WIDTHS:
        same = {"fetch_width": w, "dispatch_width": w}
        narrow = same | {"issue_width": w, "commit_width": w, "units": w}
        points.append(([w, "inorder"], Point(f"inorder, width {w}", "inorder", settings(narrow))))
        points.append(([w, "ooo"], Point(f"ooo, width {w}", "ooo", settings(narrow))))
        points.append(([w, "cgooo"], cg() if w == 4 else cg(f"cgooo, width {w}", **same, units=3 * w)))
    return Sweep("width", "Issue width of every core", "The out-of-order core has as many units as it is wide; CG-OoO "
                 "three times as many, as published.", points, [("width", "instructions/cycle"), ("core", "")], "width",
                 series="core", quick={f"{core}, width {w}" for core in ("inorder", "ooo", "cgooo") for w in (2,)})


def windows():
    points, columns = one_parameter("windows", "windows", (3, 6, 9, 12, 18), 9, segments=lambda n: n)
    return Sweep("windows", "Block windows", "In 3 clusters of 4 units; every window has a register segment of its own.",
                 points, columns, "windows", quick={"windows=6", "windows=12"})


def skipahead():
    points = [(["in order, 1"], cg("in order, 1", skip=False, skipahead=1)),
              (["in order, 4"], cg("in order, 4", skip=False))]
    points += [base([f"Skipahead {n}"]) if n == 4 else ([f"Skipahead {n}"], cg(f"skipahead={n}", skipahead=n))
               for n in range(1, 6)]
    return Sweep("skipahead", "Skipahead", "In-order windows issue up to 1 or 4 instructions a cycle from their head; "
                 "Skipahead N looks at the first N.", points, [("windows issue", "")], "windows issue", kind="bars",
                 quick={"skipahead=1", "skipahead=3"})


def dynamism():
    points = []
    for count in (1, 9):
        one = {"windows": 1, "clusters": 1, "segments": 1, "units": 4} if count == 1 else {}
        for name, changes in (("in order, 1", {"skip": False, "skipahead": 1}), ("in order, 4", {"skip": False}),
                              ("Skipahead 4", {})):
            both = one | changes
            label = name if count == 9 and changes else f"{count} x {name}"
            points.append(([count, name], cg(label, **both) if both else cg()))
    return Sweep("dynamism", "Where the dynamism is", "One window speculates only; nine reorder blocks; Skipahead "
                 "reorders instructions within a block.", points, [("windows", ""), ("windows issue", "")],
                 "windows issue", kind="bars", series="windows", quick={"1 x in order, 4"})


def segments():
    points, columns = one_parameter("segments", "segments", (1, 3, 9), 9)
    return Sweep("segments", "Segments of the global register file", "252 registers in all; reads of far segments cost "
                 "no time in this sweep.", points, columns, "segments")


def far_delay():
    points, columns = one_parameter("far_register_delay", "cycles", (0, 1, 2, 3), 0)
    return Sweep("far_delay", "Delay of far registers", "More for an operand from a segment that is not one of the 3 "
                 "nearest.", points, columns, "far_register_delay", quick={"far_register_delay=2"})


def clusters():
    points = []
    for each in (1, 2, 3, 6):
        for units in (1, 2, 4, 8):
            cells = [each, units]
            is_base = each == 3 and units == 4
            points.append(base(cells) if is_base else (cells, cg(f"{each} windows, {units} units", windows=3 * each,
                                                                 segments=3 * each, units=3 * units)))
    skipped = {p.label for (each, units), p in points if each == 2 or units in (2, 8)} - {"cgooo"}
    return Sweep("clusters", "Windows and execution units of a cluster", "Three clusters.", points,
                 [("units of a cluster", "units"), ("windows of a cluster", "windows")][::-1], "units of a cluster",
                 series="windows of a cluster", quick=skipped)


def block_size():
    points, columns = one_parameter("max_block_instructions", "instructions", (5, 10, 15, 20, 30, 50), 50)
    return Sweep("block_size", "Longest block", "The compiler cuts longer ones.", points, columns,
                 "max_block_instructions", quick={"max_block_instructions=15", "max_block_instructions=30"})


def compiler():
    points = [base(["local registers, list scheduling"]),
              (["no local registers"], cg("no local registers", use_locals=False)),
              (["program order"], cg("program order", schedule=False)),
              (["neither"], cg("neither", use_locals=False, schedule=False))]
    return Sweep("compiler", "Local registers and list scheduling", "What the block compiler does for the core.", points,
                 [("blocks have", "")], "blocks have", kind="bars")


def prediction():
    points = [base(["a block"]), (["a fetch group"], cg("a fetch group", predict_blocks=False))]
    return Sweep("prediction", "Block-level prediction", "Predictor and BTB are read once a block, which its head "
                 "announces to decode; or for every fetch group, as in the other cores.", points,
                 [("a prediction is for", "")], "a prediction is for", kind="bars")


def brob():
    points, columns = one_parameter("brob_entries", "blocks", (4, 8, 12, 16, 32, 64), 16)
    return Sweep("brob", "Block reorder buffer", "", points, columns, "brob_entries",
                 quick={"brob_entries=12", "brob_entries=32"})


def proportionality():
    """Front end, queues, windows and units grow together; the third step of CG-OoO is its preset."""
    points = []
    for step, w in enumerate(WIDTHS):
        same = {"fetch_width": w, "dispatch_width": w}
        narrow = same | {"issue_width": w, "commit_width": w, "units": w}
        points.append(([w, "inorder"], Point(f"inorder, width {w}", "inorder", settings(narrow))))
        large = same | {"issue_width": 3 * w, "commit_width": w, "units": 3 * w, "rob_entries": 45 * w,
                        "scheduler_entries": 30 * w, "physical_registers": 64 + 47 * w}
        points.append(([w, "ooo"], Point(f"ooo, size {w}", "ooo", settings(large if w != 4 else {}))))
        of = (1, 2, 3, 6)[step]
        grown = same | {"clusters": of, "windows": 3 * of, "segments": 3 * of, "units": 4 * of,
                        "brob_entries": (6, 12, 16, 32)[step]}
        points.append(([w, "cgooo"], cg() if w == 4 else cg(f"cgooo, size {w}", **grown)))
    return Sweep("proportionality", "Energy against speed as the machine grows", "CG-OoO grows by clusters of 3 windows "
                 "and 4 units, the out-of-order core by scheduler, reorder buffer, registers and units, the in-order core "
                 "by width.", points, [("front-end width", "instructions/cycle"), ("core", "")], "front-end width",
                 kind="scatter", series="core", quick={f"ooo, size {w}" for w in (2,)} | {"cgooo, size 2"})


SWEEPS = {sweep.name: sweep for sweep in (widths(), windows(), skipahead(), dynamism(), segments(), far_delay(),
                                          clusters(), block_size(), compiler(), prediction(), brob(), proportionality())}
