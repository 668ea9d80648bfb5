// SPDX-License-Identifier: BSD-3-Clause
// Back end: the target's instructions, code generation for one function, assembler and simulator.
#pragma once
#include "ir.hh"

namespace compiler {

// name, operand letters: d destination, a b c sources, i immediate, s symbol, f function, t slot, l label.
#define MACHINE_OPS(X)                                                                                       \
    X(add, "dab")                                                                                            \
    X(sub, "dab") X(mul, "dab") X(div, "dab") X(rem, "dab") X(and, "dab") X(or, "dab") X(xor, "dab")         \
        X(shl, "dab") X(shr, "dab") X(sar, "dab") X(seq, "dab") X(sne, "dab") X(slt, "dab") X(sle, "dab")    \
            X(sltu, "dab") X(min, "dab") X(max, "dab") X(andn, "dab") X(orn, "dab") X(xnor, "dab")           \
                X(sh1add, "dab") X(sh2add, "dab") X(sh3add, "dab") X(addi, "dai") X(rsubi, "dai")            \
                    X(muli, "dai") X(divi, "dai") X(remi, "dai") X(andi, "dai") X(ori, "dai") X(xori, "dai") \
                        X(shli, "dai") X(shri, "dai") X(sari, "dai") X(seqi, "dai") X(snei, "dai")           \
                            X(slti, "dai") X(sgti, "dai") X(mini, "dai") X(maxi, "dai") X(neg, "da")         \
                                X(not, "da") X(mov, "da") X(li, "di") X(madd, "dabc") X(msub, "dabc")        \
                                    X(sel, "dabc") X(selz, "dab") X(seln, "dab") X(ld, "dsa") X(ldi, "dsi")  \
                                        X(ldm, "dsa") X(ldmo, "dsai") X(st, "sab") X(sti, "sbi")             \
                                            X(stm, "sab") X(stmo, "sabi") X(lds, "dt") X(sts, "at")          \
                                                X(arg, "ai") X(getarg, "di") X(call, "df") X(ret, "a")       \
                                                    X(reti, "i") X(jmp, "l") X(bnz, "al") X(bz, "al")        \
                                                        X(beq, "abl") X(bne, "abl") X(blt, "abl")            \
                                                            X(ble, "abl") X(beqi, "ail") X(bnei, "ail")      \
                                                                X(blti, "ail") X(bgti, "ail") X(bbit, "ail") \
                                                                    X(label, "l")

enum class M : uint8_t {
#define X(name, operands) name##_,
    MACHINE_OPS(X)
#undef X
    count_
};

struct MachineInst {
    M op;
    int d = -1, a = -1, b = -1, c = -1;
    int64_t imm = 0;
    int symbol = -1;       // array, function or label
    int label = -1;
};

struct MachineBlock {
    std::vector<MachineInst> code;
    std::vector<int> succs;
    int weight = 1;        // 8^loop depth
};

struct MachineFunction {
    std::string name;
    std::vector<MachineBlock> blocks;   // in layout order
    int registers = 0, slots = 0;
};

inline constexpr int kRegisters = 12;

const char* operands_of(M op);
const char* name_of(M op);
bool is_branch(M op);                       // has a label and may fall through
bool ends_block(M op);

MachineFunction select_instructions(Function& function, const Module& module);
void schedule(MachineFunction& function);
void allocate_registers(MachineFunction& function);
void peephole(MachineFunction& function);
void print_assembly(const MachineFunction& function, const Module& module, std::string& out);

// A program read back from assembler text.
struct Program {
    struct Routine {
        std::vector<MachineInst> code;      // labels resolved to positions
        int slots = 0;
    };
    std::vector<Routine> routines;
};
void assemble(const std::string& text, const Module& module, Program& program);

class Simulator {
public:
    Simulator(const Program& program, const Module& module);
    int64_t call(int routine, const std::vector<int64_t>& args);
    std::vector<std::vector<int64_t>> memory;
    uint64_t steps = 0;

private:
    const Program& program_;
};

}  // namespace compiler
