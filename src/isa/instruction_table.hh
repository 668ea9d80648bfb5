// SPDX-License-Identifier: BSD-3-Clause
// Every instruction, one row each: RV64IMAFD, Zicsr, Zifencei, Zicbom, Zba, Zbb, Zbs and the privileged ones.
#pragma once
#include "isa/rv64a.hh"
#include "isa/rv64d.hh"
#include "isa/rv64f.hh"
#include "isa/rv64i.hh"
#include "isa/rv64m.hh"
#include "isa/system.hh"
#include "isa/zb.hh"

namespace sim {

template <std::size_t N>
consteval auto joined(const std::array<Instruction, N> &rows) { return rows; }

template <std::size_t N, std::size_t M, class... Rest>
consteval auto joined(const std::array<Instruction, N> &a, const std::array<Instruction, M> &b,
                      const Rest &...rest) {
    auto two = [&]<std::size_t... I, std::size_t... J>(std::index_sequence<I...>, std::index_sequence<J...>) {
        return std::array<Instruction, N + M>{a[I]..., b[J]...};
    };
    return joined(two(std::make_index_sequence<N>(), std::make_index_sequence<M>()), rest...);
}

// Indexed by Decoded::row. A constant, so that a handler instantiated for a row can have its meaning inlined.
inline constexpr auto kInstructionTable = joined(kRv64i, kRv64m, kRv64a, kRv64f, kRv64d, kZb, kSystemRows);
static_assert(disjoint(kInstructionTable), "two instructions share an encoding or a name");

inline constexpr u16 kInstructionRows = u16(kInstructionTable.size());

constexpr std::span<const Instruction> instruction_table() { return kInstructionTable; }

// The row of that name, known when compiled: row_of("addi").
consteval u16 row_of(std::string_view name) {
    for (u16 row = 0; row < kInstructionRows; ++row)
        if (kInstructionTable[row].name == name) return row;
    throw "no instruction has this name";
}

}  // namespace sim
