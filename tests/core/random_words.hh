// SPDX-License-Identifier: BSD-3-Clause
// Seeded random programs that end: loops, calls, branches on data, memory traffic crowded into a few lines.
#pragma once
#include <random>
#include "core/board.hh"

namespace sim::test {

// Registers: x10 data, x11 loop count, x5-x9 and x12-x15 values, x28 scratch, x1 return address; f1-f5.
class RandomWords {
  public:
    explicit RandomWords(u32 seed) : random_(seed) {}

    Code program(u32 instructions_a_round, u32 rounds) {
        using namespace assembler;
        Code code;
        for (u32 r : kValues) load_constant(code, r, u32(random_()) & 0x7fff'ffff);
        load_constant(code, 11, rounds);
        for (u32 f = 1; f <= 5; ++f) code.push_back(r_type(0x69, 0, value(), 0, f, 0x53));   // fcvt.d.w
        const i32 top = i32(code.size());
        for (u32 i = 0; i < instructions_a_round; ++i) one(code);
        code.push_back(addi(11, 11, -1));
        code.push_back(beq(11, 0, 8));
        code.push_back(jal(0, (top - i32(code.size())) * 4));
        code.push_back(kEcall);
        return code;
    }

  private:
    static constexpr u32 kValues[] = {5, 6, 7, 8, 9, 12, 13, 14, 15};
    u32 below(u32 n) { return u32(random_()) % n; }
    u32 value() { return kValues[below(9)]; }
    i32 offset(u32 size) { return below(8) ? i32(below(8) << size) : i32(below(80)); }   // often aligned

    void one(Code &code) {
        using namespace assembler;
        switch (below(16)) {
            case 0: code.push_back(mul(value(), value(), value())); break;
            case 1: code.push_back(div(value(), value(), value())); break;
            case 2:   // rounds to nearest, or as frm says
                code.push_back(fadd(1 + below(5), 1 + below(5), 1 + below(5)) | (below(2) ? 7u << 12 : 0));
                break;
            case 3: code.push_back(below(4) ? fmul(1 + below(5), 1 + below(5), 1 + below(5))
                                            : fdiv(1 + below(5), 1 + below(5), 1 + below(5))); break;
            case 4: case 5: case 6: {
                const u32 size = below(4);
                code.push_back(load(size, value(), 10, offset(size)));
                break;
            }
            case 7: case 8: {
                const u32 size = below(4);
                code.push_back(store(size, value(), 10, offset(size)));
                break;
            }
            case 9: address_from_value(code); break;
            case 10: case 11:   // skips one instruction or two, depending on data
                code.push_back(andi(28, value(), 1 << below(3)));
                code.push_back(below(2) ? beq(28, 0, 8) : bne(28, 0, 8));
                code.push_back(bit_xor(value(), value(), value()));
                break;
            case 12: rare(code); break;
            case 13: code.push_back(addi(value(), value(), i32(below(2048)))); break;
            default: code.push_back(add(value(), value(), value()));
        }
    }
    // The address is known late, and lies among the others or further away.
    void address_from_value(Code &code) {
        using namespace assembler;
        code.push_back(andi(28, value(), below(2) ? 0x38 : 0x7f8));
        code.push_back(add(28, 28, 10));
        code.push_back(below(2) ? sd(value(), 28, 0) : ld(value(), 28, 0));
    }
    void rare(Code &code) {
        using namespace assembler;
        switch (below(6)) {
            case 5: code.push_back(i_type(0x002, below(5), 5, 0, 0x73)); break;   // csrwi frm
            case 0: code.push_back(amoadd(value(), value(), 10)); break;
            case 1: code.push_back(kFence); break;
            case 2: code.push_back(csrrs(value(), 0x001, 0)); break;   // fflags
            case 3:                                                    // a call that returns at once
                code.push_back(jal(1, 8));
                code.push_back(jal(0, 8));
                code.push_back(jalr(0, 1, 0));
                break;
            default:
                code.push_back(addi(17, 0, 1));
                code.push_back(kEcall);                                // changes a0, so a0 is set again
                load_constant(code, 10, u32(kDataAt));
                code.push_back(addi(17, 0, 93));
        }
    }

    std::mt19937 random_;
};

}  // namespace sim::test
