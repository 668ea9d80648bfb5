// SPDX-License-Identifier: BSD-3-Clause
// Functional units: which operation needs which kind, how long it takes, and how many start in a cycle.
#pragma once
#include <array>
#include "isa/instruction.hh"
#include "sim/component.hh"

namespace sim {

enum class UnitKind : u8 { Integer, Multiply, Divide, Float, FloatDivide, Address };
inline constexpr unsigned kUnitKinds = 6;

constexpr UnitKind unit_kind(OpClass c) {
    switch (c) {
        case OpClass::IntMul: return UnitKind::Multiply;
        case OpClass::IntDiv: return UnitKind::Divide;
        case OpClass::FloatAdd:
        case OpClass::FloatMul:
        case OpClass::FloatMulAdd: return UnitKind::Float;
        case OpClass::FloatDiv:
        case OpClass::FloatSqrt: return UnitKind::FloatDivide;
        case OpClass::Load:
        case OpClass::Store:
        case OpClass::Atomic:
        case OpClass::LoadReserved:
        case OpClass::StoreConditional: return UnitKind::Address;
        default: return UnitKind::Integer;
    }
}

// Pipelined but for dividers and square root, which are busy for their whole latency.
class ExecutionUnits final : public Model<ExecutionUnits, Component> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, identical, 0, "units", "when not 0, this many units that each do everything replace all the kinds below");
        PARAM(u32, integer, 4, "units", "integer arithmetic, logic, branches");
        PARAM(u32, multiply, 1, "units", "integer multiplication");
        PARAM(u32, divide, 1, "units", "integer division, not pipelined");
        PARAM(u32, floating, 2, "units", "floating-point add, multiply, fused multiply-add, compare, convert");
        PARAM(u32, float_divide, 1, "units", "floating-point division and square root, not pipelined");
        PARAM(u32, address, 2, "units", "address generation of loads and stores");
        PARAM(u32, integer_latency, 1, "cycles", "integer arithmetic, branches, addresses");
        PARAM(u32, multiply_latency, 3, "cycles", "integer multiplication");
        PARAM(u32, divide_latency, 20, "cycles", "integer division");
        PARAM(u32, float_add_latency, 3, "cycles", "floating-point add, compare, convert, move");
        PARAM(u32, float_multiply_latency, 4, "cycles", "floating-point multiplication");
        PARAM(u32, float_multiply_add_latency, 5, "cycles", "fused multiply-add");
        PARAM(u32, float_divide_latency, 14, "cycles", "floating-point division");
        PARAM(u32, float_sqrt_latency, 20, "cycles", "floating-point square root");
    };
    struct Stats : Described<Stats> {
        STAT(integer_operations, "operations", "started on integer units, replays and wrong path included");
        STAT(multiply_operations, "operations", "started on multipliers");
        STAT(divide_operations, "operations", "started on dividers");
        STAT(float_operations, "operations", "started on floating-point units");
        STAT(float_divide_operations, "operations", "started on floating-point dividers");
        STAT(address_operations, "operations", "started on address units");
        STAT(float_add_operations, "operations", "of float_operations: additions, comparisons, conversions, moves");
        STAT(float_multiply_operations, "operations", "of float_operations: multiplications");
        STAT(float_multiply_add_operations, "operations", "of float_operations: fused multiply-adds");
        STAT(squashed_integer_operations, "operations", "of instructions squashed later");
        STAT(squashed_multiply_operations, "operations", "of instructions squashed later");
        STAT(squashed_divide_operations, "operations", "of instructions squashed later");
        STAT(squashed_float_add_operations, "operations", "of instructions squashed later");
        STAT(squashed_float_multiply_operations, "operations", "of instructions squashed later");
        STAT(squashed_float_multiply_add_operations, "operations", "of instructions squashed later");
        STAT(squashed_float_divide_operations, "operations", "of instructions squashed later");
        STAT(squashed_address_operations, "operations", "of instructions squashed later");
        STAT(stall_unit_busy, "operations", "ready operations that found no free unit, counted once a cycle each");
    };
    explicit ExecutionUnits(const Params &params);
    const Params &params() const { return params_; }

    u32 latency(OpClass c) const { return latency_[unsigned(c)]; }
    // An instruction that started so many times has been squashed.
    void count_squashed(OpClass c, u32 times) { squashed_[unsigned(c)] += times; }
    void derive_counts();   // statistics of operations from counts by class; cores call it when they stop
    void list_structures(std::vector<Structure> &) const override;
    // How many start each cycle at most.
    u32 width() const;

    Stats stats;

  private:
    friend class UnitPool;
    const Params params_;
    std::array<u32, 32> latency_{};
    std::array<u64, 32> started_{}, squashed_{};   // operations by class; the latter of squashed instructions
};

// The units of one core or cluster, `groups` equal ones making up an ExecutionUnits.
class UnitPool {
  public:
    UnitPool(ExecutionUnits &units, u32 groups = 1);

    void begin_cycle() { started_.fill(0); }
    // Takes a unit for an operation that starts at `now`; false when none is free.
    bool take(OpClass c, Cycle now) {
        const unsigned kind = identical_ ? 0 : unsigned(unit_kind(c));
        if (started_[kind] + busy(kind, now) >= count_[kind]) {
            ++units_->stats.stall_unit_busy;
            return false;
        }
        ++units_->started_[unsigned(c)];
        if (is_pipelined(c)) ++started_[kind];
        else hold(c, now, kind);
        return true;
    }

  private:
    static bool is_pipelined(OpClass c) {
        return c != OpClass::IntDiv && c != OpClass::FloatDiv && c != OpClass::FloatSqrt;
    }
    u32 busy(unsigned kind, Cycle now) const {
        if (last_busy_[kind] <= now) return 0;
        u32 n = 0;
        for (unsigned i = 0; i < busy_count_[kind]; ++i) n += busy_until_[kind][i] > now;
        return n;
    }
    void hold(OpClass c, Cycle now, unsigned kind);   // from the next cycle to its end, counted by busy()

    ExecutionUnits *units_;
    bool identical_;
    std::array<u32, kUnitKinds> count_{}, started_{}, busy_count_{};
    std::array<std::array<Cycle, 64>, kUnitKinds> busy_until_{};   // of operations that are not pipelined
    std::array<Cycle, kUnitKinds> last_busy_{};                    // the latest of them
};

}  // namespace sim
