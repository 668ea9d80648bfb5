#!/usr/bin/python3
# SPDX-License-Identifier: BSD-3-Clause
"""Writes random RV64 programs over the whole instruction table, for running in a core and in qemu-riscv64.

A program is a loop over random instructions, read from the rows in src/isa. Jumps link and return through any register;
without hints through neither ra nor t0, so that none looks like a call or a return that keeps to no calling convention.
Every few turns, and at the end, it writes all registers, fcsr and its memory to standard output; two runs agree if they
print the same bytes.

    random_programs.py --seed=7 --turns=1000 --output=build/random7              (an ELF file)
    random_programs.py --seed=7 --compare -- build/sim configs/functional.py  (with --bench=FILE, and qemu)
"""
import argparse
import pathlib
import random
import re
import subprocess
import sys
import tempfile

from guest_state import BUFFER_BYTES, FLOAT, INTEGER, POOL, STATE_BYTES, dump, first_difference

ROOT = pathlib.Path(__file__).resolve().parents[2]
MARCH = "rv64imafdc_zicsr_zifencei_zba_zbb_zbs"
QEMU = ["qemu-riscv64", "-cpu", "rv64,zba=true,zbb=true,zbs=true"]

BUFFER = "s1"         # registers with a purpose: the middle of the memory buffer, which sp names too,
TURNS = "s11"         # turns left,
SUM = "gp"            # a checksum of results; and POOL
RESERVED = {"zero", "sp", BUFFER, POOL, TURNS, SUM}
WRITABLE = [r for r in INTEGER if r not in RESERVED]
SHORT = [r for r in INTEGER[8:16] if r not in RESERVED]   # that compressed instructions can name
ROUNDING = ["", "", "", ",rne", ",rtz", ",rdn", ",rup", ",rmm"]
# Compressed instructions: {w} a register to write, {r} a short one, {v} any but x0, {f} a float, {g} a short
# float, {n:LOW:HIGH:STEP} a number.
COMPRESSED = [
    "c.addi {w}, {n:1:31:1}", "c.addi {w}, {n:-32:-1:1}", "c.addiw {w}, {n:-32:31:1}",
    "c.li {w}, {n:-32:31:1}",
    "c.lui {w}, {n:1:31:1}", "c.lui {w}, {n:0xfffe0:0xfffff:1}", "c.addi4spn {r}, sp, {n:4:1020:4}",
    "c.srli {r}, {n:1:63:1}", "c.srai {r}, {n:1:63:1}", "c.slli {w}, {n:1:63:1}", "c.andi {r}, {n:-32:31:1}",
    "c.sub {r}, {r}", "c.xor {r}, {r}", "c.or {r}, {r}", "c.and {r}, {r}", "c.subw {r}, {r}",
    "c.addw {r}, {r}",
    "c.mv {w}, {v}", "c.add {w}, {v}", "c.addi16sp sp, 16\nc.addi16sp sp, -16", "c.nop",
    "c.lw {r}, {n:0:124:4}(s1)", "c.ld {r}, {n:0:248:8}(s1)", "c.fld {g}, {n:0:248:8}(s1)",
    "c.sw {r}, {n:0:124:4}(s1)", "c.sd {r}, {n:0:248:8}(s1)", "c.fsd {g}, {n:0:248:8}(s1)",
    "c.lwsp {w}, {n:0:252:4}(sp)", "c.ldsp {w}, {n:0:504:8}(sp)", "c.fldsp {f}, {n:0:504:8}(sp)",
    "c.swsp {v}, {n:0:252:4}(sp)", "c.sdsp {v}, {n:0:504:8}(sp)", "c.fsdsp {f}, {n:0:504:8}(sp)",
]
POOL_WORDS = 1024


def table():
    """The rows in src/isa: (name, operands, class)."""
    rows = []
    row = re.compile(r'\{"([a-z0-9.]+)",\s*"[01.\- ]+",\s*"([^"]*)",\s*([A-Za-z]+)')
    for header in sorted((ROOT / "src" / "isa").glob("*.hh")):
        if header.name != "rv64c.hh":
            rows += row.findall(header.read_text())
    return [r for r in rows if r[2] != "System"]


def interesting_value(rng):
    """Of a register: integers near limits, floats of both formats with similar exponents, NaNs, zeros."""
    kind = rng.randrange(9)
    if kind < 2:
        return rng.choice([0, 1, 63, 64, 2**31 - 1, 2**31, 2**32 - 1, 2**63 - 1, 2**63,
                           2**64 - 1, 2**64 - 2**31])
    if kind == 2:
        return rng.getrandbits(64)
    if kind == 3:
        return rng.getrandbits(64) >> rng.randrange(64)
    sign = rng.getrandbits(1)
    single = kind < 7
    exponent_bits, fraction_bits = (8, 23) if single else (11, 52)
    bias = 2**(exponent_bits - 1) - 1
    exponent = rng.choice([0, 0, 1, 2 * bias, 2 * bias + 1, bias // 2, bias + bias // 2]
                          + [bias + rng.randrange(-4, 5)] * 6 + [bias + rng.randrange(0, 66)] * 3)
    fraction = rng.choice([0, 1, 2**fraction_bits - 1, 2**(fraction_bits - 1), rng.getrandbits(fraction_bits),
                           1 << rng.randrange(fraction_bits)])
    bits = (sign << exponent_bits | exponent) << fraction_bits | fraction
    return bits | 0xffffffff << 32 if single else bits


class Generator:
    def __init__(self, seed, instructions, hints):
        self.rng = random.Random(seed)
        self.no_hints = set() if hints else {"ra", "t0"}
        self.rows = table()
        self.labels = 0
        self.text = []
        while len(self.text) < instructions:
            if self.rng.random() < 0.2:
                self.compressed()
            else:
                self.step(self.rng.choice(self.rows))

    def emit(self, line):
        self.text.append(line)

    def source(self):
        return self.rng.choice(SHORT) if self.rng.random() < 0.4 else self.rng.choice(INTEGER)

    def target(self):
        if self.rng.random() < 0.02:
            return "zero"
        return self.rng.choice(SHORT if self.rng.random() < 0.4 else WRITABLE)

    def float_register(self):
        return self.rng.choice(FLOAT[8:16] if self.rng.random() < 0.4 else FLOAT)

    def immediate(self):
        return self.rng.choice([self.rng.randrange(-32, 32), self.rng.randrange(-2048, 2048)])

    def offset(self, size):
        """Into the buffer: mostly the same few words, sometimes misaligned."""
        offset = self.rng.randrange(*self.rng.choice([(0, 64), (0, 248), (-256, 256)]))
        return offset if self.rng.random() < 0.1 else offset & -size

    def operand(self, letter):
        rng = self.rng
        if letter == "d":
            return self.target()
        if letter in "st":
            return self.source()
        if letter in "DSTR":
            return self.float_register()
        if letter == "j":
            return str(self.immediate())
        if letter == "u":
            return str(rng.choice([rng.getrandbits(20), rng.randrange(1, 32)]))
        if letter in "<>":
            return str(rng.randrange(32 if letter == "<" else 64))
        if letter in "PQ":
            return rng.choice(["iorw", "rw", "r", "w", "i", "o"])
        return letter if letter in "()," else ""

    def step(self, row):
        name, operands, op_class = row
        if self.rng.random() < 0.25:
            self.refresh()
        special = {"Load": self.access, "Store": self.access, "Atomic": self.atomic, "Csr": self.csr,
                   "LoadReserved": self.reserved_pair, "StoreConditional": self.lone_store_conditional,
                   "Branch": self.branch, "Jump": self.jump, "JumpRegister": self.jump_register}
        if op_class in special:
            special[op_class](name, operands)
        else:
            self.compute(name, operands)

    def refresh(self):
        """New values from the pool, or results soon are all NaN and zero."""
        at = 8 * self.rng.randrange(32)
        kind = self.rng.randrange(4)
        if kind == 0:
            self.emit(f"ld {self.rng.choice(WRITABLE)}, {at}({POOL})")
        else:
            self.emit(f"fld {self.float_register()}, {at}({POOL})")

    def compute(self, name, operands):
        rounding = self.rng.choice(ROUNDING) if operands.endswith(",m") else ""
        letters = operands.removesuffix(",m").removesuffix("M")
        if letters == "d,s,t" and self.rng.random() < 0.3:   # two-operand shapes compress
            register = self.rng.choice(SHORT)
            self.emit(f"{name} {register},{register},{self.rng.choice(SHORT)}")
            self.sum_up(register)
            return
        text = "".join(self.operand(letter) for letter in letters)
        if name == "ctzw":   # qemu 7.2 is wrong where the low word is zero
            register = self.rng.choice(WRITABLE)
            self.emit(f"bseti {register},{register},{self.rng.randrange(32)}")
            text = f"{self.target()},{register}"
        self.emit(f"{name} {text}{rounding}".strip())
        destination = text.split(",")[0]
        if destination in INTEGER + FLOAT and self.rng.random() < 0.5:
            self.sum_up(destination)

    def compressed(self):
        def fill(match):
            kind, _, limits = match[1].partition(":")
            if limits:
                low, high, step = (int(n, 0) for n in limits.split(":"))
                return str(self.rng.randrange(low, high + 1, step))
            choices = {"w": WRITABLE, "r": SHORT, "v": INTEGER[1:], "f": FLOAT, "g": FLOAT[8:16]}
            return self.rng.choice(choices[kind])
        self.emit(re.sub(r"\{(.*?)\}", fill, self.rng.choice(COMPRESSED)))

    def sum_up(self, register):
        """Makes a result count even if it is overwritten soon; sometimes the flags as well."""
        if register in FLOAT:
            self.emit(f"fmv.x.d tp, {register}")
            register = "tp"
        if self.rng.random() < 0.3:
            self.emit(f"add {SUM}, {SUM}, {register}")
            register = "tp"
            self.emit("fsflags tp, zero")
        self.emit(f"xor {SUM}, {SUM}, {register}")
        self.emit(f"rori {SUM}, {SUM}, 7")

    def access(self, name, operands):
        size = {"b": 1, "h": 2, "w": 4, "d": 8}[name.lstrip("fls")[0]]
        register = self.operand(operands[0])
        self.emit(f"{name} {register}, {self.offset(size)}({self.rng.choice(['sp', BUFFER])})")
        if name[0] in "fl" and "s" not in name[:2] and self.rng.random() < 0.5:
            self.sum_up(register)

    def place(self, name):
        """A register with an aligned address in the buffer."""
        size = 4 if name.endswith(".w") else 8
        register = self.rng.choice(WRITABLE)
        self.emit(f"addi {register}, {BUFFER}, {self.rng.randrange(-64, 64) & -size}")
        return register

    def order(self):
        return self.rng.choice(["", "", ".aq", ".rl", ".aqrl"])

    def atomic(self, name, _):
        address = self.place(name)
        self.emit(f"{name}{self.order()} {self.target()}, {self.source()}, ({address})")

    def reserved_pair(self, name, _):
        """Always ends with its sc, so that no reservation is left for a lone one."""
        address = self.place(name)
        others = [r for r in WRITABLE if r != address]
        self.emit(f"{name}{self.order()} {self.rng.choice(others)}, ({address})")
        for _ in range(self.rng.randrange(4)):
            self.emit(f"add {self.rng.choice(others)}, {self.source()}, {self.source()}")
        if self.rng.random() < 0.1:
            self.emit(f"addi {address}, {address}, 8")   # elsewhere: it fails
        self.emit(f"{name.replace('lr', 'sc')}{self.order()} {self.target()}, {self.source()}, ({address})")

    def lone_store_conditional(self, name, _):
        address = self.place(name)
        self.emit(f"{name}{self.order()} {self.target()}, {self.source()}, ({address})")

    def link(self):
        return self.rng.choice([r for r in ["zero", "ra", "t0", self.target(), self.target()] if r not in self.no_hints])

    def forward(self):
        """A label a few instructions on; they are emitted between the branch and it."""
        self.labels += 1
        return f"ahead{self.labels}"

    def skip_to(self, label):
        for _ in range(self.rng.randrange(1, 5)):
            name, operands, op_class = self.rng.choice(self.rows)
            if op_class.startswith(("Int", "Float")):
                self.compute(name, operands)
        self.emit(f"{label}:")

    def branch(self, name, _):
        label, right = self.forward(), self.rng.choice(["zero", self.source()])
        left = self.rng.choice(SHORT) if right == "zero" else self.source()
        self.emit(f"{name} {left}, {right}, {label}")
        self.skip_to(label)

    def jump(self, name, _):
        label = self.forward()
        self.emit(f"j {label}" if self.rng.random() < 0.5 else f"{name} {self.link()}, {label}")
        self.skip_to(label)

    def jump_register(self, name, _):
        label, register = self.forward(), self.rng.choice([r for r in WRITABLE if r not in self.no_hints])
        distance = self.rng.choice([0, 0, 0, self.rng.randrange(-100, 100)])
        self.emit(f"lla {register}, {label} - ({distance})")
        self.emit(f"{name} {self.rng.choice([register, self.link()])}, {distance}({register})")
        self.skip_to(label)

    def csr(self, name, operands):
        """Keeps frm valid: a dynamic rounding mode of 5, 6 or 7 is illegal."""
        rng, kind = self.rng, name.removesuffix("i")[-1]
        immediate = operands.endswith("Z")
        number = rng.choice(["fflags", "frm", "fcsr"])
        if number == "fflags" or kind == "c":
            value = str(rng.randrange(32)) if immediate else self.source()
        elif kind == "s":   # ORs bits into frm; of fcsr the low five are flags
            value = str(0 if number == "frm" else rng.randrange(32)) if immediate else "zero"
        elif immediate:
            value = str(rng.randrange(5 if number == "frm" else 32))
        else:
            value = rng.choice(WRITABLE)
            mode = rng.randrange(5)
            self.emit(f"li {value}, {mode if number == 'frm' else mode << 5 | rng.randrange(32)}")
        self.emit(f"{name} {self.target()}, {number}, {value}")


def program(seed, instructions=600, turns=1000, dump_every=100, hints=True):
    rng = random.Random(-1 - seed)
    body = Generator(seed, instructions, hints).text
    lines = [".option norelax", ".globl _start", "_start:", "lla s10, pool"]
    lines += [f"ld {r}, {8 * i}(s10)" for i, r in enumerate(INTEGER) if r not in RESERVED]
    lines += [f"fld {r}, {256 + 8 * i}(s10)" for i, r in enumerate(FLOAT)]
    lines += [f"lla {BUFFER}, buffer + {BUFFER_BYTES // 2}", f"mv sp, {BUFFER}"]
    lines += [f"li {TURNS}, {turns}", "turn:"]
    lines += [f"slli {POOL}, {TURNS}, 5", f"xor {POOL}, {POOL}, {TURNS}",
              f"andi {POOL}, {POOL}, {POOL_WORDS - 33 & -8 & 0x7ff}", f"slli {POOL}, {POOL}, 3"]
    lines += ["sd t0, -8(sp)", "lla t0, pool", f"add {POOL}, {POOL}, t0", "ld t0, -8(sp)"]
    lines += body
    lines += [f"addi {TURNS}, {TURNS}, -1", f"beqz {TURNS}, last", f"li {POOL}, {dump_every}",
              f"remu {POOL}, {TURNS}, {POOL}", f"bnez {POOL}, again", "j dump_and_again", "again:", "j turn",
              "last:", f"lla {POOL}, leaving", f"sd {POOL}, ({POOL})", "dump_and_again:"]
    lines += dump()
    lines += ["ld s10, leaving", "beqz s10, again", "li a0, 0", "li a7, 93", "ecall",
              ".data", ".balign 8", f"state: .space {STATE_BYTES}", f"buffer: .space {BUFFER_BYTES}",
              "leaving: .dword 0", "pool:"]
    lines += [f".dword {interesting_value(rng):#x}" for _ in range(POOL_WORDS)]
    return "\n".join(lines) + "\n"


def build(output, **choices):
    """Assembles a program into the ELF file `output`, its source beside it."""
    source = pathlib.Path(f"{output}.s")
    source.write_text(program(**choices))
    subprocess.run(["riscv64-linux-gnu-gcc", "-nostdlib", "-static", f"-march={MARCH}", source, "-o", output],
                   check=True)


def compare(file, command):
    """Runs a program under `command --bench=FILE` and under qemu-riscv64; says where they differ."""
    theirs = subprocess.run(QEMU + [str(file)], stdout=subprocess.PIPE, check=True).stdout
    ours = subprocess.run(list(command) + [f"--bench={file}"], stdout=subprocess.PIPE).stdout
    return first_difference(ours[:len(theirs)], theirs)   # a simulator's own report may follow


def main():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--instructions", type=int, default=600, help="in the loop")
    parser.add_argument("--turns", type=int, default=1000, help="of the loop")
    parser.add_argument("--dump-every", type=int, default=100, help="turns")
    parser.add_argument("--output", help="the ELF file; its source goes beside it")
    parser.add_argument("--compare", action="store_true", help="run the command behind -- and qemu-riscv64")
    parser.add_argument("command", nargs="*")
    choice = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = choice.output or f"{folder}/random{choice.seed}"
        build(file, seed=choice.seed, instructions=choice.instructions, turns=choice.turns,
              dump_every=choice.dump_every)
        if choice.compare:
            difference = compare(file, choice.command)
            print(difference or "agree")
            return difference != ""
    return 0


if __name__ == "__main__":
    sys.exit(main())
