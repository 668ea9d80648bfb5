// SPDX-License-Identifier: BSD-3-Clause
// List scheduling, liveness, and graph-colouring register allocation with coalescing and spilling.
#include <algorithm>

#include "machine.hh"

namespace compiler {
namespace {

int latency(M op) {
    switch (op) {
    case M::mul_: case M::muli_: case M::madd_: case M::msub_: return 4;
    case M::div_: case M::divi_: case M::rem_: case M::remi_: return 12;
    case M::ld_: case M::ldi_: case M::ldm_: case M::ldmo_: case M::lds_: return 3;
    case M::call_: return 6;
    default: return 1;
    }
}

bool is_load(M op) { return op == M::ld_ || op == M::ldi_ || op == M::ldm_ || op == M::ldmo_; }
bool is_store(M op) { return op == M::st_ || op == M::sti_ || op == M::stm_ || op == M::stmo_; }

// Things that keep their order among themselves.
bool is_fixed(M op) {
    return op == M::call_ || op == M::arg_ || op == M::getarg_ || op == M::sts_ || op == M::lds_;
}

template <class Visit> void each_source(const MachineInst& inst, Visit visit) {
    if (inst.a >= 0)
        visit(inst.a);
    if (inst.b >= 0)
        visit(inst.b);
    if (inst.c >= 0)
        visit(inst.c);
}

class BlockScheduler {
public:
    explicit BlockScheduler(std::vector<MachineInst>& code) : code_(code) {}

    void run() {
        size_t body = 0;
        while (body < code_.size() && !ends_block(code_[body].op))
            ++body;
        count_ = body;
        if (count_ < 3)
            return;
        build();
        std::vector<MachineInst> result;
        std::vector<int> ready;
        for (size_t i = 0; i < count_; ++i)
            if (waits_[i] == 0)
                ready.push_back(static_cast<int>(i));
        for (int cycle = 0; !ready.empty(); ++cycle) {
            // Longest way to the end first; among those the one that is not waiting; then source order.
            auto best = std::max_element(ready.begin(), ready.end(), [&](int a, int b) {
                bool a_now = earliest_[a] <= cycle, b_now = earliest_[b] <= cycle;
                if (a_now != b_now)
                    return b_now;
                return height_[a] != height_[b] ? height_[a] < height_[b] : a > b;
            });
            int chosen = *best;
            ready.erase(best);
            result.push_back(code_[chosen]);
            cycle = std::max(cycle, earliest_[chosen]);
            for (auto [next, delay] : after_[chosen]) {
                earliest_[next] = std::max(earliest_[next], cycle + delay);
                if (--waits_[next] == 0)
                    ready.push_back(next);
            }
        }
        std::copy(result.begin(), result.end(), code_.begin());
    }

private:
    void order(int first, int second, int delay) {
        after_[first].emplace_back(second, delay);
        ++waits_[second];
    }
    void build() {
        after_.resize(count_);
        waits_.assign(count_, 0);
        earliest_.assign(count_, 0);
        height_.assign(count_, 0);
        for (int i = 0; i < static_cast<int>(count_); ++i)
            for (int j = i - 1; j >= 0; --j)
                depend(j, i);
        for (size_t i = count_; i-- > 0;) {
            height_[i] = latency(code_[i].op);
            for (auto [next, delay] : after_[i])
                height_[i] = std::max(height_[i], height_[next] + delay);
        }
    }
    void depend(int first, int second) {
        const MachineInst& f = code_[first];
        const MachineInst& s = code_[second];
        bool reads_result = false, overwrites_source = false;
        each_source(s, [&](int reg) { reads_result = reads_result || reg == f.d; });
        each_source(f, [&](int reg) { overwrites_source = overwrites_source || reg == s.d; });
        if (reads_result && f.d >= 0)
            order(first, second, latency(f.op));
        else if (overwrites_source && s.d >= 0)
            order(first, second, 0);
        else if (f.d >= 0 && f.d == s.d)
            order(first, second, 1);
        else if (is_fixed(f.op) && is_fixed(s.op))
            order(first, second, 1);
        else if (f.op == M::call_ ? is_load(s.op) || is_store(s.op)
                                  : s.op == M::call_ && (is_load(f.op) || is_store(f.op)))
            order(first, second, 1);
        else if (f.symbol == s.symbol && ((is_store(f.op) && (is_load(s.op) || is_store(s.op))) ||
                                          (is_load(f.op) && is_store(s.op))))
            order(first, second, 1);
    }

    std::vector<MachineInst>& code_;
    size_t count_ = 0;
    std::vector<std::vector<std::pair<int, int>>> after_;
    std::vector<int> waits_, earliest_, height_;
};

using Bits = std::vector<uint64_t>;
bool test(const Bits& bits, int i) { return bits[i >> 6] >> (i & 63) & 1; }
void set(Bits& bits, int i) { bits[i >> 6] |= uint64_t{1} << (i & 63); }
void reset(Bits& bits, int i) { bits[i >> 6] &= ~(uint64_t{1} << (i & 63)); }

class Allocator {
public:
    explicit Allocator(MachineFunction& function) : f_(function) {}

    void run() {
        compact();
        for (int round = 0;; ++round) {
            if (round == 20)
                throw CompileError(f_.name + ": register allocation does not converge");
            liveness();
            build_graph();
            if (round == 0)
                coalesce();
            if (colour())
                return assign();
            spill();
        }
    }

private:
    template <class Visit> void each_register(Visit visit) {
        for (MachineBlock& block : f_.blocks)
            for (MachineInst& inst : block.code)
                for (int* reg : {&inst.d, &inst.a, &inst.b, &inst.c})
                    if (*reg >= 0)
                        visit(*reg);
    }
    void compact() {
        std::vector<int> names(f_.registers, -1);
        int count = 0;
        each_register([&](int& reg) {
            if (names[reg] < 0)
                names[reg] = count++;
            reg = names[reg];
        });
        f_.registers = count;
        unspillable_.assign(count, false);
    }

    void liveness() {
        size_t words = (f_.registers + 63) / 64;
        live_out_.assign(f_.blocks.size(), Bits(words, 0));
        std::vector<Bits> live_in(f_.blocks.size(), Bits(words, 0));
        for (bool changed = true; changed;) {
            changed = false;
            for (size_t b = f_.blocks.size(); b-- > 0;) {
                Bits live(words, 0);
                for (int next : f_.blocks[b].succs)
                    for (size_t w = 0; w < words; ++w)
                        live[w] |= live_in[next][w];
                live_out_[b] = live;
                const auto& code = f_.blocks[b].code;
                for (size_t i = code.size(); i-- > 0;) {
                    if (code[i].d >= 0)
                        reset(live, code[i].d);
                    each_source(code[i], [&](int reg) { set(live, reg); });
                }
                if (live != live_in[b]) {
                    live_in[b] = live;
                    changed = true;
                }
            }
        }
    }

    void build_graph() {
        int count = f_.registers;
        matrix_.assign(count, Bits((count + 63) / 64, 0));
        neighbours_.assign(count, {});
        cost_.assign(count, 0);
        moves_.clear();
        for (size_t b = 0; b < f_.blocks.size(); ++b) {
            Bits live = live_out_[b];
            const auto& code = f_.blocks[b].code;
            for (size_t i = code.size(); i-- > 0;) {
                const MachineInst& inst = code[i];
                if (inst.d >= 0) {
                    cost_[inst.d] += f_.blocks[b].weight;
                    interfere_all(inst.d, live, inst.op == M::mov_ ? inst.a : -1);
                    reset(live, inst.d);
                }
                if (inst.op == M::mov_)
                    moves_.emplace_back(inst.d, inst.a);
                each_source(inst, [&](int reg) {
                    cost_[reg] += f_.blocks[b].weight;
                    set(live, reg);
                });
            }
        }
    }
    void interfere_all(int reg, const Bits& live, int except) {
        for (size_t w = 0; w < live.size(); ++w)
            for (uint64_t bits = live[w]; bits; bits &= bits - 1) {
                int other = static_cast<int>(w * 64) + __builtin_ctzll(bits);
                if (other != reg && other != except)
                    interfere(reg, other);
            }
    }
    void interfere(int a, int b) {
        if (test(matrix_[a], b))
            return;
        set(matrix_[a], b);
        set(matrix_[b], a);
        neighbours_[a].push_back(b);
        neighbours_[b].push_back(a);
    }

    // Briggs: joining is safe when the result has fewer than k neighbours of high degree.
    void coalesce() {
        std::vector<int> alias(f_.registers);
        for (size_t i = 0; i < alias.size(); ++i)
            alias[i] = static_cast<int>(i);
        auto find = [&](int reg) { while (alias[reg] != reg) reg = alias[reg]; return reg; };
        bool any = false;
        for (auto [d, a] : moves_) {
            int x = find(d), y = find(a);
            if (x == y || test(matrix_[x], y))
                continue;
            int high = 0;
            for (int side : {x, y})
                for (int n : neighbours_[side])
                    high += find(n) == n && neighbours_[n].size() >= static_cast<size_t>(kRegisters) &&
                            !(side == y && test(matrix_[x], n));
            if (high >= kRegisters)
                continue;
            alias[y] = x;
            any = true;
            for (size_t i = 0; i < neighbours_[y].size(); ++i) {
                int n = find(neighbours_[y][i]);
                if (n != x)
                    interfere(x, n);
            }
        }
        if (!any)
            return;
        each_register([&](int& reg) { reg = find(reg); });
        for (MachineBlock& block : f_.blocks)
            block.code.erase(std::remove_if(block.code.begin(), block.code.end(),
                                            [](const MachineInst& inst) {
                                                return inst.op == M::mov_ && inst.d == inst.a;
                                            }),
                             block.code.end());
        liveness();
        build_graph();
    }

    // Chaitin and Briggs: take low-degree nodes off, push possible spills too, colour on the way back.
    bool colour() {
        int count = f_.registers;
        std::vector<int> degree(count), stack;
        std::vector<bool> removed(count, false);
        for (int i = 0; i < count; ++i) {
            degree[i] = static_cast<int>(neighbours_[i].size());
            removed[i] = cost_[i] == 0;
        }
        for (;;) {
            int best = -1;
            bool low = false;
            for (int i = 0; i < count && !low; ++i) {
                if (removed[i])
                    continue;
                low = degree[i] < kRegisters;
                if (low || best < 0 || spill_rank(i, degree[i]) < spill_rank(best, degree[best]))
                    best = i;
            }
            if (best < 0)
                break;
            removed[best] = true;
            stack.push_back(best);
            for (int n : neighbours_[best])
                --degree[n];
        }
        colour_.assign(count, -1);
        spilled_.clear();
        while (!stack.empty()) {
            int reg = stack.back();
            stack.pop_back();
            uint32_t taken = 0;
            for (int n : neighbours_[reg])
                if (colour_[n] >= 0)
                    taken |= 1u << colour_[n];
            int choice = __builtin_ctz(~taken);
            if (choice < kRegisters)
                colour_[reg] = choice;
            else
                spilled_.push_back(reg);
        }
        return spilled_.empty();
    }
    // Integer so that every machine chooses alike.
    int64_t spill_rank(int reg, int degree) const {
        return unspillable_[reg] ? INT64_MAX : static_cast<int64_t>(cost_[reg]) * 1000 / (degree + 1);
    }

    void spill() {
        std::vector<int> slot(f_.registers, -1);
        for (int reg : spilled_)
            slot[reg] = f_.slots++;
        for (MachineBlock& block : f_.blocks) {
            std::vector<MachineInst> code;
            for (MachineInst inst : block.code) {
                std::map<int, int> loaded;
                for (int* reg : {&inst.a, &inst.b, &inst.c}) {
                    if (*reg < 0 || slot[*reg] < 0)
                        continue;
                    auto [place, is_new] = loaded.try_emplace(*reg, f_.registers);
                    if (is_new) {
                        code.push_back({M::lds_, fresh(), -1, -1, -1, slot[*reg], -1, -1});
                    }
                    *reg = place->second;
                }
                int stored = inst.d >= 0 && slot[inst.d] >= 0 ? slot[inst.d] : -1;
                if (stored >= 0)
                    inst.d = fresh();
                code.push_back(inst);
                if (stored >= 0)
                    code.push_back({M::sts_, -1, inst.d, -1, -1, stored, -1, -1});
            }
            block.code.swap(code);
        }
    }
    int fresh() {
        unspillable_.resize(f_.registers + 1, false);
        unspillable_[f_.registers] = true;
        return f_.registers++;
    }

    void assign() {
        each_register([&](int& reg) { reg = colour_[reg]; });
    }

    MachineFunction& f_;
    std::vector<Bits> live_out_, matrix_;
    std::vector<std::vector<int>> neighbours_;
    std::vector<int> cost_, colour_, spilled_;
    std::vector<std::pair<int, int>> moves_;
    std::vector<bool> unspillable_;
};

}  // namespace

void schedule(MachineFunction& function) {
    for (MachineBlock& block : function.blocks)
        BlockScheduler(block.code).run();
}

void allocate_registers(MachineFunction& function) { Allocator(function).run(); }

}  // namespace compiler
