// SPDX-License-Identifier: BSD-3-Clause
// Instructions as words, so that a test can write a guest program in C++.
#pragma once
#include <vector>
#include "sim/types.hh"

namespace sim::assembler {

using Code = std::vector<u32>;

inline u32 field(u32 value, unsigned bits, unsigned at) { return (value & ((1u << bits) - 1)) << at; }

inline u32 r_type(u32 funct7, u32 rs2, u32 rs1, u32 funct3, u32 rd, u32 opcode) {
    return field(funct7, 7, 25) | field(rs2, 5, 20) | field(rs1, 5, 15) | field(funct3, 3, 12) |
           field(rd, 5, 7) | opcode;
}
inline u32 i_type(i32 imm, u32 rs1, u32 funct3, u32 rd, u32 opcode) {
    return field(u32(imm), 12, 20) | field(rs1, 5, 15) | field(funct3, 3, 12) | field(rd, 5, 7) | opcode;
}
inline u32 s_type(i32 imm, u32 rs2, u32 rs1, u32 funct3, u32 opcode) {
    return field(u32(imm) >> 5, 7, 25) | field(rs2, 5, 20) | field(rs1, 5, 15) | field(funct3, 3, 12) |
           field(u32(imm), 5, 7) | opcode;
}
inline u32 b_type(i32 offset, u32 rs2, u32 rs1, u32 funct3) {
    const u32 o = u32(offset);
    return field(o >> 12, 1, 31) | field(o >> 5, 6, 25) | field(rs2, 5, 20) | field(rs1, 5, 15) |
           field(funct3, 3, 12) | field(o >> 1, 4, 8) | field(o >> 11, 1, 7) | 0x63;
}

inline u32 add(u32 rd, u32 rs1, u32 rs2) { return r_type(0, rs2, rs1, 0, rd, 0x33); }
inline u32 sub(u32 rd, u32 rs1, u32 rs2) { return r_type(0x20, rs2, rs1, 0, rd, 0x33); }
inline u32 bit_xor(u32 rd, u32 rs1, u32 rs2) { return r_type(0, rs2, rs1, 4, rd, 0x33); }
inline u32 addi(u32 rd, u32 rs1, i32 imm) { return i_type(imm, rs1, 0, rd, 0x13); }
inline u32 andi(u32 rd, u32 rs1, i32 imm) { return i_type(imm, rs1, 7, rd, 0x13); }
inline u32 slli(u32 rd, u32 rs1, u32 by) { return i_type(i32(by), rs1, 1, rd, 0x13); }
inline u32 srli(u32 rd, u32 rs1, u32 by) { return i_type(i32(by), rs1, 5, rd, 0x13); }
inline u32 lui(u32 rd, u32 upper) { return field(upper, 20, 12) | field(rd, 5, 7) | 0x37; }
inline u32 mul(u32 rd, u32 rs1, u32 rs2) { return r_type(1, rs2, rs1, 0, rd, 0x33); }
inline u32 div(u32 rd, u32 rs1, u32 rs2) { return r_type(1, rs2, rs1, 4, rd, 0x33); }
// Log2 of the bytes: 0 to 3, sign-extended.
inline u32 load(u32 size, u32 rd, u32 rs1, i32 imm) { return i_type(imm, rs1, size, rd, 0x03); }
inline u32 store(u32 size, u32 rs2, u32 rs1, i32 imm) { return s_type(imm, rs2, rs1, size, 0x23); }
inline u32 ld(u32 rd, u32 rs1, i32 imm) { return load(3, rd, rs1, imm); }
inline u32 sd(u32 rs2, u32 rs1, i32 imm) { return store(3, rs2, rs1, imm); }
inline u32 beq(u32 rs1, u32 rs2, i32 offset) { return b_type(offset, rs2, rs1, 0); }
inline u32 bne(u32 rs1, u32 rs2, i32 offset) { return b_type(offset, rs2, rs1, 1); }
inline u32 jal(u32 rd, i32 offset) {
    const u32 o = u32(offset);
    return field(o >> 20, 1, 31) | field(o >> 1, 10, 21) | field(o >> 11, 1, 20) | field(o >> 12, 8, 12) |
           field(rd, 5, 7) | 0x6f;
}
inline u32 jalr(u32 rd, u32 rs1, i32 imm) { return i_type(imm, rs1, 0, rd, 0x67); }
// Double precision, rounding to nearest.
inline u32 fadd(u32 rd, u32 rs1, u32 rs2) { return r_type(0x01, rs2, rs1, 0, rd, 0x53); }
inline u32 fmul(u32 rd, u32 rs1, u32 rs2) { return r_type(0x09, rs2, rs1, 0, rd, 0x53); }
inline u32 fdiv(u32 rd, u32 rs1, u32 rs2) { return r_type(0x0d, rs2, rs1, 0, rd, 0x53); }
inline u32 fsqrt(u32 rd, u32 rs1) { return r_type(0x2d, 0, rs1, 0, rd, 0x53); }
inline u32 fmadd(u32 rd, u32 rs1, u32 rs2, u32 rs3) { return r_type(rs3 << 2 | 1, rs2, rs1, 0, rd, 0x43); }
inline u32 amoadd(u32 rd, u32 rs2, u32 rs1) { return r_type(0, rs2, rs1, 3, rd, 0x2f); }
inline u32 csrrs(u32 rd, u32 csr, u32 rs1) { return i_type(i32(csr), rs1, 2, rd, 0x73); }
inline constexpr u32 kFence = 0x0ff0000f, kFenceI = 0x0000100f, kEcall = 0x00000073, kNop = 0x00000013;

// A whole number into a register, by lui and addi.
inline void load_constant(Code &code, u32 rd, u32 value) {
    code.push_back(lui(rd, (value + 0x800) >> 12));
    code.push_back(addi(rd, rd, i32(value << 20) >> 20));
}
inline void repeat(Code &code, u64 times, const Code &what) {
    for (u64 i = 0; i < times; ++i) code.insert(code.end(), what.begin(), what.end());
}

}  // namespace sim::assembler
