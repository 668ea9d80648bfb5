// SPDX-License-Identifier: BSD-3-Clause
// One DRAM channel: its queues, refresh, and the choice of the next command.
#include "memory/dram_channel.hh"
#include <algorithm>
#include <bit>

namespace sim {

namespace {
void raise(u64 &time, u64 to) { time = std::max(time, to); }
void lower(u64 &time, u64 to) { time = std::min(time, to); }
}

DramChannel::DramChannel(Dram &dram, u32 index)
    : dram_(dram), params_(dram.params()), index_(index),
      banks_per_rank_(params_.bank_groups * params_.banks_per_group),
      group_shift_(u32(std::countr_zero(params_.banks_per_group))),
      rank_shift_(u32(std::countr_zero(banks_per_rank_))) {
    banks_.resize(params_.ranks * banks_per_rank_);
    groups_.resize(params_.ranks * params_.bank_groups);
    ranks_.resize(params_.ranks);
    for (u32 r = 0; r < params_.ranks; ++r)   // ranks take turns so that one can work while another refreshes
        ranks_[r].refresh = params_.t_refi ? u64(params_.t_refi) * (r + 1) / params_.ranks : kNever;
    reads_.reserve(params_.read_queue_entries);
    writes_.reserve(params_.write_queue_entries);
}

// Consecutive lines alternate between bank groups, then fill the row. Group and bank are mixed with the row's
// low bits so that equal strides do not meet in one bank.
DramChannel::Request DramChannel::decode(u64 line, u64 ready) const {
    u64 rest = line;
    const auto take = [&rest](u64 count) {
        const u64 part = rest % count;
        rest /= count;
        return u32(part);
    };
    const u32 group = take(params_.bank_groups);
    take(params_.row_bytes / kLineBytes);
    const u32 bank = take(params_.banks_per_group), rank = take(params_.ranks), row = take(params_.rows);
    const u32 mixed_group = group ^ (row & (params_.bank_groups - 1));
    const u32 mixed_bank = bank ^ (row / params_.bank_groups & (params_.banks_per_group - 1));
    const u32 index = (rank * params_.bank_groups + mixed_group) * params_.banks_per_group + mixed_bank;
    return {.line = line,
            .ready = ready,
            .asker = {},
            .row = row,
            .bank = u8(index),
            .precharged = false,
            .activated = false};
}

bool DramChannel::read(u64 line, const DramAsker &asker, u64 ready) {
    if (reads_.size() == params_.read_queue_entries) return false;
    Request request = decode(line, ready);
    request.asker = asker;
    enqueue(reads_, request);
    return true;
}

bool DramChannel::write(u64 line, u64 ready) {
    if (holds_write(line)) {
        ++dram_.stats.write_merges;
        return true;
    }
    if (writes_.size() == params_.write_queue_entries) return false;
    enqueue(writes_, decode(line, ready));
    return true;
}

void DramChannel::enqueue(std::vector<Request> &queue, Request request) {
    queue.push_back(request);
    sleep_until(request.ready);
}

bool DramChannel::holds_write(u64 line) const {
    for (const Request &request : writes_)
        if (request.line == line) return true;
    return false;
}

// Wakes no later than `clock`.
void DramChannel::sleep_until(u64 clock) {
    raise(clock, next_command_);
    if (clock >= wake_) return;
    wake_ = clock;
    dram_.wake_at(clock, index_);
}

// Gives at most one command.
void DramChannel::wake(u64 now) {
    if (now != wake_) return;   // an earlier wake was asked for after this one and has done its work
    wake_ = kNever;
    if (idle_) catch_up(now);
    u64 next = kNever;
    bool commanded = refresh(now, next);
    if (!commanded) {
        choose_direction();
        std::vector<Request> &queue = writing_ ? writes_ : reads_;
        const Choice choice = choose(queue, now);
        commanded = choice.command != Choice::None;
        if (commanded) issue(queue, choice, now);
        else lower(next, choice.next);
    }
    if (commanded) next = next_command_ = now + 1;
    idle_ = next == kNever;
    if (!idle_) sleep_until(next);
}

// Does the refreshes that came due while nothing was to be done, at the times when they came due.
void DramChannel::catch_up(u64 now) {
    idle_ = false;
    for (u32 r = 0; r < ranks_.size(); ++r) {
        for (Rank &rank = ranks_[r]; rank.refresh <= now; rank.refresh += params_.t_refi) {
            u64 closed = rank.refresh;
            for (u32 b = r * banks_per_rank_; b < (r + 1) * banks_per_rank_; ++b) {
                if (banks_[b].row != kClosed) {
                    raise(banks_[b].precharge, rank.refresh);
                    precharge(b, banks_[b].precharge);
                }
                raise(closed, banks_[b].activate);
            }
            for (u32 b = r * banks_per_rank_; b < (r + 1) * banks_per_rank_; ++b)
                banks_[b].activate = closed + params_.t_rfc;
            ++dram_.stats.refreshes;
        }
    }
}

bool DramChannel::refresh(u64 now, u64 &next) {
    const bool working = !reads_.empty() || writing_;
    for (u32 r = 0; r < ranks_.size(); ++r) {
        if (ranks_[r].refresh <= now) {
            refreshing_ |= u64{1} << r;
            if (refresh_rank(r, now, next)) return true;
        } else if (working) {
            lower(next, ranks_[r].refresh);
        }
    }
    return false;
}

// One step towards the refresh of a rank: closes a bank, or refreshes when all are closed.
bool DramChannel::refresh_rank(u32 r, u64 now, u64 &next) {
    u64 closed = 0;
    bool all_closed = true;
    const u32 first = r * banks_per_rank_, last = first + banks_per_rank_;
    for (u32 b = first; b < last; ++b) {
        raise(closed, banks_[b].activate);
        if (banks_[b].row == kClosed) continue;
        all_closed = false;
        if (banks_[b].precharge <= now) {
            precharge(b, now);
            return true;
        }
        lower(next, banks_[b].precharge);
    }
    if (!all_closed) return false;
    if (closed > now) {
        lower(next, closed);
        return false;
    }
    for (u32 b = first; b < last; ++b) banks_[b].activate = now + params_.t_rfc;
    ranks_[r].refresh += params_.t_refi;
    refreshing_ &= ~(u64{1} << r);
    ++dram_.stats.refreshes;
    return true;
}

// Writes wait until there are many of them, or half as many as that and nothing to read; then a batch is
// written.
void DramChannel::choose_direction() {
    const u32 low = params_.write_low_watermark, high = params_.write_high_watermark;
    if (writing_) {
        writing_ = writes_.size() > low;
    } else if (writes_.size() >= high || (reads_.empty() && writes_.size() > (low + high) / 2)) {
        writing_ = true;
        ++dram_.stats.write_drains;
    }
}

// Banks, a bit each, whose open row has accesses in the queue.
u64 DramChannel::wanted_rows(const std::vector<Request> &queue) const {
    u64 wanted = 0;
    for (const Request &request : queue)
        wanted |= u64{banks_[request.bank].row == request.row} << request.bank;
    return wanted;
}

// First ready, first come: the oldest access to an open row; else the oldest that can open or close its row.
// Of each bank only the oldest access to the open row and the oldest to another row matter.
DramChannel::Choice DramChannel::choose(const std::vector<Request> &queue, u64 now) const {
    Choice choice;
    u64 hit_seen = 0, other_seen = 0;   // banks, a bit each, with an older access of either sort
    u64 wanted = 0;
    bool wanted_known = false;
    for (u32 i = 0; i < queue.size(); ++i) {
        const Request &request = queue[i];
        if (request.ready > now) {   // and so are all behind it
            lower(choice.next, request.ready);
            break;
        }
        const u64 bit = u64{1} << request.bank;
        const Bank &bank = banks_[request.bank];
        const bool hit = bank.row == request.row;
        u64 &seen = hit ? hit_seen : other_seen;
        if (seen & bit || refreshing_ >> rank_of(request.bank) & 1) continue;
        seen |= bit;
        const bool limited = bank.row != kClosed && bank.hits >= params_.row_hit_limit;
        if (hit) {
            if (limited && other_seen & bit) continue;   // the older one has waited for enough row hits
            const u64 at = earliest_column(request.bank);
            if (at <= now) return {Choice::Column, i, kNever};
            lower(choice.next, at);
            continue;
        }
        const bool closed = bank.row == kClosed;
        const u64 at = closed ? earliest_activate(request.bank) : bank.precharge;
        if (at > now) {
            lower(choice.next, at);
            continue;
        }
        if (!closed && !limited) {
            if (!wanted_known) wanted = wanted_rows(queue);
            wanted_known = true;
            if (wanted & bit) continue;
        }
        if (!choice.command) {
            choice.command = closed ? Choice::Activate : Choice::Precharge;
            choice.index = i;
        }
    }
    return choice;
}

void DramChannel::issue(std::vector<Request> &queue, const Choice &choice, u64 now) {
    Request &request = queue[choice.index];
    switch (choice.command) {
    case Choice::Activate: activate(request, now); break;
    case Choice::Precharge:
        request.precharged = true;
        precharge(request.bank, now);
        break;
    case Choice::Column: column(queue, choice.index, now); break;
    case Choice::None: break;
    }
}

void DramChannel::column(std::vector<Request> &queue, u32 index, u64 now) {
    const Request request = queue[index];
    queue.erase(queue.begin() + index);
    ++banks_[request.bank].hits;
    Dram::Stats &stats = dram_.stats;
    ++(request.precharged ? stats.row_conflicts : request.activated ? stats.row_misses : stats.row_hits);
    if (writing_) {
        ++stats.write_bursts;
        after_write(request.bank, now);
        return;
    }
    ++stats.read_bursts;
    after_read(request.bank, now);
    dram_.answer(now + params_.t_cl + params_.burst_clocks, request.asker);
}

}  // namespace sim
