// SPDX-License-Identifier: BSD-3-Clause
// One DRAM channel: its queues, its banks, and which command goes next. Times are DRAM clocks here.
#pragma once
#include <vector>
#include "memory/dram.hh"

namespace sim {

class DramChannel {
  public:
    DramChannel(Dram &dram, u32 index);

    // `line` counts the lines of this channel; `ready` is the clock from which the controller may act on it.
    bool read(u64 line, const DramAsker &asker, u64 ready);                      // false: queue full
    bool write(u64 line, u64 ready);                          // false: queue full
    bool holds_write(u64 line) const;
    void wake(u64 now);

  private:
    struct Request {
        u64 line;
        u64 ready;
        DramAsker asker;       // of a read
        u32 row;
        u8 bank;               // of the channel
        bool precharged, activated;   // commands given for this request
    };
    struct Bank {
        u32 row = kClosed;
        u32 hits = 0;          // column commands since the activate
        u64 activate = 0, precharge = 0, read = 0, write = 0;   // earliest clock of the next such command
    };
    struct Group {
        u64 activate = 0, read = 0, write = 0;
    };
    struct Rank {
        u64 activate = 0, read = 0, write = 0, refresh = 0;   // refresh: when the next one is due
        u64 last_activates[4] = {};   // ring; the slot to overwrite next is the oldest
        u32 activates = 0;
    };
    struct Choice {
        enum Command : u8 { None, Activate, Precharge, Column } command = None;
        u32 index = 0;         // in the queue
        u64 next = kNever;     // without a command: when there may be one
    };
    static constexpr u32 kClosed = ~u32{0};

    Request decode(u64 line, u64 ready) const;
    void sleep_until(u64 clock);
    bool refresh(u64 now, u64 &next);   // true: gave a command; else lowers next to when it may
    void catch_up(u64 now);
    bool refresh_rank(u32 rank, u64 now, u64 &next);
    void enqueue(std::vector<Request> &queue, Request request);
    void choose_direction();
    u64 wanted_rows(const std::vector<Request> &queue) const;
    Choice choose(const std::vector<Request> &queue, u64 now) const;
    u64 earliest_activate(u32 bank) const;
    u64 earliest_column(u32 bank) const;
    void issue(std::vector<Request> &queue, const Choice &choice, u64 now);
    void activate(Request &request, u64 now);
    void precharge(u32 bank, u64 now);
    void column(std::vector<Request> &queue, u32 index, u64 now);
    void after_read(u32 bank, u64 now);
    void after_write(u32 bank, u64 now);
    u32 rank_of(u32 bank) const { return bank >> rank_shift_; }
    u32 group_of(u32 bank) const { return bank >> group_shift_; }

    Dram &dram_;
    const Dram::Params &params_;
    const u32 index_, banks_per_rank_;
    const u32 group_shift_, rank_shift_;   // from a bank's index to its group's and its rank's
    std::vector<Bank> banks_;     // rank, group, bank in group: the last changes fastest
    std::vector<Group> groups_;
    std::vector<Rank> ranks_;
    std::vector<Request> reads_, writes_;   // oldest first
    bool writing_ = false;
    u64 wake_ = kNever;           // of the pending wake event
    u64 next_command_ = 0;        // the command bus is taken before this clock
    u64 refreshing_ = 0;          // ranks, a bit each, that take no commands because a refresh is due
    bool idle_ = true;   // no wake event is pending; refreshes due meanwhile are made up for afterwards
};

}  // namespace sim
