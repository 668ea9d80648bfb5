// SPDX-License-Identifier: BSD-3-Clause
// Turn-taking: round robin in order of creation, futex waiters first come first served.
#include "program/threads.hh"
#include <algorithm>

namespace sim {

Thread *Threads::find(int id) {
    for (auto &thread : threads_)
        if (thread->id == id) return thread.get();
    return nullptr;
}

Thread &Threads::add() {
    threads_.push_back(std::make_unique<Thread>());
    threads_.back()->id = next_id_++;
    return *threads_.back();
}

void Threads::begin_wait(const Wait &wait) {
    Thread &thread = current();
    thread.wait = wait;
    if (wait.what == Wait::For::Futex) futex_queue_.push_back(&thread);
}

void Threads::finish_wait(Thread &thread, i64 result) {
    // The thread does not have the hart, so its registers are in its context: save_current() comes before
    // any wake-up.
    if (thread.wait.what == Wait::For::Futex) std::erase(futex_queue_, &thread);
    thread.wait = {};
    thread.repeats_call = false;
    thread.context.reg[kA0] = u64(result);
    thread.context.pc += 4;   // past the ecall
}

void Threads::repeat_call(Thread &thread) {
    if (thread.wait.what == Wait::For::Futex) std::erase(futex_queue_, &thread);
    thread.wait.what = Wait::For::Nothing;
    thread.repeats_call = true;
}

void Threads::wake_due(u64 now_ns) {
    for (auto &thread : threads_) {
        if (!thread->is_waiting() || thread->wait.until_ns > now_ns) continue;
        if (thread->wait.what == Wait::For::Pipe)
            repeat_call(*thread);   // the call says itself what is ready by now
        else finish_wait(*thread, thread->wait.timeout_result);
    }
}

void Threads::wake_pipes() {
    for (auto &thread : threads_)
        if (thread->wait.what == Wait::For::Pipe) repeat_call(*thread);
}

u64 Threads::wake_futex(Address a, u64 count, u32 bitset) {
    u64 woken = 0;
    for (size_t i = 0; i < futex_queue_.size() && woken < count;) {
        Thread *thread = futex_queue_[i];
        if (thread->wait.futex == a && (thread->wait.bitset & bitset)) {
            finish_wait(*thread, 0);   // leaves the queue
            ++woken;
        } else {
            ++i;
        }
    }
    return woken;
}

u64 Threads::move_futex(Address from, Address to, u64 count) {
    u64 moved = 0;
    for (Thread *thread : futex_queue_)
        if (moved < count && thread->wait.futex == from) {
            thread->wait.futex = to;
            ++moved;
        }
    return moved;
}

bool Threads::others_may_run() const {
    for (size_t i = 0; i < threads_.size(); ++i)
        if (i != current_ &&
            (!threads_[i]->is_waiting() || threads_[i]->wait.until_ns != VirtualTime::kNever))
            return true;
    return false;
}

bool Threads::any_waits(Wait::For what) const {
    return std::any_of(threads_.begin(), threads_.end(), [&](const auto &t) { return t->wait.what == what; });
}

bool Threads::next_is_ready() const {
    for (size_t i = 0; i < threads_.size(); ++i)
        if (i != current_ && !threads_[i]->is_waiting()) return true;
    return false;
}

u64 Threads::earliest_wake() const {
    u64 earliest = VirtualTime::kNever;
    for (const auto &thread : threads_)
        if (thread->is_waiting()) earliest = std::min(earliest, thread->wait.until_ns);
    return earliest;
}

void Threads::load(size_t index, Hart &hart) {
    const Hart &context = threads_[index]->context;
    hart.reg = context.reg;
    hart.pc = context.pc;
    hart.frm = context.frm;
    hart.fflags = context.fflags;
    hart.reservation = 0;
    current_ = index;
    has_current_ = true;
}

bool Threads::resume_next(Hart &hart) {
    // A removed thread's successor took its index, so that one is next in turn.
    const size_t first = has_current_ ? current_ + 1 : current_;
    for (size_t i = 0; i < threads_.size(); ++i) {
        const size_t index = (first + i) % threads_.size();
        if (threads_[index]->is_waiting()) continue;
        load(index, hart);
        return true;
    }
    return false;
}

}  // namespace sim
