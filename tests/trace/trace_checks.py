# SPDX-License-Identifier: BSD-3-Clause
"""Readers of pipeline traces that believe nothing: they know only the formats' descriptions, and what breaks one is a
ValueError with the line.

Kanata 0004 is described in docs/kanata-log-format.md of Konata; O3PipeView by what gem5's O3 CPU writes and
util/o3-pipeview.py of gem5 reads: seven lines an instruction, ticks, 0 for a stage that it did not reach.
"""
from dataclasses import dataclass, field

O3_STAGES = ("fetch", "decode", "rename", "dispatch", "issue", "complete", "retire")
TICKS_A_CYCLE = 1000   # what o3-pipeview.py takes for a cycle where nothing else is said


@dataclass
class Instruction:
    number: int              # in the file, or O3PipeView's sequence number
    begin: int               # cycle
    id: int = 0              # the simulator's
    label: str = ""
    stages: list = field(default_factory=list)   # (name, begin, end)
    open: dict = field(default_factory=dict)     # lane: (name, begin)
    end: int = None
    is_flushed: bool = None
    retire_id: int = None


class Kanata:
    """A whole file: .instructions in order, .first and .last cycle."""

    ARGUMENTS = {"C": 1, "I": 3, "L": 3, "S": 3, "E": 3, "R": 3, "W": 3}

    def __init__(self, text):
        self.instructions, self.now, self.retired, self.line = [], None, 0, 0
        lines = text.split("\n")
        self.require(lines[0] == "Kanata\t0004", "the first line is no header")
        self.require(lines.pop() == "", "the last line has no end")
        for self.line, line in enumerate(lines[1:], 2):
            self.read(line.split("\t"))
        for one in self.instructions:
            self.require(one.end is not None, f"{one.number} never ends")
        self.last = self.now

    def require(self, holds, what):
        if not holds:
            raise ValueError(f"line {self.line}: {what}")

    def number(self, word):
        self.require(word.isascii() and word.isdigit(), f"'{word}' is no number")
        return int(word)

    def read(self, words):
        command, arguments = words[0], words[1:]
        if command == "C=":
            self.require(self.now is None and len(arguments) == 1, "C= stands once, before all others")
            self.first = self.now = self.number(arguments[0])
            return
        self.require(command in self.ARGUMENTS, f"no command '{command}'")
        self.require(len(arguments) == self.ARGUMENTS[command], f"{command} has {len(arguments)} arguments")
        self.require(self.now is not None, "no C= before it")
        getattr(self, "read_" + command)(*arguments)

    def alive(self, word):
        at = self.number(word)
        self.require(at < len(self.instructions), f"{at} has not begun")
        self.require(self.instructions[at].end is None, f"{at} has ended")
        return self.instructions[at]

    def read_C(self, cycles):
        self.require(self.number(cycles) > 0, "time stands still")
        self.now += int(cycles)

    def read_I(self, number, id_, thread):
        self.require(self.number(number) == len(self.instructions), "instructions are numbered from 0 without gaps")
        self.require(self.number(thread) == 0, "there is one thread")
        self.instructions.append(Instruction(int(number), self.now, self.number(id_)))

    def read_L(self, number, kind, text):
        self.require(kind in ("0", "1", "2"), f"no kind of label '{kind}'")
        self.require(text.isprintable(), "the label has letters that are not shown")
        if kind == "0":
            self.alive(number).label += text

    def read_S(self, number, lane, name):
        one = self.alive(number)
        self.number(lane)
        self.require(name != "" and name == name.strip(), "a stage without a name")
        self.require(lane not in one.open, f"{number} is still in {one.open.get(lane)}")
        one.open[lane] = (name, self.now)

    def read_E(self, number, lane, name):
        one = self.alive(number)
        self.require(lane in one.open and one.open[lane][0] == name, f"{number} is not in {name}")
        one.stages.append((name, one.open.pop(lane)[1], self.now))

    def read_R(self, number, retire_id, kind):
        one = self.alive(number)
        self.require(not one.open, f"{number} is still in {one.open}")
        self.require(kind in ("0", "1"), f"no kind of end '{kind}'")
        self.require(self.number(retire_id) == self.retired, "what retires is numbered from 0 without gaps")
        one.retire_id, one.end, one.is_flushed = int(retire_id), self.now, kind == "1"
        self.retired += kind == "0"

    def read_W(self, consumer, producer, kind):
        self.alive(consumer)
        self.require(self.number(producer) < len(self.instructions), f"{producer} has not begun")
        self.require(kind == "0", "dependences have no other kind yet")


def read_o3(text):
    """Instructions of an O3PipeView text as they stand; one that reached no stage has none of it."""
    def require(holds, what):
        if not holds:
            raise ValueError(f"line {at}: {what}")

    at, found, numbers = 0, [], set()
    lines = text.split("\n")
    require(lines.pop() == "", "the last line has no end")
    require(len(lines) % len(O3_STAGES) == 0, "an instruction has not all of its lines")
    for at, line in enumerate(lines, 1):
        stage = O3_STAGES[(at - 1) % len(O3_STAGES)]
        words = line.split(":")
        require(words[:2] == ["O3PipeView", stage], f"{stage} stands here, not {line[:40]}")
        require(words[2].isdigit() and int(words[2]) % TICKS_A_CYCLE == 0, "ticks are whole cycles")
        tick = int(words[2])
        require(len(words) == {"fetch": 7, "retire": 5}.get(stage, 3), f"{stage} has {len(words)} fields")
        if stage == "fetch":
            require(tick > 0 and words[3].startswith("0x") and int(words[3], 16) >= 0 and words[4] == "0", "no fetch")
            require(words[5].isdigit() and words[5] not in numbers, "sequence numbers are unique")
            numbers.add(words[5])
            found.append(Instruction(int(words[5]), tick, label=words[6]))
            last = tick
        elif stage == "retire":
            require(words[3] == "store" and words[4].isdigit(), "no time of the store")
            found[-1].end, found[-1].is_flushed = tick, tick == 0
        if tick:
            require(tick >= last, f"{stage} lies before the stage before it")
            found[-1].stages.append((stage, tick, tick))
            last = tick
    return found


def as_konata_reads(instruction):
    """Whether Konata shows it as flushed: it does where any of the seven stages has tick 0, retired or not."""
    return len(instruction.stages) < len(O3_STAGES)
