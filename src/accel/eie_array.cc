// SPDX-License-Identifier: BSD-3-Clause
#include "accel/eie_array.hh"

namespace sim {
namespace {

constexpr u32 kNoLine = ~u32{0};
constexpr u8 kAluCycles = 3;   // that an entry's last three stages take

// Levels of a tree with four children a node (EIE, section IV: 16 + 4 + 1 nodes over 64 PEs).
u32 levels_over(u32 pes) {
    u32 levels = 0;
    for (u32 reach = 1; reach < pes; reach *= 4) ++levels;
    return levels;
}

}  // namespace

EieArray::EieArray(const Config &config)
    : config_(config), pes_(config.pes), remembered_line_(config.pes, kNoLine),
      entries_(config.pes), entries_by_pe_(config.pes), tree_(std::max(levels_over(config.pes), 1u)),
      unfinished_(std::bit_ceil(config.queue_depth)), queue_mask_(u32(unfinished_.size()) - 1),
      line_shift_(u32(std::countr_zero(config.line_entries))) {}

void EieArray::start_layer(const eie_layer_header &layer, u32 rows) {
    layer_ = layer;
    rows_ = rows;
    std::copy(std::begin(layer.codebook), std::end(layer.codebook), codebook_.begin());
    codebook_[0] = 0;   // fillers add nothing, whatever the codebook says
    accumulators_.assign(u64(config_.pes) * (rows + 1), 0);
}

void EieArray::clear_accumulators() { std::fill(accumulators_.begin(), accumulators_.end(), 0); }

// The source registers are scanned a row at a time: one activation of every PE. Loading the next row takes a cycle
// unless the last non-zero one was in the row's last place.
void EieArray::start_section(const EieSection &section, std::span<const i32> activations, u32 first_column,
                             u32 inputs) {
    scan_.clear();
    u32 bubbles = 1;   // the first row
    for (u32 i = 0; i < section.columns(); ++i) {
        const u32 column = first_column + i;
        const bool is_bias = column == inputs;
        const i32 value = is_bias ? layer_.one : activations[column];
        if (i != 0 && (column % config_.pes == 0 || is_bias)) {
            const bool last_was_sent = !scan_.empty() && scan_.back().column == i - 1;
            bubbles += last_was_sent ? 0 : 1;
        }
        if (value != 0) {
            scan_.push_back({i, value, bubbles});
            bubbles = 0;
        }
    }
    counts_.row_scans += (section.columns() + config_.pes - 1) / config_.pes;
    last_bubbles_ = bubbles;
    next_scan_ = 0;
    bubbles_left_ = scan_.empty() ? last_bubbles_ : scan_[0].bubbles;
    std::fill(tree_.begin(), tree_.end(), false);
    sent_ = oldest_ = 0;
    for (u32 pe = 0; pe < config_.pes; ++pe) {
        pes_[pe] = Pe{};
        pes_[pe].row1 = pes_[pe].row2 = pes_[pe].row3 = rows_;
        entries_[pe] = section.entries(pe);
        remembered_line_[pe] = kNoLine;
    }
    pointers_.resize(scan_.size() * config_.pes);
    for (u32 pe = 0; pe < config_.pes; ++pe)
        for (u32 i = 0; i < scan_.size(); ++i)
            pointers_[u64(i) * config_.pes + pe] = {u16(section.pointer(pe, scan_[i].column)),
                                                    u16(section.pointer(pe, scan_[i].column + 1))};
    is_done_ = false;
}

u64 EieArray::run(u64 cycles) {
    switch (layer_.arithmetic) {
    case EIE_ROUND: return run_as(EieRound{layer_.shift}, cycles);
    case EIE_TRUNCATE: return run_as(EieTruncate{{layer_.shift}}, cycles);
    case EIE_WIDE: return run_as(EieWide{{layer_.shift}}, cycles);
    default: return run_as(EieFloat{}, cycles);
    }
}

template <class Arithmetic> u64 EieArray::run_as(const Arithmetic &arithmetic, u64 cycles) {
    u64 used = 0;
    Counts counts{};   // local, so that they can stay in registers
    while (used < cycles && !is_done_) {
        const bool is_full = sent_ - oldest_ >= config_.queue_depth;
        bool is_active = false;
        for (u32 index = 0; index < config_.pes; ++index) {
            Pe &pe = pes_[index];
            if (!pe.holds && pe.taken == sent_ && pe.draining == 0) continue;
            step(arithmetic, index, pe, counts);
            is_active = true;
        }
        while (oldest_ != sent_ && unfinished_[oldest_ & queue_mask_] == 0) ++oldest_;
        const bool is_scanned = next_scan_ == scan_.size() && bubbles_left_ == 0;
        is_done_ = !is_active && is_scanned && sent_ == scan_.size();
        if (is_done_) break;
        step_front(is_full);
        ++used;
    }
    counts_.cycles += used;
    counts_.weights += counts.weights;
    counts_.fillers += counts.fillers;
    counts_.empty_column_cycles += counts.empty_column_cycles;
    counts_.bypasses += counts.bypasses;
    return used;
}

template <class Arithmetic> void EieArray::step(const Arithmetic &arithmetic, u32 index, Pe &pe, Counts &counts) {
    i64 *registers = &accumulators_[u64(index) * (rows_ + 1)];
    registers[pe.row3] = pe.sum3;
    const bool bypass = pe.row2 == pe.row3;
    counts.bypasses += bypass && pe.row2 != rows_;
    pe.sum3 = arithmetic.sum(bypass ? pe.sum3 : pe.read2, pe.product2);
    pe.row3 = pe.row2;
    pe.product2 = arithmetic.product(pe.weight1, pe.activation1);
    pe.read2 = registers[pe.row1];
    pe.row2 = pe.row1;
    pe.row1 = rows_;
    pe.weight1 = 0;
    if (pe.draining) --pe.draining;
    if (pe.holds) {
        if (pe.next == pe.end) {
            ++counts.empty_column_cycles;
            finish_column(pe);
        } else {
            const u8 entry = *pe.next++;
            const u32 code = entry >> 4;
            pe.row += entry & EIE_MAX_ZEROS;
            pe.weight1 = codebook_[code];
            pe.activation1 = pe.activation;
            pe.row1 = code ? pe.row : rows_;
            ++pe.row;
            pe.draining = kAluCycles;
            if (code) ++counts.weights;
            else ++counts.fillers;
            if (pe.next == pe.end) finish_column(pe);
        }
    }
    if (!pe.holds && pe.taken != sent_) take(index, pe);
}

void EieArray::finish_column(Pe &pe) {
    pe.holds = false;
    --unfinished_[(pe.taken - 1) & queue_mask_];
}

// Reads both pointers of the column at the head of the queue, which lie in different banks.
void EieArray::take(u32 index, Pe &pe) {
    const Pointers pointers = pointers_[u64(pe.taken) * config_.pes + index];
    const u32 begin = pointers.begin, end = pointers.end;
    pe.next = entries_[index] + begin;
    pe.end = entries_[index] + end;
    pe.activation = scan_[pe.taken++].activation;
    pe.row = 0;
    pe.holds = true;
    ++counts_.column_visits;
    entries_by_pe_[index] += end - begin;
    if (begin == end) return;
    const u32 first = begin >> line_shift_, last = (end - 1) >> line_shift_;
    counts_.spmat_reads += last - first + (config_.keeps_line && remembered_line_[index] == first ? 0 : 1);
    remembered_line_[index] = last;
}

// From the root down, so that everything moves by one level at most.
void EieArray::step_front(bool is_full) {
    if (tree_.back()) {
        if (is_full) {
            ++counts_.blocked_cycles;
        } else {
            tree_.back() = false;
            unfinished_[sent_++ & queue_mask_] = config_.pes;
            ++counts_.broadcasts;
        }
    }
    for (u32 level = u32(tree_.size()) - 1; level > 0; --level)
        if (!tree_[level]) std::swap(tree_[level], tree_[level - 1]);
    if (bubbles_left_ > 0) {
        --bubbles_left_;
    } else if (next_scan_ < scan_.size() && !tree_[0]) {
        tree_[0] = true;
        ++next_scan_;
        bubbles_left_ = next_scan_ < scan_.size() ? scan_[next_scan_].bubbles : last_bubbles_;
    }
}

i32 EieArray::output(u32 pe, u32 row) const {
    const i64 accumulator = accumulators_[u64(pe) * (rows_ + 1) + row];
    switch (layer_.arithmetic) {
    case EIE_WIDE: return EieWide{{layer_.shift}}.output(accumulator);
    default: return i32(accumulator);
    }
}

u64 EieArray::occupancy() const {
    u64 sum = 0;
    for (const Pe &pe : pes_) sum += sent_ - pe.taken + pe.holds;
    return sum;
}

}  // namespace sim
