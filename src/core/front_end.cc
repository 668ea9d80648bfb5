// SPDX-License-Identifier: BSD-3-Clause
#include "core/front_end.hh"
#include <utility>

namespace sim {

FrontEnd::FrontEnd(const Wiring &wiring, const CoreStart &start, DecodeCache &code)
    : wiring_(wiring), code_(code), predictor_(*wiring.predictor), trace_(start.trace),
      capacity_(wiring.width * (wiring.fetch_to_decode + wiring.decode_to_dispatch) + wiring.queue_entries),
      mask_(capacity_of(wiring) - 1), queue_(mask_ + 1), pc_(start.hart.pc) {}

void FrontEnd::tick(Cycle now) {
    decode(now);
    fetch(now);
}

void FrontEnd::decode(Cycle now) {
    for (u32 n = 0; n < wiring_.width && decoded_ != tail_; ++n) {
        Fetched &f = queue_[decoded_ & mask_];
        if (f.decoded > now) return;
        ++decoded_;
        if (trace_) trace_->stage(f.id, "decode", now);
        if (!f.is_control || f.known) continue;
        const Address guess = f.next;
        // Younger tickets go first: the predictor undoes in order. A transfer that was known not to move stays.
        Prediction better = predictor_.decode_redirect(f.ticket);
        if (better.next == guess) continue;
        f.next = better.next;
        ++counts.decode_redirects;
        if (wiring_.oracle) wiring_.oracle->fetch_from(wiring_.oracle->next_fetch() - (tail_ - decoded_));
        drop_after(decoded_, now);
        pc_ = better.next;
        resume_ = now + 1;
        waiting_ = stopped_ = false;
        split_ = kNowhere;
        ++epoch_;
        why_ = Bubble::DecodeRedirect;
        return;
    }
}

// Drops queue entries from `position` on; their tickets are undone already.
void FrontEnd::drop_after(u64 position, Cycle now) {
    for (u64 p = position; p != tail_; ++p)
        if (const u8 reads = queue_[p & mask_].reads) count_squashed(reads);
    counts.dropped_fetches += tail_ - position;
    count_squashed(std::exchange(reads_, u8{0}));
    if (decoded_ > position) counts.dropped_decoded += decoded_ - position;
    if (trace_)
        for (u64 p = position; p != tail_; ++p) trace_->end(queue_[p & mask_].id, now, false);
    tail_ = position;
}

void FrontEnd::fetch(Cycle now) {
    if (stopped_ || waiting_ || resume_ > now || full()) return;
    Cycle ready = 0;
    taken_this_cycle_ = 0;
    Address line = pc_ / kLineBytes;
    if (pc_ == split_) ready = split_ready_;
    else if (!line_ready(pc_, now, ready)) return;
    predictor_.count_group();
    reads_ |= kBeginsGroup;
    for (u32 n = 0; n < wiring_.width; ++n) {
        if (pc_ / kLineBytes != line) {
            if (taken_this_cycle_ == 0 || !line_ready(pc_, now, ready)) return;
            line = pc_ / kLineBytes;
        }
        if (!append(ready, now)) return;
    }
}

// Reads the line of `pc`; false: not now (and waiting_ is set on a miss).
bool FrontEnd::line_ready(Address pc, Cycle now, Cycle &ready) {
    if (pc >= GuestMemory::kSize) return ready = now, true;   // no such memory: append() finds out
    if (wiring_.itlb && pc >> GuestMemory::kPageBits != page_) {
        const Cycle usable = wiring_.itlb->translate(pc, now);
        if (usable < kBusy) page_ = pc >> GuestMemory::kPageBits;   // ours, whatever the TLB forgets until then
        if (usable > now) {
            resume_ = usable >= kBusy ? now + 1 : usable;   // a walk under way: ask again
            why_ = Bubble::FetchMiss;
            return false;
        }
    }
    const Cycle answer =
        wiring_.l1i->access({pc & ~Address{kLineBytes - 1}, AccessKind::Fetch, pc, this, epoch_}, now);
    if (answer == kBusy) return false;
    ++counts.line_reads;
    ++reads_;
    if (answer == kMiss) {
        waiting_ = true;
        why_ = Bubble::FetchMiss;
        return false;
    }
    ready = answer;
    return true;
}

bool FrontEnd::append(Cycle ready, Cycle now) {
    Fetched &f = queue_[tail_ & mask_];
    f.pc = pc_;
    f.faulted = false;
    f.is_control = false;
    const Decoded *d = code_.at(pc_);
    if (!d || DecodeCache::is_illegal(*d)) {
        f.faulted = true;
        f.fault = d ? Fault::IllegalInstruction : Fault::FetchFault;
        f.d = Decoded{};
        f.next = pc_;
        stopped_ = true;
        if (wiring_.oracle) wiring_.oracle->fetch(pc_);
    } else {
        Cycle second = 0;
        const Address last = pc_ + d->length - 1;
        if (last / kLineBytes != pc_ / kLineBytes && !line_ready(last, now, second)) {
            split_ = pc_;   // its first part is here; no need to read that again
            split_ready_ = ready;
            return false;
        }
        if (second > ready) ready = second;
        f.d = *d;
        f.next = pc_ + d->length;
        const Oracle::Outcome *outcome = wiring_.oracle ? wiring_.oracle->fetch(pc_) : nullptr;
        if (d->is_control()) {
            f.is_control = true;
            const Address target = d->op_class == OpClass::JumpRegister ? 0 : d->target(pc_);
            Branch branch{pc_, f.next, target, branch_kind(*d)};
            if (outcome) outcome->tell(branch);
            const Prediction guess = predictor_.predict(branch);
            f.ticket = guess.ticket;
            f.known = guess.btb_hit;
            f.next = guess.next;
            taken_this_cycle_ += guess.taken;
        }
    }
    split_ = kNowhere;
    f.id = next_id_++;
    f.reads = std::exchange(reads_, u8{0});
    f.decoded = std::max(now + wiring_.fetch_to_decode, ready);
    f.ready = f.decoded + wiring_.decode_to_dispatch;
    f.before = why_;
    why_ = Bubble::FetchLimit;
    if (trace_) trace_->begin(f.id, now, f.pc, f.faulted ? "(not an instruction)" : disassemble(f.d, f.pc));
    ++tail_;
    ++counts.fetched_instructions;
    const bool jumps = f.is_control && f.next != f.pc + f.d.length;
    pc_ = f.next;
    return !stopped_ && !(jumps && taken_this_cycle_ >= wiring_.taken_per_cycle);
}

Bubble FrontEnd::bubble(Cycle) const {
    if (empty()) return stopped_ ? Bubble::WrongPath : why_;
    return queue_[head_ & mask_].before;
}

u64 FrontEnd::redirect(Address pc, Cycle now, Bubble why) {
    u64 first = ~u64{0};
    for (u64 p = tail_; p-- != head_;)
        if (queue_[p & mask_].is_control) first = queue_[p & mask_].ticket;
    drop_after(head_, now);
    decoded_ = head_;
    pc_ = pc;
    resume_ = now + 1;
    waiting_ = stopped_ = false;
    split_ = kNowhere;
    ++epoch_;
    why_ = why;
    return first;
}

Cycle FrontEnd::next_work(Cycle now) const {
    Cycle next = kNever;
    if (!empty() && queue_[head_ & mask_].ready > now) next = queue_[head_ & mask_].ready;   // else it waits for the back end
    if (!stopped_ && !waiting_ && !full()) next = std::min(next, std::max(now + 1, resume_));
    if (decoded_ != tail_) next = std::min(next, std::max(now + 1, queue_[decoded_ & mask_].decoded));
    return next;
}

void FrontEnd::memory_done(u32 tag, Cycle now) {
    if (tag != epoch_ || !waiting_) return;
    waiting_ = false;
    resume_ = now;
}

}  // namespace sim
