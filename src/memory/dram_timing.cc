// SPDX-License-Identifier: BSD-3-Clause
// One DRAM channel: the constraints that every command puts on those after it.
#include <algorithm>
#include "memory/dram_channel.hh"

namespace sim {

namespace {
void raise(u64 &time, u64 to) { time = std::max(time, to); }
}

u64 DramChannel::earliest_activate(u32 bank) const {
    const Rank &rank = ranks_[rank_of(bank)];
    u64 at = std::max({banks_[bank].activate, groups_[group_of(bank)].activate, rank.activate});
    if (rank.activates >= 4) raise(at, rank.last_activates[rank.activates % 4] + params_.t_faw);
    return at;
}

u64 DramChannel::earliest_column(u32 bank) const {
    const Bank &b = banks_[bank];
    const Group &group = groups_[group_of(bank)];
    const Rank &rank = ranks_[rank_of(bank)];
    return writing_ ? std::max({b.write, group.write, rank.write})
                    : std::max({b.read, group.read, rank.read});
}

void DramChannel::activate(Request &request, u64 now) {
    request.activated = true;
    Bank &bank = banks_[request.bank];
    Rank &rank = ranks_[rank_of(request.bank)];
    bank.row = request.row;
    bank.hits = 0;
    bank.activate = now + params_.t_rc;
    bank.precharge = now + params_.t_ras;
    bank.read = bank.write = now + params_.t_rcd;
    raise(groups_[group_of(request.bank)].activate, now + params_.t_rrd_l);
    raise(rank.activate, now + params_.t_rrd_s);
    rank.last_activates[rank.activates++ % 4] = now;
    ++dram_.stats.activates;
}

void DramChannel::precharge(u32 bank, u64 now) {
    banks_[bank].row = kClosed;
    raise(banks_[bank].activate, now + params_.t_rp);
    ++dram_.stats.precharges;
}

void DramChannel::after_read(u32 bank, u64 now) {
    const u64 other_sender = now + params_.burst_clocks + params_.t_turnaround;   // as a read command
    const u64 data_to_write = other_sender + params_.t_cl;
    raise(banks_[bank].precharge, now + params_.t_rtp);
    raise(groups_[group_of(bank)].read, now + params_.t_ccd_l);
    for (u32 r = 0; r < ranks_.size(); ++r) {
        raise(ranks_[r].read, r == rank_of(bank) ? now + params_.t_ccd_s : other_sender);
        if (data_to_write > params_.t_cwl) raise(ranks_[r].write, data_to_write - params_.t_cwl);
    }
}

void DramChannel::after_write(u32 bank, u64 now) {
    const u64 data_end = now + params_.t_cwl + params_.burst_clocks;
    raise(banks_[bank].precharge, data_end + params_.t_wr);
    raise(groups_[group_of(bank)].write, now + params_.t_ccd_l);
    raise(groups_[group_of(bank)].read, data_end + params_.t_wtr_l);
    for (u32 r = 0; r < ranks_.size(); ++r) {
        if (r == rank_of(bank)) {
            raise(ranks_[r].write, now + params_.t_ccd_s);
            raise(ranks_[r].read, data_end + params_.t_wtr_s);
        } else {
            raise(ranks_[r].write, now + params_.burst_clocks + params_.t_turnaround);
            if (data_end + params_.t_turnaround > params_.t_cl)
                raise(ranks_[r].read, data_end + params_.t_turnaround - params_.t_cl);
        }
    }
}

}  // namespace sim
