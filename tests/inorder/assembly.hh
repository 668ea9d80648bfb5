// SPDX-License-Identifier: BSD-3-Clause
// Writes short pieces of RISC-V code for tests, one function an instruction.
#pragma once
#include <vector>
#include "isa/hart.hh"

namespace sim::test {

using Code = std::vector<u32>;

namespace assembly {

constexpr u32 r_type(u32 funct7, u32 rs2, u32 rs1, u32 funct3, u32 rd, u32 opcode) {
    return funct7 << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}
constexpr u32 i_type(i32 imm, u32 rs1, u32 funct3, u32 rd, u32 opcode) {
    return u32(imm & 0xfff) << 20 | rs1 << 15 | funct3 << 12 | rd << 7 | opcode;
}
constexpr u32 addi(u32 rd, u32 rs1, i32 imm) { return i_type(imm, rs1, 0, rd, 0x13); }
constexpr u32 add(u32 rd, u32 rs1, u32 rs2) { return r_type(0, rs2, rs1, 0, rd, 0x33); }
constexpr u32 mul(u32 rd, u32 rs1, u32 rs2) { return r_type(1, rs2, rs1, 0, rd, 0x33); }
constexpr u32 div(u32 rd, u32 rs1, u32 rs2) { return r_type(1, rs2, rs1, 4, rd, 0x33); }
constexpr u32 ld(u32 rd, u32 rs1, i32 imm) { return i_type(imm, rs1, 3, rd, 0x03); }
constexpr u32 lbu(u32 rd, u32 rs1, i32 imm) { return i_type(imm, rs1, 4, rd, 0x03); }
constexpr u32 lui(u32 rd, u32 value) { return value | rd << 7 | 0x37; }   // a multiple of 4096
constexpr u32 fld(u32 rd, u32 rs1, i32 imm) { return i_type(imm, rs1, 3, rd, 0x07); }
constexpr u32 s_type(i32 imm, u32 rs2, u32 rs1, u32 funct3) {
    return u32(imm >> 5 & 127) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 | u32(imm & 31) << 7 | 0x23;
}
constexpr u32 sd(u32 rs2, u32 rs1, i32 imm) { return s_type(imm, rs2, rs1, 3); }
constexpr u32 sb(u32 rs2, u32 rs1, i32 imm) { return s_type(imm, rs2, rs1, 0); }
constexpr u32 branch(u32 funct3, u32 rs1, u32 rs2, i32 to) {   // bytes from here
    return u32(to >> 12 & 1) << 31 | u32(to >> 5 & 63) << 25 | rs2 << 20 | rs1 << 15 | funct3 << 12 |
           u32(to >> 1 & 15) << 8 | u32(to >> 11 & 1) << 7 | 0x63;
}
constexpr u32 beq(u32 rs1, u32 rs2, i32 to) { return branch(0, rs1, rs2, to); }
constexpr u32 bne(u32 rs1, u32 rs2, i32 to) { return branch(1, rs1, rs2, to); }
constexpr u32 jal(u32 rd, i32 to) {
    return u32(to >> 20 & 1) << 31 | u32(to >> 1 & 1023) << 21 | u32(to >> 11 & 1) << 20 |
           u32(to >> 12 & 255) << 12 | rd << 7 | 0x6f;
}
constexpr u32 csrrw(u32 rd, u32 csr, u32 rs1) { return csr << 20 | rs1 << 15 | 1 << 12 | rd << 7 | 0x73; }
constexpr u32 fcvt_w_d(u32 rd, u32 rs1) { return r_type(0x61, 0, rs1, 7, rd, 0x53); }   // dynamic rounding
constexpr u32 amoadd_d(u32 rd, u32 rs2, u32 rs1) { return r_type(0, rs2, rs1, 3, rd, 0x2f); }
constexpr u32 ecall() { return 0x73; }

}  // namespace assembly
}  // namespace sim::test
