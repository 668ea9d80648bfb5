// SPDX-License-Identifier: BSD-3-Clause
// EIE's array in computing mode: leading-non-zero tree, broadcast, and in every PE queue, pointer unit, Spmat and ALU.
#pragma once
#include <array>
#include <span>
#include <vector>
#include "accel/eie_arithmetic.hh"
#include "accel/eie_model.hh"

namespace sim {

// Works through one section after the other, a cycle at a time. Accumulators stay from section to section.
//
// A cycle, in the order of the hardware's registers: a broadcast leaves the tree if no queue was full at the cycle's
// start, and is in all queues in the next; a PE's pointer unit takes the next activation when it holds none or issues
// its last entry, and a column without entries holds it for one cycle; an entry goes through four stages, {codebook,
// address}, {read accumulator, multiply}, {shift, add}, {write}, with a bypass from the adder to the next sum.
class EieArray {
  public:
    struct Config {
        u32 pes, queue_depth;
        u32 line_entries;      // of one Spmat read
        bool keeps_line;       // the row buffer's line is remembered from column to column
    };
    struct Counts {
        u64 cycles = 0, weights = 0, fillers = 0, empty_column_cycles = 0;   // the rest of PE-cycles is idle
        u64 broadcasts = 0, blocked_cycles = 0, row_scans = 0;
        u64 column_visits = 0, spmat_reads = 0, bypasses = 0;
    };

    explicit EieArray(const Config &config);

    void start_layer(const eie_layer_header &layer, u32 rows);   // `rows`: registers of a PE in use
    void clear_accumulators();
    // `first`: number of the section's first column within the source registers; `activations`: those registers, by
    // global index. The section must stay valid until done().
    void start_section(const EieSection &section, std::span<const i32> activations, u32 first_column, u32 inputs);
    bool done() const { return is_done_; }
    u64 run(u64 cycles);   // returns those used: fewer only when done
    i32 output(u32 pe, u32 row) const;

    u64 occupancy() const;   // activations in all queues now
    const Counts &counts() const { return counts_; }
    std::span<const u64> entries_by_pe() const { return entries_by_pe_; }

  private:
    struct Broadcast {          // the n-th of a section is scan_[n]
        u32 column;            // of the section
        i32 activation;
        u32 bubbles;           // cycles that the scan spends on loading rows before it
    };
    struct Pointers {
        u16 begin, end;
    };
    // One PE. Entries that do nothing (bubbles, fillers) go to a register that no row has.
    struct Pe {
        const u8 *next = nullptr, *end = nullptr;   // entries left of the column in the pointer unit
        i64 sum3 = 0, product2 = 0, read2 = 0;      // registers of ALU stages, by stage
        i32 activation = 0, activation1 = 0, weight1 = 0;
        u32 row = 0, row1 = 0, row2 = 0, row3 = 0;
        u32 taken = 0;                              // broadcasts that the pointer unit has taken
        bool holds = false;                         // the pointer unit has a column
        u8 draining = 0;                            // cycles until the ALU is empty
    };

    template <class Arithmetic> u64 run_as(const Arithmetic &arithmetic, u64 cycles);
    template <class Arithmetic> void step(const Arithmetic &arithmetic, u32 index, Pe &pe, Counts &counts);
    void take(u32 index, Pe &pe);
    void finish_column(Pe &pe);
    void step_front(bool is_full);

    const Config config_;
    eie_layer_header layer_{};
    u32 rows_ = 0;                        // accumulators a PE uses; the one after is for what does nothing
    std::array<i32, EIE_CODES> codebook_{};
    std::vector<i64> accumulators_;       // pes * (rows_ + 1)
    std::vector<Pe> pes_;
    std::vector<u32> remembered_line_;    // by PE
    std::vector<const u8 *> entries_;     // by PE, of the section
    std::vector<u64> entries_by_pe_;
    std::vector<Pointers> pointers_;      // by broadcast, then PE: what the pointer units will read, side by side

    std::vector<Broadcast> scan_;         // what the tree will find in this section, in order
    u32 next_scan_ = 0, bubbles_left_ = 0, last_bubbles_ = 0;
    std::vector<u8> tree_;                // whether a level holds an activation; the last is the root
    u32 sent_ = 0, oldest_ = 0;           // broadcasts in all; the first that some PE has not finished
    std::vector<u32> unfinished_;         // PEs that have not finished a broadcast, by number & queue_mask_
    const u32 queue_mask_, line_shift_;
    bool is_done_ = true;
    Counts counts_;
};

}  // namespace sim
