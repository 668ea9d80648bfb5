// SPDX-License-Identifier: BSD-3-Clause
#include "core/execution_units.hh"

namespace sim {
COMPONENT(ExecutionUnits, "Functional units with their counts and latencies; a core's or all its clusters' together.");

ExecutionUnits::ExecutionUnits(const Params &p) : params_(p) {
    const std::pair<u32, const char *> counts[] = {{p.integer, "integer"}, {p.multiply, "multiply"}, {p.divide, "divide"},
                                                   {p.floating, "floating"}, {p.float_divide, "float_divide"},
                                                   {p.address, "address"}};
    if (p.identical > 64) throw ConfigError("identical: " + std::to_string(p.identical) + " units; at most 64");
    if (!p.identical)
        for (auto [n, name] : counts)
            if (n == 0 || n > 64)
                throw ConfigError(std::string(name) + ": " + std::to_string(n) +
                                  " units cannot run every program; 1 to 64 are possible (or set `identical`)");
    const auto set = [&](OpClass c, u32 cycles, const char *name) {
        if (cycles == 0 || cycles > 60)
            throw ConfigError(std::string(name) + ": " + std::to_string(cycles) + " cycles; 1 to 60 are possible");
        latency_[unsigned(c)] = cycles;
    };
    for (u32 &l : latency_) l = p.integer_latency;
    set(OpClass::IntAlu, p.integer_latency, "integer_latency");
    set(OpClass::IntMul, p.multiply_latency, "multiply_latency");
    set(OpClass::IntDiv, p.divide_latency, "divide_latency");
    set(OpClass::FloatAdd, p.float_add_latency, "float_add_latency");
    set(OpClass::FloatMul, p.float_multiply_latency, "float_multiply_latency");
    set(OpClass::FloatMulAdd, p.float_multiply_add_latency, "float_multiply_add_latency");
    set(OpClass::FloatDiv, p.float_divide_latency, "float_divide_latency");
    set(OpClass::FloatSqrt, p.float_sqrt_latency, "float_sqrt_latency");
}

u32 ExecutionUnits::width() const {
    const Params &p = params_;
    return p.identical ? p.identical : p.integer + p.multiply + p.divide + p.floating + p.float_divide + p.address;
}

void ExecutionUnits::derive_counts() {
    Stats &s = stats;
    struct Counters { u64 &started, &squashed; };
    const auto counters = [&](OpClass c) -> Counters {
        if (c == OpClass::FloatMul) return {s.float_multiply_operations, s.squashed_float_multiply_operations};
        if (c == OpClass::FloatMulAdd) return {s.float_multiply_add_operations, s.squashed_float_multiply_add_operations};
        switch (unit_kind(c)) {
            case UnitKind::Integer: return {s.integer_operations, s.squashed_integer_operations};
            case UnitKind::Multiply: return {s.multiply_operations, s.squashed_multiply_operations};
            case UnitKind::Divide: return {s.divide_operations, s.squashed_divide_operations};
            case UnitKind::FloatDivide: return {s.float_divide_operations, s.squashed_float_divide_operations};
            case UnitKind::Address: return {s.address_operations, s.squashed_address_operations};
            case UnitKind::Float: break;
        }
        return {s.float_add_operations, s.squashed_float_add_operations};
    };
    for (unsigned c = 0; c < started_.size(); ++c) {
        const Counters to = counters(OpClass(c));
        to.started = to.squashed = 0;
    }
    for (unsigned c = 0; c < started_.size(); ++c) {
        const Counters to = counters(OpClass(c));
        to.started += started_[c];
        to.squashed += squashed_[c];
    }
    s.float_operations = s.float_add_operations + s.float_multiply_operations + s.float_multiply_add_operations;
}

UnitPool::UnitPool(ExecutionUnits &units, u32 groups) : units_(&units), identical_(units.params().identical) {
    const ExecutionUnits::Params &p = units.params();
    const std::array<u32, kUnitKinds> all = {p.integer, p.multiply, p.divide, p.floating, p.float_divide, p.address};
    for (unsigned k = 0; k < kUnitKinds; ++k) count_[k] = std::max(1u, all[k] / groups);
    if (identical_) count_[0] = std::max(1u, p.identical / groups);
}

void UnitPool::hold(OpClass c, Cycle now, unsigned kind) {
    auto &until = busy_until_[kind];
    unsigned i = 0;
    while (i < busy_count_[kind] && until[i] > now) ++i;
    until[i] = now + units_->latency(c);
    busy_count_[kind] = std::max(busy_count_[kind], i + 1);
    last_busy_[kind] = std::max(last_busy_[kind], until[i]);
}

}  // namespace sim
