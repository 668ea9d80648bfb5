// SPDX-License-Identifier: BSD-3-Clause
// BranchPredictor: one guess a control transfer, and the undo of whatever a guess changed.
#include "predictor/branch_predictor.hh"
#include <bit>
#include "predictor/history.hh"

// The one rule of history: every transfer that fetch meets is shifted in, in fetch order and with its guessed
// outcome, whether the BTB knows it or not; resolve() replaces the guess by the truth. What a committed
// transfer saw is therefore the history of the true path.

namespace sim {
COMPONENT(BranchPredictor,
          "Direction predictor, branch target buffer, indirect-target predictor and return stack.");

namespace {

bool is_indirect(BranchKind kind) { return kind == BranchKind::Indirect || kind == BranchKind::IndirectCall; }
bool is_call(BranchKind kind) { return kind == BranchKind::Call || kind == BranchKind::IndirectCall; }

}   // namespace

BranchPredictor::BranchPredictor(const Params &params)
    : params_(params),
      btb_(params.btb_entries, params.btb_ways, params.btb_tag_bits),
      stack_(params.return_stack_entries ? params.return_stack_entries : 1) {
    require_range("BranchPredictor", "return_stack_entries", params.return_stack_entries, 1, 1 << 16);
    if (!params.direction)
        throw ConfigError(
            "BranchPredictor: direction is missing; a direction predictor such as GskewDirection() is "
            "needed");
    set_capacity(256);
}

void BranchPredictor::set_capacity(u32 in_flight) {
    require(oldest_ == next_, "BranchPredictor: set_capacity() while transfers are in flight");
    require_range("BranchPredictor", "transfers in flight", in_flight, 1, kMaxInFlight);
    records_.assign(std::bit_ceil(in_flight), Record{});
    record_mask_ = records_.size() - 1;
}

// Has the predictors answer for the actual kind: they are trained on it whatever fetch believed.
void BranchPredictor::ask(Record &r) {
    r.direction_taken = true;
    if (r.branch.kind == BranchKind::Conditional)
        r.direction_taken = params_.direction->predict(r.branch.pc, r.direction);
    else params_.direction->save(r.direction);
    r.indirect_target = 0;
    if (!params_.indirect) return;
    if (is_indirect(r.branch.kind)) r.indirect_target = params_.indirect->predict(r.branch.pc, r.target);
    else params_.indirect->save(r.target);
}

// Where a transfer of the kind that fetch or the decoder believes in goes; `known`: the BTB's or the
// decoder's target.
Address BranchPredictor::destination(const Record &r, BranchKind kind, Address known,
                                     Address return_address) const {
    Address next = known;
    if (kind == BranchKind::Conditional && !r.direction_taken) next = 0;
    else if (kind == BranchKind::Return) next = return_address;
    else if (is_indirect(kind) && r.indirect_target) next = r.indirect_target;
    return next;
}

// Follows the guess; `next` is 0 where nothing better than the fall-through is known.
void BranchPredictor::guess(Record &r, BranchKind kind, Address next) {
    r.guess.taken = next != 0;
    r.guess.next = next ? next : r.branch.fall_through;
    follow(r, kind, r.guess.taken, r.guess.next);
}

void BranchPredictor::follow(Record &r, BranchKind kind, bool taken, Address next) {
    if (is_call(kind)) {
        r.stack = stack_.push(r.branch.fall_through);
        ++stats.return_stack_pushes;
    } else if (kind == BranchKind::Return) {
        r.stack = stack_.pop();
        ++stats.return_stack_pops;
    } else r.stack = stack_.keep();
    params_.direction->speculate(r.branch.pc, next, taken);
    if (params_.indirect) params_.indirect->speculate(r.branch.pc, next, taken);
    r.followed = next;
}

Prediction BranchPredictor::predict(const Branch &branch) {
    require(next_ - oldest_ < records_.size(),
            "BranchPredictor: more transfers in flight than set_capacity() allowed");
    ++stats.lookups;
    ++stats.btb_lookups;
    Record &r = record(next_);
    r.branch = branch;
    r.guess.ticket = next_++;
    ask(r);
    const Btb::Entry *known = btb_.find(branch.pc);
    stats.btb_hits += known != nullptr;
    r.guess.btb_hit = known;
    if (params_.perfect && branch.oracle_known) {
        r.guess = {r.guess.ticket, branch.oracle_next, branch.oracle_taken, true};
        follow(r, branch.kind, branch.oracle_taken, branch.oracle_next);
    } else if (known) {
        guess(r, known->kind, destination(r, known->kind, known->target, stack_.top()));
    } else {
        guess(r, BranchKind::Conditional, 0);   // as far as fetch knows, nothing stands here
    }
    return r.guess;
}

// Younger transfers may have written to the return stack since: theirs is not what `ticket` would pop.
Address BranchPredictor::return_address(u64 ticket) {
    const u32 top = record(ticket).stack.top;
    Address address = stack_.at(top);
    for (u64 young = next_; young-- > ticket;) {
        const ReturnStack::Change &change = record(young).stack;
        if (change.pushed && stack_.above(change.top) == top) address = change.overwritten;
    }
    return address;
}

Prediction BranchPredictor::decode_redirect(u64 ticket) {
    require(oldest_ <= ticket && ticket < next_,
            "BranchPredictor: decode_redirect() of a transfer not in flight");
    Record &r = record(ticket);
    const BranchKind kind = r.branch.kind;
    const Address target =
        destination(r, kind, is_indirect(kind) ? 0 : r.branch.target, return_address(ticket));
    if ((target ? target : r.branch.fall_through) == r.guess.next) return r.guess;
    rewind(ticket);
    next_ = ticket + 1;
    guess(r, kind, target);
    return r.guess;
}

// Takes back the speculation of `ticket` and of all younger ones.
void BranchPredictor::rewind(u64 ticket) {
    for (u64 young = next_; young-- > ticket;) stack_.undo(record(young).stack);
    params_.direction->restore(record(ticket).direction);
    if (params_.indirect) params_.indirect->restore(record(ticket).target);
}

void BranchPredictor::resolve(u64 ticket, bool taken, Address next) {
    require(oldest_ <= ticket && ticket < next_, "BranchPredictor: resolve() of a transfer not in flight");
    rewind(ticket);
    next_ = ticket + 1;
    Record &r = record(ticket);
    follow(r, r.branch.kind, taken, next);
}

void BranchPredictor::squash(u64 ticket) {
    require(oldest_ <= ticket, "BranchPredictor: squash() of a committed transfer");
    if (ticket >= next_) return;
    rewind(ticket);
    next_ = ticket;
}

void BranchPredictor::commit(u64 ticket, bool taken, Address next) {
    require(ticket == oldest_ && ticket < next_,
            "BranchPredictor: commit() of a transfer that is not the oldest in flight");
    Record &r = record(ticket);
    if (r.followed != next) {
        require(next_ == ticket + 1, "BranchPredictor: a wrong guess was committed without resolve()");
        resolve(ticket, taken, next);
    }
    const Branch &branch = r.branch;
    if (branch.kind == BranchKind::Conditional) {
        ++stats.direction_updates;
        params_.direction->train(branch.pc, taken, r.direction);
    } else if (params_.indirect && is_indirect(branch.kind)) {
        params_.indirect->train(branch.pc, next, r.target);
    }
    if (taken) stats.btb_updates += btb_.learn(branch.pc, branch.kind, next);
    count_committed(r, taken, next);
    ++oldest_;
}

void BranchPredictor::count_committed(const Record &r, bool taken, Address next) {
    switch (r.branch.kind) {
        case BranchKind::Conditional:
            ++stats.conditional_branches;
            stats.conditional_mispredictions += r.guess.taken != taken;
            break;
        case BranchKind::Return:
            ++stats.returns;
            stats.return_mispredictions += r.guess.next != next;
            break;
        case BranchKind::Indirect:
        case BranchKind::IndirectCall:
            ++stats.indirect_transfers;
            stats.indirect_mispredictions += r.guess.next != next;
            break;
        case BranchKind::Jump:
        case BranchKind::Call: ++stats.direct_transfers; break;
    }
}

}   // namespace sim
