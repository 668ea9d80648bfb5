// SPDX-License-Identifier: BSD-3-Clause
// List scheduling and operand naming of one block. Priority is the longest latency-weighted path to the block's end,
// up to four instructions a step (cgooo fact sheet, section 3); locals are coloured over the scheduled order.
#include <algorithm>
#include "block/compiler.hh"

namespace sim {
namespace {

constexpr u32 kPerStep = 4;
constexpr u16 kLiveIn = 0xffff;   // "produced before the block"

unsigned latency(const Decoded &d) {
    switch (d.op_class) {
        case OpClass::IntMul: return 3;
        case OpClass::IntDiv: return 20;
        case OpClass::FloatAdd:
        case OpClass::FloatMul:
        case OpClass::FloatMulAdd: return 5;
        case OpClass::FloatDiv:
        case OpClass::FloatSqrt: return 20;
        case OpClass::Load: return 4;
        case OpClass::Store: return 2;
        case OpClass::Branch: return 3;
        default: return 1;
    }
}

// One block's instructions in program order with their dependences.
class Scheduler {
  public:
    Scheduler(const std::vector<Decoded> &code, RegisterSet live_out, const BlockLimits &limits)
        : code_(code), live_out_(live_out), limits_(limits), size_(u16(code.size())), local_(size_), order_(size_),
          name_(size_, kNoRegister), producer_(size_) {
        find_producers();
        for (u16 i = 0; i < size_; ++i)
            local_[i] = limits.use_locals && code[i].rd != kNoRegister && (!is_last_def(i) || !(live_out >> code[i].rd & 1));
    }

    ScheduledBlock run() {
        ScheduledBlock out;
        do arrange();
        while (!colour(out.spilled));
        fill(out);
        return out;
    }

  private:
    static std::array<u8, 3> sources(const Decoded &d) { return {d.rs1, d.rs2, d.rs3}; }
    bool is_last_def(u16 i) const {
        for (u16 j = i + 1; j < size_; ++j)
            if (code_[j].rd == code_[i].rd) return false;
        return true;
    }
    void find_producers() {
        std::array<u16, kRegisters> last;
        last.fill(kLiveIn);
        for (u16 i = 0; i < size_; ++i) {
            const auto names = sources(code_[i]);
            for (unsigned k = 0; k < 3; ++k) producer_[i][k] = names[k] == kNoRegister ? kLiveIn : last[names[k]];
            if (code_[i].rd != kNoRegister) last[code_[i].rd] = i;
        }
    }
    bool reads_global(u16 i, unsigned k) const {
        const u8 r = sources(code_[i])[k];
        return r != kNoRegister && r != kZero && (producer_[i][k] == kLiveIn || !local_[producer_[i][k]]);
    }
    // Same base value and ranges that do not meet: certainly different bytes.
    bool surely_apart(u16 a, u16 b) const {
        const Decoded &x = code_[a], &y = code_[b];
        if (x.rs1 != y.rs1 || producer_[a][0] != producer_[b][0]) return false;
        return x.imm + x.memory_bytes <= y.imm || y.imm + y.memory_bytes <= x.imm;
    }
    bool must_follow(u16 a, u16 b) const {   // a before b in program order
        const Decoded &x = code_[a], &y = code_[b];
        if (y.is_control() || y.is_serializing()) return true;
        for (unsigned k = 0; k < 3; ++k)
            if (sources(y)[k] != kNoRegister && producer_[b][k] == a) return true;
        if (y.rd != kNoRegister && !local_[b]) {   // a global name is redefined
            if (x.rd == y.rd && !local_[a]) return true;
            for (unsigned k = 0; k < 3; ++k)
                if (sources(x)[k] == y.rd && reads_global(a, k)) return true;
        }
        if (!x.is_memory() || !y.is_memory()) return false;
        return (x.writes_memory() || y.writes_memory()) && !surely_apart(a, b);
    }

    void arrange() {
        for (u16 i = 0; i < size_; ++i) order_[i] = i;
        if (!limits_.schedule || size_ < 3) return;
        std::vector<std::vector<u16>> after(size_);
        std::vector<u16> missing(size_);
        for (u16 b = 0; b < size_; ++b)
            for (u16 a = 0; a < b; ++a)
                if (must_follow(a, b)) after[a].push_back(b), ++missing[b];
        std::vector<u32> path(size_), earliest(size_);
        for (u16 i = size_; i-- > 0;) {
            for (u16 s : after[i]) path[i] = std::max(path[i], path[s]);
            path[i] += latency(code_[i]);
        }
        std::vector<u16> ready;
        for (u16 i = 0; i < size_; ++i)
            if (!missing[i]) ready.push_back(i);
        u16 done = 0;
        for (u32 step = 0; done < size_; ++step) {
            std::sort(ready.begin(), ready.end(), [&](u16 a, u16 b) { return path[a] != path[b] ? path[a] > path[b] : a < b; });
            std::vector<u16> next;
            u32 taken = 0;
            for (u16 i : ready) {
                if (taken == kPerStep || earliest[i] > step) {
                    next.push_back(i);
                    continue;
                }
                ++taken;
                order_[done++] = i;
                for (u16 s : after[i]) {
                    earliest[s] = std::max(earliest[s], step + latency(code_[i]));
                    if (--missing[s] == 0) next.push_back(s);
                }
            }
            ready = std::move(next);
        }
    }

    // Gives every local value a name; false after making one that found none global (schedule again).
    bool colour(u32 &spilled) {
        std::vector<u16> position(size_), last_use(size_);
        for (u16 p = 0; p < size_; ++p) position[order_[p]] = p;
        for (u16 i = 0; i < size_; ++i) {
            last_use[i] = std::max(last_use[i], position[i]);
            for (unsigned k = 0; k < 3; ++k)
                if (sources(code_[i])[k] != kNoRegister && producer_[i][k] != kLiveIn)
                    last_use[producer_[i][k]] = std::max(last_use[producer_[i][k]], position[i]);
        }
        std::vector<u16> free;   // used round, oldest freed first: fewest WAR and WAW hazards
        for (u16 r = 0; r < limits_.local_registers; ++r) free.push_back(r);
        std::vector<u16> live;
        for (u16 p = 0; p < size_; ++p) {
            const u16 i = order_[p];
            for (std::size_t n = 0; n < live.size();) {
                if (last_use[live[n]] >= p) {   // a result never overwrites its own operand: it may be replayed
                    ++n;
                    continue;
                }
                free.push_back(u16(name_[live[n]] - kLocal));
                live.erase(live.begin() + std::ptrdiff_t(n));
            }
            if (!local_[i]) continue;
            if (free.empty()) {
                local_[i] = false;
                ++spilled;
                return false;
            }
            name_[i] = u8(kLocal + free.front());
            free.erase(free.begin());
            live.push_back(i);
        }
        return true;
    }

    u8 operand_name(u16 i, unsigned k) const {
        const u8 r = sources(code_[i])[k];
        if (r == kNoRegister || producer_[i][k] == kLiveIn || !local_[producer_[i][k]]) return r;
        return name_[producer_[i][k]];
    }

    void fill(ScheduledBlock &out) const {
        std::vector<u16> ordinal(size_), stores_before(size_);
        u16 loads = 0, stores = 0;
        for (u16 i = 0; i < size_; ++i) {
            stores_before[i] = stores;
            if (code_[i].op_class == OpClass::Load) ordinal[i] = loads++;
            if (code_[i].op_class == OpClass::Store) ordinal[i] = stores++;
            for (unsigned k = 0; k < 3; ++k)
                if (producer_[i][k] == kLiveIn) out.reads |= set_of(sources(code_[i])[k]);
            if (const u8 rd = code_[i].rd; rd != kNoRegister) {
                RegisterSet &now = local_[i] ? out.left_stale : out.written;
                RegisterSet &was = local_[i] ? out.written : out.left_stale;
                now |= set_of(rd), was &= ~set_of(rd);
                out.global_writes += !local_[i];
            }
        }
        for (u16 i : order_) {
            BlockInstruction b;
            b.d = code_[i];
            b.original = i;
            b.rd = local_[i] ? name_[i] : code_[i].rd;
            b.rs1 = operand_name(i, 0), b.rs2 = operand_name(i, 1), b.rs3 = operand_name(i, 2);
            b.memory_ordinal = ordinal[i];
            b.stores_before = stores_before[i];
            b.count_operands();
            out.code.push_back(b);
        }
    }

    const std::vector<Decoded> &code_;
    const RegisterSet live_out_;
    const BlockLimits &limits_;
    const u16 size_;
    std::vector<u8> local_;                       // by program order: its result is a local value
    std::vector<u16> order_;                      // scheduled order
    std::vector<u8> name_;
    std::vector<std::array<u16, 3>> producer_;
};

}  // namespace

ScheduledBlock schedule_block(const std::vector<Decoded> &program_order, RegisterSet live_out, const BlockLimits &limits) {
    return Scheduler(program_order, live_out, limits).run();
}

}  // namespace sim
