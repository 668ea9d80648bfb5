// SPDX-License-Identifier: BSD-3-Clause
#include "block/block_fetch.hh"

namespace sim {

BlockFetch::BlockFetch(const Wiring &wiring, const CoreStart &start, BlockCompiler &compiler)
    : wiring_(wiring), compiler_(compiler), predictor_(*wiring.predictor), trace_(start.trace),
      capacity_(wiring.width * (wiring.fetch_to_decode + wiring.decode_to_dispatch) + wiring.queue_entries),
      blocks_(capacity_of(wiring)), ready_(blocks_.size() * compiler.limits().instructions), mask_(blocks_.size() - 1),
      most_(compiler.limits().instructions), pc_(start.hart.pc) {}

void BlockFetch::tick(Cycle now) {
    decode(now);
    fetch(now);
}

// A block that ends in a transfer which the BTB did not know: its head says so, once decoded.
void BlockFetch::decode(Cycle now) {
    while (decoded_ != tail_) {
        FetchedBlock &b = blocks_[decoded_ & mask_];
        if (b.head_decoded > now) return;
        ++decoded_;
        b.decoded = true;
        if (!b.block->ends_in_control || b.known) continue;
        const Address guess = b.next;
        b.next = predictor_.decode_redirect(b.ticket).next;
        if (b.next == guess) continue;
        ++counts.decode_redirects;
        if (decoded_ == tail_ && in_block_) continue;   // still fetching it: nothing behind it
        if (wiring_.oracle) wiring_.oracle->fetch_from(b.number + b.block->code.size());
        drop_from(decoded_, now);
        pc_ = b.next;
        resume_ = now + 1;
        waiting_ = unknown_ = in_block_ = false;
        held_ = ~Address{0};
        ++epoch_;
        why_ = Bubble::DecodeRedirect;
        return;
    }
}

void BlockFetch::drop_from(u64 position, Cycle now) {
    for (u64 p = position; p != tail_; ++p) {
        const FetchedBlock &b = blocks_[p & mask_];
        queued_ -= b.fetched - b.taken;
        counts.dropped_fetches += b.fetched - b.taken;
        count_squashed(b, b.taken == 0);
        u32 decoded = b.fetched;
        while (decoded > b.taken && ready_at(p, decoded - 1) > now + wiring_.decode_to_dispatch) --decoded;
        counts.dropped_decoded += decoded - b.taken;
        if (trace_)
            for (u32 k = b.taken; k < b.fetched; ++k) trace_->end(b.first_id + k, now, false);
    }
    tail_ = position;
}

void BlockFetch::trace_alone(Cycle begin, Cycle now, Address pc, const std::string &text) {
    const u64 id = next_id_++;
    trace_->begin(id, begin, pc, text);
    trace_->stage(id, "execute", now);
    trace_->stage(id, "commit", now);
    trace_->end(id, now, true);
}

// Starts the block at pc_; false: fetch cannot.
bool BlockFetch::begin(Cycle now) {
    const Block *block = compiler_.find(pc_);
    if (!block) {
        unknown_ = true;
        return false;
    }
    FetchedBlock &b = blocks_[tail_ & mask_];
    b = FetchedBlock{};
    b.block = block;
    b.id = next_block_++;
    b.first_id = next_id_;
    next_id_ += block->code.size();
    b.next = block->end;
    b.before = why_;
    b.head_decoded = kNever;
    why_ = Bubble::FetchLimit;
    ++counts.block_lookups;
    ++b.lookups;
    predictor_.count_group();
    const Oracle::Outcome *outcome = nullptr;
    if (wiring_.oracle) {
        b.number = wiring_.oracle->next_fetch();
        outcome = wiring_.oracle->fetch(pc_, block->code.size());
    }
    if (block->ends_in_control) {
        Branch branch{block->head, block->end, block->target, block->kind};
        if (outcome) outcome->tell(branch);
        const Prediction guess = predictor_.predict(branch);
        b.ticket = guess.ticket;
        b.known = guess.btb_hit;
        b.next = guess.next;
    }
    ++tail_;
    in_block_ = true;
    head_read_ = block->head_bytes == 0;
    if (head_read_ && !late(*block)) b.head_decoded = now + wiring_.fetch_to_decode;
    return true;
}

// Reads the bytes [from, to) of laid-out code: one line a cycle, and the next one where the bytes cross. Lines that
// were there are kept while the next one is waited for.
bool BlockFetch::read(Address from, Address to, Cycle now, Cycle &ready) {
    if (wiring_.ideal_icache) return ready = now, true;
    ready = from == held_ ? held_ready_ : 0;
    for (Address line = from == held_ ? held_until_ : from / kLineBytes; line <= (to - 1) / kLineBytes; ++line) {
        if (line == line_) {
            ready = std::max(ready, line_ready_);
            continue;
        }
        if (line_ != ~Address{0} && line == from / kLineBytes) return false;   // another line than this cycle's
        if (!read_line(line, now)) {
            if (line != from / kLineBytes) held_ = from, held_until_ = line, held_ready_ = ready;
            return false;
        }
        ready = std::max(ready, line_ready_);
    }
    held_ = ~Address{0};
    return true;
}

bool BlockFetch::read_line(Address line, Cycle now) {
    const Address a = line * kLineBytes;
    if (wiring_.itlb && a >> GuestMemory::kPageBits != page_) {
        const Cycle usable = wiring_.itlb->translate(a, now);
        if (usable < kBusy) page_ = a >> GuestMemory::kPageBits;   // ours, whatever the TLB forgets until then
        if (usable > now) {
            resume_ = usable >= kBusy ? now + 1 : usable;
            why_ = Bubble::FetchMiss;
            return false;
        }
    }
    const Cycle answer = wiring_.l1i->access({a, AccessKind::Fetch, pc_, this, epoch_}, now);
    if (answer == kBusy) return false;
    ++counts.line_reads;
    ++blocks_[(tail_ - 1) & mask_].line_reads;
    if (answer == kMiss) {
        waiting_ = true;
        why_ = Bubble::FetchMiss;
        return false;
    }
    line_ = line;
    line_ready_ = answer;
    return true;
}

void BlockFetch::fetch(Cycle now) {
    if (waiting_ || resume_ > now || full()) return;
    line_ = ~Address{0};
    u32 begun = 0;
    bool looked_up = wiring_.predict_blocks;   // for this fetch group
    for (u32 n = 0; n < wiring_.width; ++n) {
        if (!in_block_) {
            if (unknown_ || begun == wiring_.blocks_per_cycle || !begin(now)) return;
            ++begun;
            looked_up = true;
        }
        FetchedBlock &b = blocks_[(tail_ - 1) & mask_];
        const Block &block = *b.block;
        Cycle ready = 0;
        if (!head_read_) {
            if (!read(block.head, block.head + block.head_bytes, now, ready)) return;
            head_read_ = true;
            ++counts.heads;
            if (!late(block)) b.head_decoded = std::max(now + wiring_.fetch_to_decode, ready);
            continue;
        }
        const BlockInstruction &i = block.code[b.fetched];
        const Address at = block.head + block.head_bytes + i.place;
        if (!read(at, at + i.d.length, now, ready)) return;
        ready_at(tail_ - 1, b.fetched) = std::max(now + wiring_.fetch_to_decode, ready) + wiring_.decode_to_dispatch;
        if (!looked_up) {
            ++counts.block_lookups;
            ++b.lookups;
            predictor_.count_group();
        }
        looked_up = true;
        if (b.before == Bubble::FetchLimit && why_ == Bubble::FetchMiss) b.before = why_;
        why_ = Bubble::FetchLimit;
        if (trace_) trace_fetch(b, now);
        ++b.fetched;
        ++queued_;
        ++counts.fetched_instructions;
        if (b.fetched == block.code.size()) {
            in_block_ = false;
            pc_ = b.next;
            if (late(block)) b.head_decoded = std::max(now + wiring_.fetch_to_decode, ready);
        }
    }
}

void BlockFetch::trace_fetch(FetchedBlock &b, Cycle now) {
    const BlockInstruction &i = b.block->code[b.fetched];
    const Address pc = b.block->start + i.offset;
    trace_->begin(b.first_id + b.fetched, now, pc, disassemble(i.d, pc));
}

bool BlockFetch::head(Cycle now, Head &out) {
    if (head_ == tail_) return false;
    FetchedBlock &b = blocks_[head_ & mask_];
    if (b.taken == b.fetched || ready_at(head_, b.taken) > now) return false;
    out = {&b, b.taken};
    return true;
}

void BlockFetch::pop() {
    FetchedBlock &b = blocks_[head_ & mask_];
    --queued_;
    if (++b.taken < b.block->code.size()) return;
    if (decoded_ == head_) ++decoded_;
    ++head_;
}

Bubble BlockFetch::bubble() const {
    if (unknown_ && head_ == tail_) return Bubble::WrongPath;
    if (head_ == tail_ || blocks_[head_ & mask_].taken == blocks_[head_ & mask_].fetched) return why_;
    const FetchedBlock &b = blocks_[head_ & mask_];
    return b.taken ? Bubble::FetchLimit : b.before;
}

u64 BlockFetch::redirect(Address pc, Cycle now, Bubble why) {
    u64 first = ~u64{0};
    for (u64 p = tail_; p-- != head_;) {
        const FetchedBlock &b = blocks_[p & mask_];
        if (b.block->ends_in_control && !b.taken) first = b.ticket;   // an allocated one is the core's
    }
    drop_from(head_, now);
    decoded_ = head_;
    pc_ = pc;
    resume_ = now + 1;
    waiting_ = unknown_ = in_block_ = false;
    held_ = ~Address{0};
    ++epoch_;
    why_ = why;
    return first;
}

Cycle BlockFetch::next_work(Cycle now) const {
    Cycle next = kNever;
    if (head_ != tail_) {
        const FetchedBlock &b = blocks_[head_ & mask_];
        const Cycle ready = b.taken != b.fetched ? ready_at(head_, b.taken) : 0;
        if (ready > now) next = ready;   // one that was ready waits for the back end
    }
    if (decoded_ != tail_) next = std::min(next, std::max(now + 1, blocks_[decoded_ & mask_].head_decoded));
    if (!waiting_ && !full() && (in_block_ || !unknown_)) next = std::min(next, std::max(now + 1, resume_));
    return next;
}

void BlockFetch::memory_done(u32 tag, Cycle now) {
    if (tag != epoch_ || !waiting_) return;
    waiting_ = false;
    resume_ = now;
}

}  // namespace sim
