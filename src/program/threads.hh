// SPDX-License-Identifier: BSD-3-Clause
// The threads of a Linux process, which take turns on one hart, and what each waits for.
#pragma once
#include <deque>
#include <memory>
#include <optional>
#include <vector>
#include "program/virtual_time.hh"

namespace sim {

// A signal on its way, with what its handler finds in siginfo_t.
struct SignalInfo {
    int number = 0;
    i32 code = 0;   // si_code
    Address address = 0;   // si_addr of faults
    u64 value = 0;   // si_value of queued signals
    bool fault = false;   // raised by the instruction at pc
};

struct Wait {
    enum class For : u8 { Nothing, Futex, Time, Pipe, Signal } what = For::Nothing;
    Address futex = 0;
    u32 bitset = ~u32{0};
    u64 signals = 0;   // that end a wait for Signal although they are blocked
    u64 until_ns = VirtualTime::kNever;   // virtual time at which the wait ends by itself, with ...
    i64 timeout_result = 0;   // ... this result
    bool restarts = true;   // after a handler with SA_RESTART; else -EINTR
    Address remaining = 0;   // timespec to fill when interrupted; 0: none
};

struct Thread {
    int id = 0;
    Hart context;   // while another thread has the hart
    Wait wait;
    bool repeats_call = false;   // its system call waits and will be executed again: keep wait.until_ns
    u64 blocked_signals = 0;   // bit n-1 for signal n
    std::optional<u64> blocked_before_suspend;
    std::deque<SignalInfo> pending_signals;
    Address clear_child_tid = 0;
    Address robust_list = 0;
    Address alternate_stack = 0;
    u64 alternate_stack_bytes = 0;   // 0: none

    bool is_waiting() const { return wait.what != Wait::For::Nothing; }
};

class Threads {
  public:
    explicit Threads(int process_id) : next_id_(process_id) { add(); }

    Thread &current() { return *threads_[current_]; }
    const Thread &current() const { return *threads_[current_]; }
    size_t count() const { return threads_.size(); }
    Thread &at(size_t i) { return *threads_[i]; }
    Thread *find(int id);
    Thread &add();   // a new one, ready, last in turn

    // Ends waits. A finished wait gives its thread's system call `result`; a repeated one executes again.
    void finish_wait(Thread &, i64 result);
    void repeat_call(Thread &);
    void wake_due(u64 now_ns);   // threads whose time has come
    void wake_pipes();
    // Wakes up to `count` waiters whose bitsets meet, in the order in which they began to wait.
    u64 wake_futex(Address a, u64 count, u32 bitset);
    u64 move_futex(Address from, Address to, u64 count);
    void begin_wait(const Wait &wait);   // of the current thread

    bool others_may_run() const;   // another thread is ready or will be when its time comes
    bool any_waits(Wait::For what) const;
    bool next_is_ready() const;   // another thread is ready
    u64 earliest_wake() const;   // kNever where nobody waits for time

    void save_current(const Hart &hart) { current().context = hart; }
    bool resume_next(Hart &hart);   // the next ready thread in turn gets the hart; false where there is none
    void remove_current() {
        threads_.erase(threads_.begin() + std::ptrdiff_t(current_));
        has_current_ = false;
    }
    bool has_current() const { return has_current_; }

  private:
    void load(size_t index, Hart &hart);

    std::vector<std::unique_ptr<Thread>> threads_;   // in order of creation
    std::deque<Thread *> futex_queue_;   // waiters, oldest first
    size_t current_ = 0;
    bool has_current_ = true;   // false after the running thread ended and before another is given the hart
    int next_id_;
};

}  // namespace sim
