// SPDX-License-Identifier: BSD-3-Clause
#include "accel/ese_schedule.hh"
#include <algorithm>

namespace sim {
namespace {

constexpr u32 kPipeline = 4;   // stages of the ALU, as EIE's: decode, read and multiply, shift and add, write

u64 quotient_up(u64 a, u64 b) { return (a + b - 1) / b; }

}  // namespace

EseCount &EseCount::operator+=(const EseCount &other) {
    cycles += other.cycles;
    weights += other.weights;
    fillers += other.fillers;
    empty_columns += other.empty_columns;
    broadcasts += other.broadcasts;
    zero_columns += other.zero_columns;
    return *this;
}

EseCount ese_section_cycles(const EseSection &section, u32 columns, u32 pes, u32 queue_depth, u32 column_cycles,
                            const std::vector<bool> &is_used) {
    EseCount count;
    std::vector<u64> free(pes, 0);              // when each PE is done with what it has
    std::vector<u64> slowest(queue_depth, 0);   // when the last PE was done with a broadcast, by number modulo depth
    u64 when = 0, end = 0;                      // of the next broadcast; of the section
    for (u32 column = 0; column < columns; ++column) {
        if (!is_used[column]) {
            ++count.zero_columns;
            end = std::max(end, ++when);
            continue;
        }
        u64 &last = slowest[count.broadcasts++ % queue_depth];
        when = std::max(when, last);
        last = 0;
        for (u32 pe = 0; pe < pes; ++pe) {
            const u32 begin = section.pointer(pe, column), entries = section.pointer(pe, column + 1) - begin;
            for (u32 i = begin; i < begin + entries; ++i) count.fillers += section.entry(pe, i) == ESE_FILLER;
            count.weights += entries;
            count.empty_columns += entries == 0;
            free[pe] = std::max(free[pe], when + 1) + std::max(column_cycles, entries);
            last = std::max(last, free[pe]);
            end = std::max(end, free[pe] + (entries > 0 ? kPipeline : 0));
        }
        ++when;
    }
    count.weights -= count.fillers;
    count.cycles = end;
    return count;
}

// ---- DRAM

u64 EseDram::after_refreshes(u64 begin, u64 busy) const {
    const u64 interval = u64(config_.refresh_interval) * config_.clock / 1000;
    const u64 stop = u64(config_.refresh) * config_.clock / 1000;
    if (interval <= stop || stop == 0) return begin + busy;
    u64 now = begin;
    while (true) {   // refreshes take [n interval - stop, n interval)
        const u64 next = (now / interval + 1) * interval;
        if (now >= next - stop) now = next;
        else if (now + busy <= next - stop) return now + busy;
        else busy -= next - stop - now, now = next;
    }
}

u64 EseDram::load(u64 bytes, u64 now) {
    const u64 per_cycle = u64(config_.bits) * config_.transfers;   // bits times MHz, in a cycle of the array
    u64 begin = now + quotient_up(u64(config_.latency) * config_.clock, 1000);
    u64 work = bytes * 8 * config_.clock;
    if (now <= free_) {   // streams on where the last load ended, also within a cycle
        begin = free_;
        const u64 saved = std::min(carried_, work);
        work -= saved;
        carried_ -= saved;
    } else {
        carried_ = 0;
    }
    const u64 busy = quotient_up(work, per_cycle);
    if (work > 0) carried_ = busy * per_cycle - work;
    free_ = after_refreshes(begin, busy);
    return free_;
}

// ---- the state machine

void EseSchedule::start() {
    times.clear();
    dram_.start();
    dram_bytes = element_cycles = 0;
    steps_ = loads_ = 0;
    array_free_ = load_end_ = elements_free_ = y_ready_ = 0;
    bank_free_[0] = bank_free_[1] = sums_free_[0] = sums_free_[1] = 0;
}

u64 EseSchedule::section(const EseModel &model, u32 matrix, u32 index, const std::vector<bool> &is_used,
                         u64 may_begin) {
    const ese_section_header &header = model.sections[index];
    u64 &bank = bank_free_[loads_++ % 2];
    const u64 pointers = quotient_up(u64(header.columns + 1) * config_.pes * config_.pointer_bits, 8);
    const u64 bytes = pointers + 2 * u64(header.words) * config_.pes;
    const u64 asked = std::max(bank, load_end_);
    load_end_ = dram_.load(bytes, asked);
    dram_bytes += bytes;

    if (times.empty() || times.back().step != steps_ || times.back().matrix != matrix)
        times.push_back({steps_, matrix, asked, load_end_, 0, 0, 0, 0, {}});
    EseTimes &of = times.back();
    of.load_end = load_end_;
    const u64 ready = std::max(array_free_, may_begin), begin = std::max(ready, load_end_);
    of.element_wait += ready - array_free_;
    of.load_wait += begin - ready;
    if (of.count.cycles == 0 && of.end == 0) of.begin = begin;
    const EseCount count = ese_section_cycles(model.section(index), header.columns, config_.pes, config_.queue_depth,
                                              config_.column_cycles, is_used);
    of.count += count;
    of.end = array_free_ = bank = begin + count.cycles;
    return of.end;
}

u64 EseSchedule::element_work(u64 multiplications, u64 from) {
    const u64 busy = quotient_up(multiplications, config_.element_multipliers);
    element_cycles += busy;
    elements_free_ = std::max(elements_free_, from) + busy;
    return elements_free_ + config_.element_latency;
}

u64 EseSchedule::step(const EseModel &model, const std::function<std::vector<bool>(u32, u32)> &operands,
                      const std::function<void(u32, u32)> &multiply, const std::function<void(u32)> &finish) {
    const ese_model_header &h = model.header;
    u64 m_ready = 0;
    for (u32 matrix = 0; matrix < ESE_MATRICES; ++matrix) {
        const ese_matrix_header &header = model.matrices[matrix];
        const u32 gate = matrix / 2;
        const u64 operand_ready = matrix == ESE_YM ? m_ready : matrix % 2 == 1 ? y_ready_ : 0;
        const u64 may_begin = std::max(operand_ready, matrix % 2 == 0 ? sums_free_[gate % 2] : 0);
        for (u32 i = header.first_section; i < header.first_section + header.sections; ++i) {
            section(model, matrix, i, operands(matrix, i), may_begin);
            multiply(matrix, i);
        }
        if (matrix % 2 == 0 && matrix != ESE_YM) continue;
        // Multiplications for a cell: a peephole's for i and f; two for c, whose g needs none; a peephole's and m's
        // for o. A result of Wym takes a place in the pipeline, too.
        const u64 per_cell[] = {1, 1, 2, 2};
        const u64 ready = element_work(gate == 4 ? h.outputs : h.cells * per_cell[gate], array_free_);
        sums_free_[gate % 2] = elements_free_;
        if (gate == 3) m_ready = ready;
        if (gate == 4) y_ready_ = ready;
        finish(gate);
    }
    ++steps_;
    return y_ready_;
}

}  // namespace sim
