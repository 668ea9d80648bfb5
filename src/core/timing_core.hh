// SPDX-License-Identifier: BSD-3-Clause
// What every core that models time has: its standard parts, parameters and statistics, the loop over cycles, and the calls
// of the environment with the reference and the oracle beside it.
#pragma once
#include "core/checker.hh"
#include "core/core_structures.hh"
#include "core/data_port.hh"
#include "core/execution_units.hh"
#include "core/oracle.hh"
#include "core/sleep.hh"
#include "core/slots.hh"

#define TIMING_CORE_PARTS                                                                                            \
    CHILD(Memory, l1i, required, "serves instruction fetch");                                                        \
    CHILD(Memory, l1d, required, "serves loads and stores");                                                         \
    CHILD(Tlb, itlb, optional, "translates fetch addresses; none: free");                                            \
    CHILD(Tlb, dtlb, optional, "translates data addresses; none: free");                                             \
    CHILD(BranchPredictor, predictor, required, "guesses control transfers, or where a block goes");                 \
    CHILD(ExecutionUnits, units, required, "functional units of the whole core");

#define DATA_PORT_PARAMS                                                                                             \
    PARAM(u32, load_ports, 2, "loads/cycle", "loads that access the data cache");                                    \
    PARAM(u32, store_ports, 1, "stores/cycle", "committed stores that access the data cache");                       \
    PARAM(u32, forward_latency, 4, "cycles", "from a load's search of older stores to data that one forwards");

#define TIMING_CORE_STATS                                                                                            \
    STAT(cycles, "cycles", "core clock cycles");                                                                     \
    STAT(committed_instructions, "instructions", "made architectural");                                              \
    STAT(fetched_instructions, "instructions", "fetched, wrong path included");                                      \
    STAT(fetch_line_reads, "accesses", "instruction-cache reads that brought a line or part of it");                 \
    STAT(dispatched_instructions, "instructions", "handed over by the front end");                                   \
    STAT(issued_instructions, "instructions", "sent to units, replays included");                                    \
    STAT(executed_instructions, "instructions", "executed with good operands");                                      \
    STAT(squashed_instructions, "instructions", "dispatched but undone");                                            \
    STAT(branch_mispredictions, "branches", "committed control transfers that went elsewhere than fetch did");       \
    STAT(decode_redirects, "transfers", "found by decode where the BTB knew nothing");                               \
    STAT(committed_loads, "loads", "committed");                                                                     \
    STAT(committed_stores, "stores", "committed");                                                                   \
    STAT(committed_branches, "branches", "committed control transfers");                                             \
    STAT(forwarded_loads, "loads", "executed wholly with bytes of stores that are not written yet");                 \
    STAT(load_retries, "accesses", "load accesses that found no port, bank or miss register");                       \
    STAT(store_queue_searches, "searches", "loads that searched older stores");                                      \
    STAT(environment_calls, "calls", "system calls, breakpoints, faults and interrupts");                            \
    STAT(squashed_executions, "instructions", "executed and squashed later");                                        \
    STAT(stale_loads, "loads", "executed before a device wrote their line, and squashed");                           \
    FETCH_ENERGY_STATS                                                                                               \
    QUEUE_ENERGY_STATS                                                                                               \
    SLOT_STATS                                                                                                       \
    FORMULA(ipc, "instructions/cycle", "committed per cycle", ratio(committed_instructions, cycles));                \
    FORMULA(branch_mpki, "mispredictions/1000", "mispredicted transfers per 1000 committed instructions",            \
            1000 * ratio(branch_mispredictions, committed_instructions));

// Of cores that rename and run loads before older stores.
#define RENAMING_CORE_STATS                                                                                          \
    STAT(replays, "instructions", "selected while an operand was not there, and sent back");                         \
    STAT(memory_violations, "loads", "found to have passed an older store to their bytes, and squashed");            \
    STAT(load_queue_searches, "searches", "stores that searched the load queue");                                    \
    STAT(renamed_sources, "reads", "rename map reads");                                                              \
    STAT(renamed_destinations, "writes", "rename map writes and free-list reads");                                   \
    STAT(map_restores, "writes", "rename map entries put back by a squash");                                         \
    STAT(free_list_writes, "writes", "registers put back on a free list");                                           \
    STAT(squashed_renamed_sources, "reads", "of instructions squashed later");                                       \
    STAT(squashed_load_queue_searches, "searches", "of stores squashed later");

namespace sim {

// Refuse a parameter.
void need(bool holds, const char *name, u64 value, const char *allowed);
void need_range(const char *name, u64 value, u64 least, u64 most);

// `Self` derives from it and has, beside what components have, `front_` and
//   void tick(Cycle now)                     one cycle
//   Cycle next_work(Cycle from, Cycle to)    first cycle of [from, to) in which something of its own can happen, else `to`
//   Slot lost_to(Cycle now)                  where this cycle's unused dispatch slots went
//   void take_interrupt(Cycle now)
//   void publish_registers()                 hart_ shows the architectural registers
//   void derive_counts()                     statistics that follow from others
//   std::string oldest() const               what it waits for, for a report
template <class Self> class TimingCore : public Model<Self, Core>, public DataPort::Listener {
  public:
    void run(u64 instructions) final;
    const Hart &hart() const final { return hart_; }

  protected:
    // Parts that hang off nothing; then, with the front end made, those that follow it.
    void begin(const CoreStart &start);
    void connect(u32 load_entries, u32 store_entries, bool speculate);

    // Bracket a call into the environment, which hart_ is ready for. `dead`: registers that a block core no longer holds.
    void begin_environment(Cycle now, u64 dead = 0);
    void end_environment(Cycle now);

    void committed_at(Cycle now) {
        last_commit_ = now;
        progress_ = true;
    }

    CoreStart start_;
    Hart hart_;                       // architectural; see publish_registers()
    GuestMemory *memory_ = nullptr;
    std::unique_ptr<DecodeCache> code_;
    std::unique_ptr<Checker> checker_;
    std::unique_ptr<Oracle> oracle_;  // of limit studies, else null
    std::unique_ptr<DataPort> port_;
    bool progress_ = false;           // this cycle changed something
    u64 carried_out_ = 0;             // what holds the system instruction that the environment carries out: not squashed
    u64 stop_at_ = ~u64{0};           // hart_.committed at which run() ends

  private:
    static constexpr Cycle kPatience = 200'000;   // cycles without a commit that no legal machine needs
    Self &self() { return static_cast<Self &>(*this); }
    void run_until_stop(u64 instructions);
    void collect_counts();
    void sleep_until_woken();
    void skip_idle();

    Cycle last_commit_ = 0;
};

template <class Self> void TimingCore<Self>::begin(const CoreStart &start) {
    start_ = start;
    hart_ = start.hart;
    memory_ = &start.environment->memory();
    code_ = std::make_unique<DecodeCache>(*memory_);
}

template <class Self> void TimingCore<Self>::connect(u32 load_entries, u32 store_entries, bool speculate) {
    const auto &p = self().params();
    if (start_.check) checker_ = std::make_unique<Checker>(start_, this->path);
    port_ = std::make_unique<DataPort>(DataPort::Wiring{p.l1d, p.dtlb, memory_, this->clock_, p.load_ports, p.store_ports,
                                                        p.forward_latency, speculate},
                                       *this, load_entries, store_entries);
}

// What counts at the end of a run counts, too, where a guest's fault or a deadlock is the end.
template <class Self> void TimingCore<Self>::run(u64 instructions) {
    try {
        run_until_stop(instructions);
    } catch (...) {
        collect_counts();
        throw;
    }
    collect_counts();
    self().publish_registers();
    hart_.cycle = this->clock_->now;
}

template <class Self> void TimingCore<Self>::run_until_stop(u64 instructions) {
    Clock &clock = *this->clock_;
    stop_at_ = instructions > ~u64{0} - hart_.committed ? ~u64{0} : hart_.committed + instructions;
    while (!start_.environment->exited() && hart_.committed < stop_at_) {
        while (start_.environment->asleep()) [[unlikely]] sleep_until_woken();
        progress_ = false;
        clock.run_due();
        self().tick(clock.now);
        if (clock.now - last_commit_ > kPatience) [[unlikely]]
            throw SimulatorBug(this->path + ": nothing has committed for " + std::to_string(clock.now - last_commit_) +
                               " cycles. " + self().oldest());
        ++clock.now;
        if (!progress_) skip_idle();
    }
}

template <class Self> void TimingCore<Self>::collect_counts() {
    copy_fetch_counts(self().front_->counts, self().stats);
    copy_queue_counts(*port_, self().stats);
    self().params().units->derive_counts();
    self().derive_counts();
}

template <class Self> void TimingCore<Self>::sleep_until_woken() {
    const Cycle slept = sleep(*this->clock_, *start_.environment, hart_);
    self().stats.cycles += slept;
    self().stats.stall_asleep += slept * self().params().dispatch_width;
    self().take_interrupt(this->clock_->now);
}

// Nothing changed in the cycle before: jumps to the next one in which something can.
template <class Self> void TimingCore<Self>::skip_idle() {
    const Cycle from = this->clock_->now;
    Cycle to = std::min({this->clock_->next_event(), self().front_->next_work(from - 1), last_commit_ + kPatience + 1});
    if (port_->loads_waiting()) to = std::min(to, std::max(from, port_->next_load()));
    to = self().next_work(from, to);
    if (to <= from) return;
    self().stats.cycles += to - from;
    slot_counter(self().stats, self().lost_to(from)) += (to - from) * self().params().dispatch_width;
    this->clock_->now = to;
}

template <class Self> void TimingCore<Self>::begin_environment(Cycle now, u64 dead) {
    ++self().stats.environment_calls;
    hart_.cycle = now;
    if (oracle_) oracle_->begin_environment(checker_ != nullptr);
    if (checker_) checker_->begin_environment(hart_, dead);
}

template <class Self> void TimingCore<Self>::end_environment(Cycle now) {
    if (checker_) checker_->end_environment(hart_);
    if (oracle_) oracle_->end_environment(hart_);
    last_commit_ = now;
}

}  // namespace sim
