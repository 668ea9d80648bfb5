// SPDX-License-Identifier: BSD-3-Clause
// Dram: parameters, the edge between core cycles and DRAM clocks, and answers. Commands are in
// dram_channel.cc.
#include "memory/dram.hh"
#include <algorithm>
#include <bit>
#include <cmath>
#include "memory/dram_channel.hh"

namespace sim {

COMPONENT(
    Dram,
    "DDR main memory with banks, row buffers, refresh, and first-ready first-come first-served scheduling.");

namespace {

constexpr u64 kAnswerEvent = 0xff;   // low byte of an event's argument; otherwise the channel to wake
constexpr u32 kMaxChannels = 64, kMaxBanks = 64;

[[noreturn]] void fail(const std::string &what) { throw ConfigError("Dram: " + what); }

void check_geometry(const Dram::Params &p) {
    const auto power_of_two = [](u32 value, const char *name) {
        if (!std::has_single_bit(value))
            fail(std::string(name) + "=" + std::to_string(value) + "; it must be a power of two");
    };
    power_of_two(p.channels, "channels");
    power_of_two(p.ranks, "ranks");
    power_of_two(p.bank_groups, "bank_groups");
    power_of_two(p.banks_per_group, "banks_per_group");
    power_of_two(p.rows, "rows");
    power_of_two(p.row_bytes, "row_bytes");
    if (p.row_bytes < kLineBytes)
        fail("row_bytes=" + std::to_string(p.row_bytes) + "; a row holds at least 64 bytes");
    if (p.channels > kMaxChannels)
        fail("channels=" + std::to_string(p.channels) + "; at most 64 are possible");
    if (u64(p.ranks) * p.bank_groups * p.banks_per_group > kMaxBanks)
        fail("ranks * bank_groups * banks_per_group is " +
             std::to_string(u64(p.ranks) * p.bank_groups * p.banks_per_group) +
             "; a channel has at most 64 banks");
}

// Cores take longer waits for deadlocks.
void check_times(const Dram::Params &p) {
    const u32 longest = std::max({p.burst_clocks, p.t_cl, p.t_cwl, p.t_rcd, p.t_rp, p.t_ras, p.t_rc, p.t_rrd_s, p.t_rrd_l, p.t_faw,
                                  p.t_ccd_s, p.t_ccd_l, p.t_wr, p.t_wtr_s, p.t_wtr_l, p.t_rtp, p.t_turnaround, p.t_rfc});
    const double cycles = longest / p.dram_clock * p.core_clock;
    if (cycles > 10'000)
        fail("its longest time, of " + std::to_string(longest) + " clocks, is " + std::to_string(u64(cycles)) +
             " core cycles; at most 10000 are possible");
    if ((p.controller_latency + p.return_latency) * p.core_clock > 10'000)
        fail("controller_latency and return_latency are more than 10000 core cycles together");
}

const Dram::Params &checked(const Dram::Params &p) {
    check_geometry(p);
    if (!(p.core_clock >= 0.001 && p.core_clock <= 100) || !(p.dram_clock >= 0.001 && p.dram_clock <= 100))
        fail("core_clock and dram_clock must lie between 1MHz and 100GHz");
    if (!(p.controller_latency >= 0 && p.controller_latency < 1e6) ||
        !(p.return_latency >= 0 && p.return_latency < 1e6))
        fail("controller_latency and return_latency must lie between 0 and 1ms");
    if (p.read_queue_entries == 0) fail("read_queue_entries must be at least 1");
    if (p.write_low_watermark >= p.write_high_watermark || p.write_high_watermark > p.write_queue_entries)
        fail("write_low_watermark < write_high_watermark <= write_queue_entries must hold; they are " +
             std::to_string(p.write_low_watermark) + ", " + std::to_string(p.write_high_watermark) + " and " +
             std::to_string(p.write_queue_entries));
    if (p.row_hit_limit == 0) fail("row_hit_limit must be at least 1");
    if (p.burst_clocks == 0 || p.t_cl == 0 || p.t_cwl == 0 || p.t_rcd == 0 || p.t_rp == 0)
        fail("burst_clocks, t_cl, t_cwl, t_rcd and t_rp must be at least 1 clock");
    check_times(p);
    if (p.t_refi && p.t_refi < 2 * (p.t_rfc + p.t_rp + p.t_rc))
        fail("t_refi=" + std::to_string(p.t_refi) + " leaves no time between refreshes of t_rfc=" +
             std::to_string(p.t_rfc));
    return p;
}

}  // namespace

Dram::Dram(const Params &params)
    : params_(checked(params)), ratio_(params.core_clock, params.dram_clock),
      controller_cycles_(std::max<Cycle>(1, Cycle(std::ceil(params.controller_latency * params.core_clock)))),
      return_cycles_(Cycle(std::ceil(params.return_latency * params.core_clock))) {
    for (u32 c = 0; c < params.channels; ++c) channels_.push_back(std::make_unique<DramChannel>(*this, c));
}

Dram::~Dram() = default;

Cycle Dram::access(const MemoryRequest &request, Cycle now) {
    const u64 line = request.address / kLineBytes;
    DramChannel &channel = *channels_[line % params_.channels];
    const u64 own_line = line / params_.channels, ready = ratio_.other_cycle(now + controller_cycles_);
    if (request.kind == AccessKind::Writeback) {
        if (!channel.write(own_line, ready)) {
            ++stats.write_queue_rejections;
            return kBusy;
        }
        ++stats.writes;
        versions_.take(path, request, now);
        return now + controller_cycles_;
    }
    if (channel.holds_write(own_line)) {
        ++stats.reads;
        ++stats.read_forwards;
        data_version = versions_.take(path, request, now);
        return now + controller_cycles_ + return_cycles_;
    }
    const u64 version = versions_.take(path, request, now);
    if (!channel.read(own_line, {request.client, request.tag, version, now}, ready)) {
        ++stats.read_queue_rejections;
        return kBusy;
    }
    ++stats.reads;
    return kMiss;
}

void Dram::wake_at(u64 clock, u32 channel) {
    clock_->schedule(ratio_.core_cycle(clock), *this, clock << 8 | channel);
}

void Dram::answer(u64 data_end, const DramAsker &asker) {
    const Cycle at = ratio_.core_cycle(data_end) + return_cycles_;
    stats.read_cycles += at - asker.asked;
    if (!asker.client) return;
    if (free_pending_.empty()) {
        free_pending_.push_back(u32(pending_.size()));
        pending_.emplace_back();
    }
    const u32 index = free_pending_.back();
    free_pending_.pop_back();
    pending_[index] = asker;
    clock_->schedule(at, *this, u64(index) << 8 | kAnswerEvent);
}

void Dram::event(u64 argument, Cycle now) {
    const u64 what = argument & 0xff, value = argument >> 8;
    if (what != kAnswerEvent) {
        channels_[what]->wake(value);
        return;
    }
    const DramAsker done = pending_[value];
    free_pending_.push_back(u32(value));
    data_version = done.version;
    done.client->memory_done(done.tag, now);
}

}  // namespace sim
