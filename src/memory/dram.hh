// SPDX-License-Identifier: BSD-3-Clause
// DDR main memory: banks with row buffers behind controllers that reorder requests.
#pragma once
#include <memory>
#include <vector>
#include "memory/clock_ratio.hh"
#include "memory/line_versions.hh"

namespace sim {

class DramChannel;

// Who waits for a read, and what it reads.
struct DramAsker {
    MemoryClient *client;
    u32 tag;
    u64 version;   // of the line, under --check
    Cycle asked;   // core cycle
};

class Dram final : public Model<Dram, Memory>, public EventHandler {
  public:
    // Timing parameters bear their JEDEC names; defaults are a DDR4-2400R (17-17-17) module of 8Gb x8
    // devices.
    struct Params : Described<Params> {
        PARAM(double, core_clock, 2.0, "GHz", "clock that cycles are counted in");
        PARAM(double, dram_clock, 1.2, "GHz", "command clock; data moves at both edges");
        PARAM(double, controller_latency, 10.0, "ns", "from a request until the controller may act on it");
        PARAM(double, return_latency, 5.0, "ns", "from the last data on the pins until the requester has it");
        PARAM(u32, channels, 1, "channels", "independent 64-bit channels");
        PARAM(u32, ranks, 1, "ranks", "ranks on a channel");
        PARAM(u32, bank_groups, 4, "groups", "bank groups in a rank");
        PARAM(u32, banks_per_group, 4, "banks", "banks in a group");
        PARAM(u32, rows, 65536, "rows", "rows in a bank");
        PARAM(u32, row_bytes, 8192, "bytes", "data in a row, over all devices of a rank");
        PARAM(u32, read_queue_entries, 32, "requests", "reads that a channel holds");
        PARAM(u32, write_queue_entries, 32, "requests", "writes that a channel holds");
        PARAM(u32, write_high_watermark, 24, "requests",
              "waiting writes that make a channel turn to writing");
        PARAM(u32, write_low_watermark, 8, "requests", "waiting writes at which it turns back to reading");
        PARAM(u32, row_hit_limit, 32, "accesses",
              "accesses to an open row before an older request may close it");
        PARAM(u32, burst_clocks, 4, "clocks", "data transfer of one line (BL8)");
        PARAM(u32, t_cl, 17, "clocks", "read command to first data");
        PARAM(u32, t_cwl, 12, "clocks", "write command to first data");
        PARAM(u32, t_rcd, 17, "clocks", "activate to read or write");
        PARAM(u32, t_rp, 17, "clocks", "precharge to activate");
        PARAM(u32, t_ras, 39, "clocks", "activate to precharge");
        PARAM(u32, t_rc, 56, "clocks", "activate to activate of the same bank");
        PARAM(u32, t_rrd_s, 4, "clocks", "activate to activate of another group");
        PARAM(u32, t_rrd_l, 6, "clocks", "activate to activate in the same group");
        PARAM(u32, t_faw, 26, "clocks", "window that holds at most four activates of a rank");
        PARAM(u32, t_ccd_s, 4, "clocks", "column command to column command of another group");
        PARAM(u32, t_ccd_l, 6, "clocks", "column command to column command in the same group");
        PARAM(u32, t_wr, 18, "clocks", "last written data to precharge");
        PARAM(u32, t_wtr_s, 3, "clocks", "last written data to a read of another group");
        PARAM(u32, t_wtr_l, 9, "clocks", "last written data to a read in the same group");
        PARAM(u32, t_rtp, 9, "clocks", "read to precharge");
        PARAM(u32, t_turnaround, 2, "clocks",
              "idle data bus between different senders: read to write, rank to rank");
        PARAM(u32, t_refi, 9360, "clocks", "between refreshes of a rank; 0: never");
        PARAM(u32, t_rfc, 420, "clocks", "refresh to activate");
    };
    struct Stats : Described<Stats> {
        STAT(reads, "lines", "reads taken");
        STAT(writes, "lines", "writebacks taken");
        STAT(read_forwards, "lines", "reads answered from the write queue");
        STAT(write_merges, "lines", "writes to a line that waited in the write queue already");
        STAT(read_bursts, "lines", "read commands");
        STAT(write_bursts, "lines", "write commands");
        STAT(row_hits, "lines", "bursts that found their row open");
        STAT(row_misses, "lines", "bursts that found their bank closed");
        STAT(row_conflicts, "lines", "bursts that found another row open");
        STAT(activates, "commands", "rows opened");
        STAT(precharges, "commands", "rows closed, by refreshes too");
        STAT(refreshes, "commands", "refreshes of a rank");
        STAT(write_drains, "phases", "turns from reading to writing");
        STAT(read_queue_rejections, "accesses", "reads turned away because the queue was full");
        STAT(write_queue_rejections, "accesses", "writes turned away because the queue was full");
        STAT(read_cycles, "cycles", "sum over answered read bursts of the time from request to data");
        FORMULA(row_hit_rate, "hits/burst", "share of bursts that found their row open",
                ratio(row_hits, read_bursts + write_bursts));
        FORMULA(read_latency, "cycles/read", "mean time from request to data",
                ratio(read_cycles, read_bursts));
    };

    explicit Dram(const Params &params);
    ~Dram() override;
    Cycle access(const MemoryRequest &request, Cycle now) override;
    void event(u64 argument, Cycle now) override;
    void track_versions(LineVersions &versions) override { versions_.track(versions); }
    const Params &params() const { return params_; }
    void list_structures(std::vector<Structure> &) const override;

    // For the channels; times are DRAM clocks.
    void wake_at(u64 clock, u32 channel);
    void answer(u64 data_end, const DramAsker &asker);

    Stats stats;

  private:
    const Params params_;
    const ClockRatio ratio_;
    Cycle controller_cycles_, return_cycles_;
    std::vector<std::unique_ptr<DramChannel>> channels_;
    std::vector<DramAsker> pending_;   // answers on their way; the event carries the index
    std::vector<u32> free_pending_;
    StoredVersions versions_;
};

}  // namespace sim
