# SPDX-License-Identifier: BSD-3-Clause
"""The block compiler, through util/blocks' listing of small assembled programs: liveness, locals, blocks, layout."""
import re
import subprocess
from random import Random

import pytest

END = """
stop:
    li a7, 93
    ecall
1:  j 1b
"""


class Block:
    """One block of a listing: `size`, `head` (address), `head_bytes`, and rows of (pc, original, text, rd, sources)."""

    def __init__(self, header, lines):
        found = re.match(r"(\S+)  head at (0x[0-9a-f]+), (\d+) bytes; (\d+) instructions, (\d+) loads, (\d+) stores, "
                         r"(\d+) global definitions", header)
        self.where = found[1]
        self.head, self.head_bytes = int(found[2], 16), int(found[3])
        self.size, self.loads, self.stores, self.global_writes = (int(found[k]) for k in (4, 5, 6, 7))
        self.alone = header.endswith("executes alone")
        sets = re.match(r"  reads from before: (.*); dead behind it: (.*)", lines[0])
        self.reads, self.dead = (set(text.split()) - {"none"} for text in sets.groups())
        self.rows = []
        for line in lines[1:]:
            pc, original, rest = re.match(r"  (0x[0-9a-f]+)\s+(\d+)  (.*)", line).groups()
            text, operands = rest[:32].strip(), rest[32:].split()
            self.rows.append((int(pc, 16), int(original), text, operands[0], operands[2:]))

    def row(self, text):
        return next(row for row in self.rows if row[2].startswith(text))

    def writes(self, text):
        return self.row(text)[3]

    def order(self):
        return [row[1] for row in self.rows]


class Listing:
    def __init__(self, text):
        self.text = text
        parts = [part.splitlines() for part in text.strip().split("\n\n")]
        self.blocks = [Block(lines[0], lines[1:]) for lines in parts[1:]]

    def number(self, name):
        return int(re.search(rf"{name} +(\d+)", self.text)[1])

    def live_at_returns(self):
        return set(re.search(r"live at every return: (.*)", self.text)[1].split())


FUNCTIONS = {"_start", "callee", "fail", "leave"}


def as_functions(text):
    """The text with types and sizes for its functions; other labels are only labels."""
    lines, is_open = [".globl _start", ".option norelax", ".text"], None
    for line in text.splitlines() + [".section .note.end"]:
        label = line[:-1] if line.endswith(":") else ""
        if is_open and (label in FUNCTIONS or ".section" in line):
            lines.append(f".size {is_open}, .-{is_open}")
            is_open = None
        if label in FUNCTIONS:
            lines.append(f".type {label}, @function")
            is_open = label
        lines.append(line)
    return "\n".join(lines) + "\n"


@pytest.fixture
def listing(script, tmp_path):
    """Assembles text (a `_start` and functions) and lists a function's blocks."""
    def make(text, function="_start", **limits):
        (tmp_path / "p.S").write_text(as_functions(text), encoding="utf-8")
        subprocess.run(["riscv64-linux-gnu-gcc", "-nostdlib", "-static", "-no-pie", "-march=rv64gc_zba", "p.S", "-o", "p"],
                       cwd=tmp_path, check=True, timeout=60)
        given = ", ".join(f"{key}={value}" for key, value in limits.items())
        run = script(f"print(describe_blocks({str(tmp_path / 'p')!r}, function={function!r}, {given}))")
        assert run.returncode == 0, run.stderr
        return Listing(run.stdout)
    return make


# ---- which values are local


def test_a_value_overwritten_in_its_block_is_local(listing):
    block = listing("_start:\n addi a0, a1, 1\n addi a2, a0, 1\n li a0, 5\n j stop" + END).blocks[0]
    assert block.writes("addi a0,a1,1").startswith("l")
    assert block.writes("addi a0,zero,5") == "a0"


def test_a_value_dead_at_the_exit_is_local_and_one_needed_there_is_global(listing):
    block = listing("_start:\n addi t0, a1, 1\n addi t1, a1, 2\n add a0, t0, t1\n j next\nnext:\n mv a0, t1\n li t1, 0\n"
                    " li t0, 0\n j stop" + END).blocks[0]
    assert block.writes("addi t0,a1,1").startswith("l")
    assert block.writes("addi t1,a1,2") == "t1"
    assert block.dead >= {"t0"} and "t1" not in block.dead


def test_a_value_needed_on_one_way_out_of_a_branch_is_global(listing):
    block = listing("_start:\n addi t0, a1, 1\n addi t1, a1, 2\n beqz a1, other\n li t0, 0\n li t1, 0\n j stop\n"
                    "other:\n mv a0, t0\n li t1, 0\n li t0, 0\n j stop" + END).blocks[0]
    assert block.writes("addi t0,a1,1") == "t0"
    assert block.writes("addi t1,a1,2").startswith("l")


def test_a_loop_keeps_what_the_next_round_reads(listing):
    block = listing("_start:\n li t0, 0\n li t1, 9\nagain:\n addi t0, t0, 1\n addi t2, t0, 3\n sd t2, 0(sp)\n"
                    " bne t0, t1, again\n li t0, 0\n li t1, 0\n li t2, 0\n j stop" + END).blocks[1]
    assert block.writes("addi t0,t0,1") == "t0"
    assert block.writes("addi t2,t0,3").startswith("l")


def test_locals_can_be_switched_off(listing):
    block = listing("_start:\n addi a0, a1, 1\n addi a2, a0, 1\n li a0, 5\n j stop" + END, use_locals=False).blocks[0]
    assert not any(row[3].startswith("l") for row in block.rows)


# ---- calls, returns, functions that never return


CALLS = """_start:
    li t3, 9
    li t4, 9
    jal callee
    mv a0, t3
    li t4, 0
    j stop
callee:
    addi t5, a0, 1
    addi t3, t3, 1
    mv a0, t5
    ret
""" + END


def test_a_temporary_read_behind_a_call_lives_through_call_and_return(listing):
    caller = listing(CALLS).blocks[0]
    assert caller.writes("addi t3,zero,9") == "t3"
    assert caller.writes("addi t4,zero,9").startswith("l")    # nobody reads it
    callee = listing(CALLS, function="callee").blocks[0]
    assert callee.writes("addi t3,t3,1") == "t3"
    assert callee.writes("addi t5,a0,1").startswith("l")
    assert "t3" in listing(CALLS).live_at_returns()


def test_saved_registers_results_and_stack_live_at_every_return(listing):
    live = listing(CALLS).live_at_returns()
    assert live >= {"sp", "gp", "tp", "a0", "a1", "fa0", "fa1", "s0", "s11", "fs0", "fs11"}
    assert not live & {"t0", "t1", "ft0", "ra"}


NEVER = """_start:
    li t3, 9
    beqz a0, 1f
    jal fail
1:  mv a0, t3
    j stop
fail:
    li a0, 1
    jal leave
    .word 0
leave:
    li a7, 93
    ecall
    j leave
""" + END


def test_functions_that_end_in_a_loop_or_in_such_a_call_never_return(listing):
    found = listing(NEVER)
    assert found.number("functions that never return") >= 2    # fail and leave, by a fixed point
    assert "t3" not in found.live_at_returns()                 # 1: is no return point


def test_a_call_that_never_returns_keeps_nothing_alive_for_its_return_point(listing):
    found = listing(NEVER)
    branch = next(b for b in found.blocks if any(row[2].startswith("beq") for row in b.rows))
    assert branch.writes("addi t3,zero,9") == "t3"             # the branch needs it, though


def test_everything_is_alive_at_a_jump_to_an_unknown_place(listing):
    block = listing("_start:\n addi t0, a1, 1\n addi t6, a1, 2\n jr a5" + END).blocks[0]
    assert block.writes("addi t0,a1,1") == "t0" and block.writes("addi t6,a1,2") == "t6" and not block.dead


@pytest.mark.parametrize("instruction", ["mret", "sret"])
def test_everything_is_alive_at_a_return_from_a_trap(listing, instruction):
    blocks = listing(f"_start:\n ld t0, 0(sp)\n ld t6, 8(sp)\n {instruction}\n li t0, 0\n li t6, 0\n j stop" + END).blocks
    assert blocks[0].writes("ld t0") == "t0" and blocks[0].writes("ld t6") == "t6" and not blocks[0].dead


# ---- jump tables


SWITCH = """_start:
    li t5, 1
    li t6, 2
    lla a2, table
    sh2add a3, a0, a2
    lw a3, 0(a3)
    add a3, a3, a2
    jr a3
case0:
    mv a0, t5
    li t6, 0
    j stop
case1:
    li a0, 1
    li t6, 0
    li t5, 0
    j stop""" + END + """
    .section .rodata
    .balign 4
table:
    .word case0 - table, case1 - table
    .word 0x7fffffff
"""


def test_a_jump_table_is_found_and_only_what_its_targets_read_is_alive(listing):
    found = listing(SWITCH)
    assert found.number("jump tables found") == 1 and found.number("register jumps left open") == 0
    assert found.blocks[0].writes("addi t5,zero,1") == "t5"
    assert found.blocks[0].writes("addi t6,zero,2").startswith("l")


TAIL_CALLS = """_start:
    lla a2, table
    sh3add a3, a0, a2
    ld a3, 0(a3)
    addi t3, a0, 7
    jr a3
callee:
    mv a0, t3
    j stop""" + END + """
    .section .rodata
    .balign 8
table:
    .dword {functions}
"""


@pytest.mark.parametrize("functions", ["_start, callee", "callee, _start"])
def test_a_table_of_functions_that_holds_the_function_itself_is_no_jump_table(listing, functions):
    found = listing(TAIL_CALLS.format(functions=functions))
    assert found.number("jump tables found") == 0 and found.number("register jumps left open") == 1
    assert found.blocks[0].writes("addi t3,a0,7") == "t3"


# ---- colouring


def chains(values):
    """Values that are all alive at once, then added up."""
    return ("_start:\n" + "\n".join(f" addi {r}, a1, {n}" for n, r in enumerate(values)) + "\n" +
            "\n".join(f" add a0, a0, {r}" for r in values) + "\n" + "\n".join(f" li {r}, 0" for r in values) +
            "\n j stop" + END)


TEMPORARIES = ("t0", "t1", "t2", "t3", "t4", "t5")


@pytest.mark.parametrize("names", [0, 1, 2, 3, 6, 20])
def test_no_more_local_names_are_used_than_there_are_and_the_rest_stays_global(listing, names):
    found = listing(chains(TEMPORARIES), local_registers=names, schedule=False)
    block = found.blocks[0]
    used = {name for row in block.rows for name in [row[3], *row[4]] if re.fullmatch(r"l\d+", name)}
    assert used <= {f"l{n}" for n in range(names)}
    assert found.number("values without a free local name") > 0 or names >= 6
    if names >= 7:
        assert found.number("values without a free local name") == 0


def check_dataflow(block):
    """In the order in which the block executes, every operand holds the value that program order says, and at its end
    every register that is not dead holds its last definition."""
    producers, last = {}, {}
    for row in sorted(block.rows, key=lambda row: row[1]):
        registers = re.findall(r"\b(?:zero|ra|[sgt]p|[ast]\d+)\b", row[2])
        if row[2].startswith(("sd", "sw", "sb")):
            registers = [None, registers[1], registers[0]]   # the listing names the address first
        producers[row[1]] = [last.get(register) for register in registers[1:] if register != "zero"]
        if row[3] != "-":
            last[registers[0]] = row[1]
    holds = {}
    for row in block.rows:
        sources = [name for name in row[4] if name not in ("-", "zero")]
        assert [holds.get(name) for name in sources] == producers[row[1]], row
        if row[3] != "-":
            holds[row[3]] = row[1]
    for register, definition in last.items():
        assert register in block.dead or holds[register] == definition, register


@pytest.mark.parametrize("names", [1, 2, 3, 6, 20])
@pytest.mark.parametrize("schedule", [False, True])
def test_every_operand_reads_the_value_that_program_order_says(listing, names, schedule):
    check_dataflow(listing(chains(TEMPORARIES), local_registers=names, schedule=schedule).blocks[0])


def random_block(random):
    """Arithmetic, loads and stores over few registers; addresses are offsets from sp and from computed values."""
    registers = ["t0", "t1", "t2", "a0", "a1", "a2", "a3"]
    lines = []
    for _ in range(40):
        rd, rs1, rs2 = (random.choice(registers) for _ in range(3))
        place = f"{8 * random.randrange(6)}({random.choice(['sp', 'sp', rs1])})"
        lines.append(random.choice([f"add {rd}, {rs1}, {rs2}", f"mul {rd}, {rs1}, {rs2}", f"addi {rd}, {rs1}, 1",
                                    f"ld {rd}, {place}", f"lw {rd}, {place}", f"sd {rs2}, {place}", f"sw {rs2}, {place}"]))
    return "_start:\n" + "\n".join(lines) + "\n li t0, 0\n li t1, 0\n li t2, 0\n j stop" + END


@pytest.mark.parametrize("seed", range(12))
def test_random_blocks_keep_their_dataflow_and_memory_order(listing, seed):
    random = Random(seed)
    block = listing(random_block(random), local_registers=random.choice([0, 1, 2, 5, 20])).blocks[0]
    check_dataflow(block)
    assert seed > 2 or block.order() != sorted(block.order())
    writer, memory = {}, {}   # by program position: (is a store, value of the base, first byte, last byte)
    for row in sorted(block.rows, key=lambda row: row[1]):
        access = re.match(r"([ls])([wd]) (\w+),(\d+)\((\w+)\)", row[2])
        if access:
            kind, size, _, offset, base = access.groups()
            bytes_accessed = {"w": 4, "d": 8}[size]
            memory[row[1]] = (kind == "s", (base, writer.get(base)), int(offset), int(offset) + bytes_accessed - 1)
        if row[3] != "-":
            writer[row[2].split()[1].split(",")[0]] = row[1]
    order = block.order()
    for one in memory:
        for other in (m for m in memory if m > one and (memory[m][0] or memory[one][0])):
            (_, base, low, high), (_, other_base, other_low, other_high) = memory[one], memory[other]
            if base != other_base or (low <= other_high and other_low <= high):
                assert order.index(one) < order.index(other), (one, other)


def test_a_result_never_takes_the_local_name_of_its_own_operand(listing):
    text = "_start:\n addi t0, a1, 1\n" + " addi t0, t0, 1\n" * 6 + " mv a0, t0\n li t0, 0\n j stop" + END
    for names in (1, 2, 3):
        block = listing(text, local_registers=names).blocks[0]
        assert not [row for row in block.rows if re.fullmatch(r"l\d+", row[3]) and row[3] in row[4]]


# ---- blocks, limits, layout


LONG = "_start:\n" + "\n".join(f" addi a{n % 6}, a{(n + 1) % 6}, {n}" for n in range(60)) + "\n" + \
    "\n".join(f" ld a{n % 4}, {8 * n}(sp)" for n in range(20)) + "\n" + \
    "\n".join(f" sd a{n % 4}, {8 * n}(sp)" for n in range(20)) + "\n j stop" + END


@pytest.mark.parametrize("limits", [{"instructions": 1}, {"instructions": 7}, {"instructions": 250}, {"loads": 1},
                                    {"loads": 3}, {"stores": 1}, {"stores": 5}, {"global_writes": 1},
                                    {"global_writes": 6}])
def test_blocks_are_cut_at_each_limit_and_not_before(listing, limits):
    blocks = listing(LONG, **limits).blocks
    instructions, loads, stores, writes = (limits.get(k, d) for k, d in (
        ("instructions", 50), ("loads", 64), ("stores", 32), ("global_writes", 188)))
    for block, after in zip(blocks, blocks[1:]):
        assert block.size <= instructions and block.loads <= loads and block.stores <= stores
        assert block.global_writes <= writes
        if block.alone or block.rows[-1][2].startswith(("j", "b")) or after.alone:
            continue
        first = min(after.rows, key=lambda row: row[1])[2]
        definitions = sum(row[3] != "-" for row in block.rows)   # locals count: they may have to become global
        assert (block.size == instructions or (first.startswith("ld") and block.loads == loads) or
                (first.startswith("sd") and block.stores == stores) or
                (definitions == writes and not first.startswith("sd")) or first.startswith("addi a7")), block.where


@pytest.mark.parametrize("fixed", [0, 3, 4, 9])
def test_a_head_takes_its_fixed_bytes_and_a_bit_an_operand_field_rounded_to_two(listing, fixed):
    blocks = listing(LONG, head_fixed_bytes=fixed).blocks
    for block in blocks:
        fields = sum((row[3] != "-") + sum(name != "-" for name in row[4]) for row in block.rows)
        bytes_needed = fixed + (fields + 7) // 8
        assert block.head_bytes == bytes_needed + bytes_needed % 2, block.where


def test_laid_out_blocks_follow_each_other_without_a_gap_or_overlap(listing):
    blocks = listing(LONG, instructions=9).blocks
    for block, after in zip(blocks, blocks[1:]):
        start = min(row[0] for row in block.rows)
        end = min(row[0] for row in after.rows)
        assert after.head == block.head + block.head_bytes + (end - start)


@pytest.mark.parametrize("alone", ["fence", "ecall", "amoadd.w a0, a1, (sp)", "lr.w a0, (sp)", "csrr a0, fflags",
                                   "csrr a0, cycle", "fence.i", "ebreak"])
def test_serialising_instructions_are_blocks_of_their_own(listing, alone):
    blocks = listing(f"_start:\n addi t0, a1, 1\n {alone}\n addi t1, a1, 1\n j stop" + END).blocks
    assert [block.size for block in blocks[:3]] == [1, 1, 2]
    assert [block.alone for block in blocks[:3]] == [False, True, False]


# ---- scheduling


def test_a_long_chain_is_scheduled_before_short_ones(listing):
    block = listing("_start:\n addi t0, a1, 1\n addi t1, a1, 1\n addi t2, a1, 1\n addi t3, a1, 1\n mul t4, a1, a1\n"
                    " mul t4, t4, t4\n add a0, t0, t1\n add a0, a0, t2\n add a0, a0, t3\n add a0, a0, t4\n j stop"
                    + END).blocks[0]
    assert block.order()[0] == 4
    assert block.rows[-1][2].startswith("jal")


@pytest.mark.parametrize("first, second, free", [
    ("sd a0, 0(sp)", "ld a3, 0(sp)", False),      # the same bytes
    ("sd a0, 0(sp)", "ld a3, 8(sp)", True),
    ("sd a0, 0(sp)", "lw a3, 4(sp)", False),      # they overlap
    ("sb a0, 7(sp)", "ld a3, 8(sp)", True),
    ("sd a0, 0(sp)", "ld a3, 8(a2)", False),      # who knows
    ("ld a3, 0(sp)", "sd a1, 0(sp)", False),
    ("sd a0, 0(sp)", "sd a1, 8(a2)", False),
    ("ld a4, 0(sp)", "ld a3, 0(sp)", True),       # loads pass loads
])
def test_memory_operations_change_places_only_where_they_surely_miss_each_other(listing, first, second, free):
    """The second heads a long chain, so that scheduling wants it first; the first waits for a multiplication."""
    chain = "\n".join(" mul a3, a3, a3" for _ in range(4)) if second.startswith("l") else ""
    slow = "mul a0, a1, a1\n mul a0, a0, a0" if first.startswith("s") else "nop"
    block = listing(f"_start:\n {slow}\n {first}\n {second}\n {chain}\n mv a5, a3\n mv a6, a4\n j stop" + END).blocks[0]
    texts = [row[2] for row in block.rows]
    place = [next(n for n, t in enumerate(texts) if t.split()[0] == op.split()[0] and op.split(", ")[1] in t and
                  t.split()[1].startswith(op.split()[1])) for op in (first, second)]
    if not free:
        assert place[0] < place[1]
    elif not first.startswith("l"):
        assert place[1] < place[0]


def test_without_scheduling_program_order_stays(listing):
    for block in listing(LONG, schedule=False).blocks:
        assert block.order() == list(range(block.size))
