// SPDX-License-Identifier: BSD-3-Clause
// Peephole rules on allocated code, the assembler printer and the assembler that reads the text back.
#include <algorithm>
#include <cstring>

#include "machine.hh"

namespace compiler {
namespace {

const char* const kNames[] = {
#define X(name, operands) #name,
    MACHINE_OPS(X)
#undef X
};
const char* const kOperands[] = {
#define X(name, operands) operands,
    MACHINE_OPS(X)
#undef X
};

M opposite(M op) {
    switch (op) {
    case M::bnz_: return M::bz_;
    case M::bz_: return M::bnz_;
    case M::beq_: return M::bne_;
    case M::bne_: return M::beq_;
    case M::beqi_: return M::bnei_;
    case M::bnei_: return M::beqi_;
    default: return M::count_;
    }
}

// One look at two neighbours; true when something got better.
bool improve(std::vector<MachineInst>& code, size_t i) {
    MachineInst& first = code[i];
    auto drop = [&](size_t at) { code.erase(code.begin() + at); return true; };
    if (first.op == M::mov_ && first.d == first.a)
        return drop(i);
    if ((first.op == M::addi_ || first.op == M::ori_ || first.op == M::xori_ || first.op == M::shli_) &&
        first.imm == 0) {
        first.op = M::mov_;
        return true;
    }
    if (first.op == M::muli_ && (first.imm == 3 || first.imm == 5 || first.imm == 9)) {
        first.op = first.imm == 3 ? M::sh1add_ : first.imm == 5 ? M::sh2add_ : M::sh3add_;
        first.b = first.a;
        return true;
    }
    if (first.op == M::xori_ && first.imm == -1) {
        first.op = M::not_;
        return true;
    }
    if (i + 1 >= code.size())
        return false;
    MachineInst& second = code[i + 1];
    if (first.op == M::sts_ && second.op == M::lds_ && first.imm == second.imm) {
        second.op = M::mov_;
        second.a = first.a;
        return true;
    }
    if (first.op == M::lds_ && second.op == M::lds_ && first.imm == second.imm) {
        second.op = M::mov_;
        second.a = first.d;
        return true;
    }
    if (first.op == M::mov_ && second.op == M::mov_ && first.d == second.a && first.a == second.d)
        return drop(i + 1);
    if (first.op == M::li_ && second.op == M::li_ && first.d == second.d)
        return drop(i);
    if (first.op == M::addi_ && second.op == M::addi_ && second.a == first.d && second.d == first.d) {
        first.imm += second.imm;
        return drop(i + 1);
    }
    if (first.op == M::sti_ && second.op == M::ldi_ && first.symbol == second.symbol &&
        first.imm == second.imm) {
        second.op = M::mov_;
        second.a = first.b;
        second.symbol = -1;
        return true;
    }
    return false;
}

bool has_letter(M op, char letter) { return std::strchr(kOperands[static_cast<int>(op)], letter) != nullptr; }

void append_register(std::string& out, int reg) {
    out += 'r';
    out += std::to_string(reg);
}

void print_inst(std::string& out, const MachineInst& inst, const std::string& scope, const Module& module) {
    if (inst.op == M::label_) {
        out += scope + std::to_string(inst.label) + ":\n";
        return;
    }
    out += "    ";
    out += name_of(inst.op);
    char separator = ' ';
    for (const char* letter = operands_of(inst.op); *letter; ++letter) {
        out += separator;
        switch (*letter) {
        case 'd': append_register(out, inst.d); break;
        case 'a': append_register(out, inst.a); break;
        case 'b': append_register(out, inst.b); break;
        case 'c': append_register(out, inst.c); break;
        case 'i': out += std::to_string(inst.imm); break;
        case 's': out += module.arrays[inst.symbol].name; break;
        case 'f': out += module.functions[inst.symbol].name; break;
        case 't': out += "[sp+" + std::to_string(inst.imm * 8) + "]"; break;
        default: out += scope + std::to_string(inst.label); break;
        }
        separator = ',';
    }
    out += '\n';
}

class LineReader {
public:
    LineReader(const std::string& text, const Module& module) : text_(text), module_(module) {
        for (int i = 0; i < static_cast<int>(M::count_); ++i)
            mnemonics_[kNames[i]] = i;
    }
    bool next_line(std::string& line) {
        if (at_ >= text_.size())
            return false;
        size_t end = text_.find('\n', at_);
        line.assign(text_, at_, end - at_);
        at_ = end + 1;
        return true;
    }
    MachineInst instruction(const std::string& line) {
        size_t at = line.find_first_not_of(' ');
        size_t end = std::min(line.find(' ', at), line.size());
        auto found = mnemonics_.find(line.substr(at, end - at));
        if (found == mnemonics_.end())
            throw CompileError("unknown mnemonic in: " + line);
        MachineInst inst{static_cast<M>(found->second)};
        for (const char* letter = operands_of(inst.op); *letter; ++letter) {
            at = end + 1;
            end = std::min(line.find(',', at), line.size());
            operand(inst, *letter, line.substr(at, end - at));
        }
        return inst;
    }
    static int label_number(const std::string& text) {
        return static_cast<int>(integer(text.substr(text.find('L') + 1)));
    }

private:
    static int64_t integer(const std::string& text) {
        size_t at = text[0] == '-';
        uint64_t value = 0;
        for (; at < text.size() && text[at] >= '0' && text[at] <= '9'; ++at)
            value = value * 10 + (text[at] - '0');
        return static_cast<int64_t>(text[0] == '-' ? 0 - value : value);
    }
    void operand(MachineInst& inst, char letter, const std::string& text) {
        switch (letter) {
        case 'd': inst.d = static_cast<int>(integer(text.substr(1))); break;
        case 'a': inst.a = static_cast<int>(integer(text.substr(1))); break;
        case 'b': inst.b = static_cast<int>(integer(text.substr(1))); break;
        case 'c': inst.c = static_cast<int>(integer(text.substr(1))); break;
        case 'i': inst.imm = integer(text); break;
        case 's': inst.symbol = module_.array_ids.at(text); break;
        case 'f': inst.symbol = module_.function_ids.at(text); break;
        case 't': inst.imm = integer(text.substr(4)) / 8; break;
        default: inst.label = label_number(text); break;
        }
    }

    const std::string& text_;
    const Module& module_;
    size_t at_ = 0;
    std::map<std::string, int> mnemonics_;
};

void resolve(Program::Routine& routine, const std::map<int, int>& labels) {
    for (MachineInst& inst : routine.code)
        if (has_letter(inst.op, 'l'))
            inst.label = labels.at(inst.label);
}

}  // namespace

const char* operands_of(M op) { return kOperands[static_cast<int>(op)]; }
const char* name_of(M op) { return kNames[static_cast<int>(op)]; }
bool is_branch(M op) { return op >= M::bnz_ && op <= M::bbit_; }
bool ends_block(M op) { return op >= M::ret_ && op <= M::bbit_; }

void peephole(MachineFunction& function) {
    for (size_t b = 0; b < function.blocks.size(); ++b) {
        auto& code = function.blocks[b].code;
        for (size_t i = 0; i < code.size();)
            if (improve(code, i))
                i -= i > 0;
            else
                ++i;
        int next = static_cast<int>(b) + 1;
        // A conditional branch over a jump to the next block turns round.
        if (code.size() >= 2 && code.back().op == M::jmp_) {
            MachineInst& branch = code[code.size() - 2];
            if (is_branch(branch.op) && branch.label == next && opposite(branch.op) != M::count_) {
                branch.op = opposite(branch.op);
                branch.label = code.back().label;
                code.back().label = next;
            }
        }
        if (!code.empty() && code.back().op == M::jmp_ && code.back().label == next)
            code.pop_back();
    }
}

void print_assembly(const MachineFunction& function, const Module& module, std::string& out) {
    out += ".text " + function.name + " " + std::to_string(function.slots) + "\n";
    for (size_t b = 0; b < function.blocks.size(); ++b) {
        MachineInst label{M::label_};
        label.label = static_cast<int>(b);
        print_inst(out, label, ".L", module);
        for (const MachineInst& inst : function.blocks[b].code)
            print_inst(out, inst, ".L", module);
    }
}

void assemble(const std::string& text, const Module& module, Program& program) {
    LineReader reader(text, module);
    std::map<int, int> labels;
    std::string line;
    Program::Routine* routine = nullptr;
    program.routines.resize(module.functions.size());
    while (reader.next_line(line)) {
        if (line.compare(0, 6, ".text ") == 0) {
            if (routine)
                resolve(*routine, labels);
            labels.clear();
            size_t space = line.find(' ', 6);
            routine = &program.routines[module.function_ids.at(line.substr(6, space - 6))];
            routine->slots = std::stoi(line.substr(space + 1));
        } else if (line[0] == '.') {
            labels[LineReader::label_number(line)] = static_cast<int>(routine->code.size());
        } else {
            routine->code.push_back(reader.instruction(line));
        }
    }
    if (routine)
        resolve(*routine, labels);
}

Simulator::Simulator(const Program& program, const Module& module) : program_(program) {
    for (const Array& array : module.arrays)
        memory.emplace_back(array.length, 0);
}

int64_t Simulator::call(int id, const std::vector<int64_t>& args) {
    const Program::Routine& routine = program_.routines[id];
    int64_t r[kRegisters] = {0}, unused = 0;
    std::vector<int64_t> slots(routine.slots, 0), passing;
    auto wrap = [&](const MachineInst& i) {
        return (static_cast<uint64_t>(r[i.a]) + i.imm) & (memory[i.symbol].size() - 1);
    };
    for (size_t pc = 0;;) {
        const MachineInst& i = routine.code[pc++];
        ++steps;
        int64_t a = i.a >= 0 ? r[i.a] : 0, b = i.b >= 0 ? r[i.b] : 0, c = i.c >= 0 ? r[i.c] : 0;
        int64_t& d = i.d >= 0 ? r[i.d] : unused;
        bool taken = false;
        switch (i.op) {
        case M::add_: d = fold(Op::Add, a, b); break;
        case M::sub_: d = fold(Op::Sub, a, b); break;
        case M::mul_: d = fold(Op::Mul, a, b); break;
        case M::div_: d = fold(Op::Div, a, b); break;
        case M::rem_: d = fold(Op::Rem, a, b); break;
        case M::and_: d = a & b; break;
        case M::or_: d = a | b; break;
        case M::xor_: d = a ^ b; break;
        case M::shl_: d = fold(Op::Shl, a, b); break;
        case M::shr_: d = fold(Op::Shr, a, b); break;
        case M::sar_: d = fold(Op::Sar, a, b); break;
        case M::seq_: d = a == b; break;
        case M::sne_: d = a != b; break;
        case M::slt_: d = a < b; break;
        case M::sle_: d = a <= b; break;
        case M::sltu_: d = fold(Op::Below, a, b); break;
        case M::min_: d = a < b ? a : b; break;
        case M::max_: d = a > b ? a : b; break;
        case M::andn_: d = a & ~b; break;
        case M::orn_: d = a | ~b; break;
        case M::xnor_: d = ~(a ^ b); break;
        case M::sh1add_: d = fold(Op::Add, a, fold(Op::Shl, b, 1)); break;
        case M::sh2add_: d = fold(Op::Add, a, fold(Op::Shl, b, 2)); break;
        case M::sh3add_: d = fold(Op::Add, a, fold(Op::Shl, b, 3)); break;
        case M::addi_: d = fold(Op::Add, a, i.imm); break;
        case M::rsubi_: d = fold(Op::Sub, i.imm, a); break;
        case M::muli_: d = fold(Op::Mul, a, i.imm); break;
        case M::divi_: d = fold(Op::Div, a, i.imm); break;
        case M::remi_: d = fold(Op::Rem, a, i.imm); break;
        case M::andi_: d = a & i.imm; break;
        case M::ori_: d = a | i.imm; break;
        case M::xori_: d = a ^ i.imm; break;
        case M::shli_: d = fold(Op::Shl, a, i.imm); break;
        case M::shri_: d = fold(Op::Shr, a, i.imm); break;
        case M::sari_: d = fold(Op::Sar, a, i.imm); break;
        case M::seqi_: d = a == i.imm; break;
        case M::snei_: d = a != i.imm; break;
        case M::slti_: d = a < i.imm; break;
        case M::sgti_: d = a > i.imm; break;
        case M::mini_: d = a < i.imm ? a : i.imm; break;
        case M::maxi_: d = a > i.imm ? a : i.imm; break;
        case M::neg_: d = fold(Op::Neg, a, 0); break;
        case M::not_: d = ~a; break;
        case M::mov_: d = a; break;
        case M::li_: d = i.imm; break;
        case M::madd_: d = fold(Op::Add, fold(Op::Mul, a, b), c); break;
        case M::msub_: d = fold(Op::Sub, c, fold(Op::Mul, a, b)); break;
        case M::sel_: d = a ? b : c; break;
        case M::selz_: d = a ? b : 0; break;
        case M::seln_: d = a ? 0 : b; break;
        case M::ld_: d = memory[i.symbol][a]; break;
        case M::ldi_: d = memory[i.symbol][i.imm]; break;
        case M::ldm_:
        case M::ldmo_: d = memory[i.symbol][wrap(i)]; break;
        case M::st_: memory[i.symbol][a] = b; break;
        case M::sti_: memory[i.symbol][i.imm] = b; break;
        case M::stm_:
        case M::stmo_: memory[i.symbol][wrap(i)] = b; break;
        case M::lds_: d = slots[i.imm]; break;
        case M::sts_: slots[i.imm] = a; break;
        case M::arg_:
            passing.resize(std::max<size_t>(passing.size(), i.imm + 1));
            passing[i.imm] = a;
            break;
        case M::getarg_: d = args[i.imm]; break;
        case M::call_: d = call(i.symbol, passing); break;
        case M::ret_: return a;
        case M::reti_: return i.imm;
        case M::jmp_: taken = true; break;
        case M::bnz_: taken = a != 0; break;
        case M::bz_: taken = a == 0; break;
        case M::beq_: taken = a == b; break;
        case M::bne_: taken = a != b; break;
        case M::blt_: taken = a < b; break;
        case M::ble_: taken = a <= b; break;
        case M::beqi_: taken = a == i.imm; break;
        case M::bnei_: taken = a != i.imm; break;
        case M::blti_: taken = a < i.imm; break;
        case M::bgti_: taken = a > i.imm; break;
        case M::bbit_: taken = (a & i.imm) != 0; break;
        default: throw CompileError("the simulator met an unknown instruction");
        }
        if (taken)
            pc = i.label;
    }
}

}  // namespace compiler
