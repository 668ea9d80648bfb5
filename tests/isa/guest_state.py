# SPDX-License-Identifier: BSD-3-Clause
"""What a random program writes about itself: 32 integer registers, 32 float registers, fcsr, then its buffer."""

INTEGER = (["zero", "ra", "sp", "gp", "tp", "t0", "t1", "t2", "s0", "s1"] + [f"a{i}" for i in range(8)]
           + [f"s{i}" for i in range(2, 12)] + ["t3", "t4", "t5", "t6"])
FLOAT = ([f"ft{i}" for i in range(8)] + ["fs0", "fs1"] + [f"fa{i}" for i in range(8)]
         + [f"fs{i}" for i in range(2, 12)] + ["ft8", "ft9", "ft10", "ft11"])
POOL = "s10"          # where the interesting values of this turn are; free to change between turns
STATE_BYTES = 8 * 65
BUFFER_BYTES = 1024


def dump():
    """Writes state (registers, fcsr, buffer) and changes none of it but the reservation."""
    lines = ["dump:", "lla s10, state"]
    lines += [f"sd {r}, {8 * i}(s10)" for i, r in enumerate(INTEGER) if r != POOL]
    lines += [f"fsd {r}, {256 + 8 * i}(s10)" for i, r in enumerate(FLOAT)]
    lines += ["frcsr a0", "sd a0, 512(s10)", "li a0, 1", "mv a1, s10", f"li a2, {STATE_BYTES + BUFFER_BYTES}",
              "write:", "li a7, 64", "ecall", "add a1, a1, a0", "sub a2, a2, a0", "li a0, 1",
              "bnez a2, write"]
    lines += [f"ld {r}, {8 * INTEGER.index(r)}(s10)" for r in ["a0", "a1", "a2", "a7"]]
    return lines


def describe(state):
    """The registers of one dump by name."""
    words = [int.from_bytes(state[i:i + 8], "little") for i in range(0, STATE_BYTES, 8)]
    return dict(zip(INTEGER + FLOAT + ["fcsr"], words))


def first_difference(ours, theirs, dump_bytes=STATE_BYTES + BUFFER_BYTES):
    """Where two outputs part, in words; nothing where they do not."""
    if ours == theirs:
        return ""
    for number, at in enumerate(range(0, max(len(ours), len(theirs)), dump_bytes)):
        a, b = ours[at:at + dump_bytes], theirs[at:at + dump_bytes]
        if a == b:
            continue
        if len(a) != len(b):
            return f"dump {number}: {len(a)} bytes instead of {len(b)}"
        mine, other = describe(a), describe(b)
        parts = [f"{r} {mine[r]:#x} instead of {other[r]:#x}" for r in mine if mine[r] != other[r]]
        parts += [f"buffer byte {i - STATE_BYTES}" for i in range(STATE_BYTES, dump_bytes) if a[i] != b[i]][:4]
        return f"dump {number}: " + ", ".join(parts)
    return ""
