// SPDX-License-Identifier: BSD-3-Clause
// ESE's time: the PE array on one section, the card's DRAM, and the state machine that overlaps them with the
// element-wise units. All times are cycles since the job's start.
#pragma once
#include <functional>
#include "accel/ese_model.hh"

namespace sim {

// What one section, or a sum of them, took; cycles, of which PEs have their number each.
struct EseCount {
    u64 cycles = 0;          // of the array, from the first broadcast to the last write
    u64 weights = 0, fillers = 0, empty_columns = 0;   // PE-cycles; the rest of PE-cycles is idle
    u64 broadcasts = 0, zero_columns = 0;

    EseCount &operator+=(const EseCount &other);
};

// A channel's array (they run in lockstep on shared weights): a column a cycle goes to all queues once none is full; a
// column without an operand other than zero takes that cycle and no more. A PE takes a cycle for each entry, and
// `column_cycles` for a column at least. `is_used` says of a column of the section whether it has an operand. kPipeline
// more cycles pass after a PE's last entry.
EseCount ese_section_cycles(const EseSection &section, u32 columns, u32 pes, u32 queue_depth, u32 column_cycles,
                            const std::vector<bool> &is_used);

// One module of DRAM, from which weights come in order. Refreshes stop it at fixed times.
class EseDram {
  public:
    struct Config {
        u32 bits, transfers;            // per module and second, millions
        u32 clock;                      // of the array, MHz
        u32 latency;                    // ns to the first word, unless the one before streams on
        u32 refresh_interval, refresh;  // ns; 0 and 0: none
    };
    explicit EseDram(const Config &config) : config_(config) {}
    void start() { free_ = 0, carried_ = 0; }
    // So many bytes, asked for at `now`; returns when the last has come.
    u64 load(u64 bytes, u64 now);

  private:
    u64 after_refreshes(u64 begin, u64 busy) const;
    const Config config_;
    u64 free_ = 0;      // when the last load ended
    u64 carried_ = 0;   // what of its last cycle it did not use, in transfers' bits times MHz
};

struct EseTimes {     // of one matrix in one step; the three parts between two ends add up
    u32 step, matrix;
    u64 load_begin, load_end, begin, end;   // of its loads and of its work
    u64 load_wait = 0, element_wait = 0;    // cycles that the array stood still for, before or between its sections
    EseCount count;
};

class EseSchedule {
  public:
    struct Config {
        u32 pes, queue_depth, column_cycles, pointer_bits;
        u32 element_multipliers, element_latency;   // of a channel; cycles through its pipeline
        EseDram::Config dram;
    };
    explicit EseSchedule(const Config &config) : config_(config), dram_(config.dram) {}

    void start();
    // The order of work: `multiply` is called for each section, `finish` after the last one of a gate (0 to 3) and of
    // the projection (4), before anything that depends on it. Returns the end of the step.
    u64 step(const EseModel &model, const std::function<std::vector<bool>(u32 matrix, u32 section)> &operands,
             const std::function<void(u32 matrix, u32 section)> &multiply, const std::function<void(u32 gate)> &finish);

    std::vector<EseTimes> times;   // of all steps, in order
    u64 dram_bytes = 0;
    u64 element_cycles = 0;        // in which the element-wise units worked

  private:
    u64 section(const EseModel &model, u32 matrix, u32 index, const std::vector<bool> &is_used, u64 may_begin);
    u64 element_work(u64 multiplications, u64 from);

    const Config config_;
    EseDram dram_;
    u32 steps_ = 0, loads_ = 0;
    u64 array_free_ = 0, load_end_ = 0, elements_free_ = 0;
    u64 bank_free_[2] = {0, 0};          // of the ping-pong weight buffers
    u64 sums_free_[2] = {0, 0};          // of the two sets of accumulators, by gate
    u64 y_ready_ = 0;
};

}  // namespace sim
