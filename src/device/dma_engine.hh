// SPDX-License-Identifier: BSD-3-Clause
// A device's way to memory: cuts transfers into lines, sends them through a port of its own, and keeps them coherent
// with the caches above that port. It knows bus addresses of granted ranges only.
#pragma once
#include <array>
#include <optional>
#include <set>
#include <vector>
#include "memory/inclusion.hh"
#include "memory/line_versions.hh"
#include "program/guest_device.hh"
#include "trace/device_timeline.hh"

namespace sim {

class DmaClient {
  public:
    // `ok` is false where the range was not granted, or the transfer was given up by stop().
    virtual void transfer_done(u32 tag, bool ok, Cycle now) = 0;

  protected:
    ~DmaClient() = default;
};

// Lines go out one a cycle in the order in which transfers began. A line that is read has the bytes of the cycle in
// which its answer comes; a line that is written is visible from the cycle in which the memory level takes it.
// Where DMA is not coherent the program cleans and invalidates lines itself. Data always come from guest memory, so a
// forgotten one changes no result: under --check it is reported instead, with the address, once a line.
// Not modelled: tag bandwidth that snoops take from the caches.
class DmaEngine final : public Model<DmaEngine, Component>,
                        public MemoryClient,
                        public EventHandler,
                        private StaleCopyListener {
  public:
    struct Params : Described<Params> {
        PARAM(u32, outstanding, 16, "lines", "requests that memory has not answered yet");
        PARAM(u32, transfers, 8, "transfers", "begun by the engine and not over");
        PARAM(bool, coherent, true, "",
              "whether caches are asked: reads get their dirty lines, writes take their copies");
        PARAM(u32, snoop_latency, 10, "cycles",
              "until the caches above have answered; memory works meanwhile");
        CHILD(Memory, memory, required, "level it reads and writes: a bus, or a cache that cores share");
    };
    struct Stats : Described<Stats> {
        STAT(transfers, "transfers", "begun");
        STAT(reads, "lines", "read from memory");
        STAT(writes, "lines", "written to memory, wholly or in part");
        STAT(bytes_read, "bytes", "handed to the device");
        STAT(bytes_written, "bytes", "received from the device");
        STAT(snoops, "lines", "looked up in the caches");
        STAT(snoop_writebacks, "lines", "dirty in a cache and written back first");
        STAT(cleaned_lines, "lines", "dirty in a cache and written back because the program said so (cbo.*)");
        STAT(snoop_invalidations, "lines", "taken from caches because the device wrote them");
        STAT(memory_rejections, "attempts", "turned away by memory");
        STAT(limit_cycles, "cycles", "in which a line waited for an answer to another");
        STAT(read_cycles, "cycles", "sum over lines read of the time from request to answer");
        STAT(busy_cycles, "cycles", "with a transfer under way");
        FORMULA(read_latency, "cycles/line", "mean time from request to answer", ratio(read_cycles, reads));
        FORMULA(bytes_per_cycle, "bytes/cycle", "while a transfer is under way",
                ratio(bytes_read + bytes_written, busy_cycles));
    };
    static constexpr u32 kReserved = 8;   // transfers of the queue itself, beside the engine's

    explicit DmaEngine(const Params &params);
    const Params &params() const { return params_; }

    // Transfers may use [bus, bus + bytes), which is guest memory from `guest` on.
    void connect(GuestMemory &memory) { memory_ = &memory; }
    void grant(Address bus, u64 bytes, Address guest) { grants_.push_back({bus, bytes, guest}); }
    bool is_granted(Address bus, u64 bytes) const { return translate(bus, bytes).has_value(); }

    // Data must live until client.transfer_done(tag), which comes in a later cycle. False: no place for it now.
    bool read(Address bus, u8 *into, u64 bytes, DmaClient &client, u32 tag) {
        return start(bus, into, nullptr, bytes, client, tag);
    }
    bool write(Address bus, const u8 *from, u64 bytes, DmaClient &client, u32 tag) {
        return start(bus, nullptr, from, bytes, client, tag);
    }

    // Sends nothing more for the transfers under way; each is over once its outstanding lines are.
    void stop();
    bool idle() const { return order_.empty() && free_transfers_.size() == transfers_.size(); }
    u32 lines_outstanding() const { return u32(lines_.size() - free_lines_.size()); }
    void draw_on(DeviceTimeline &timeline, u32 device) { timeline_ = &timeline, device_ = device; }
    // The program's cbo.clean, cbo.flush or cbo.inval (which flushes too, as its manual allows) of a guest line.
    void cache_block(CacheBlock what, Address address);
    void track_versions(LineVersions &versions) { versions_ = &versions; }
    void settle(Cycle now);   // brings the statistics of time up to date

    void memory_done(u32 tag, Cycle now) override;
    void event(u64 argument, Cycle now) override;

    Stats stats;

  private:
    struct Grant {
        Address bus;
        u64 bytes;
        Address guest;
    };
    struct Transfer {
        Address guest;
        u8 *into;   // null: a write
        const u8 *from;
        u64 bytes, sent;
        u32 lines;   // sent and not answered
        bool ok;
        DmaClient *client;
        u32 tag;
        Cycle begin;
    };
    struct Line {
        Address guest;
        u8 *into;
        u32 bytes, transfer;
        Cycle sent;
        u64 newest;   // version of the line when it was asked for, under --check
    };
    struct Owed {   // a line that a cache has given up to memory
        Address line;
        u64 version;
    };
    enum Event : u8 { Issue, Answer, Finish };

    bool start(Address bus, u8 *into, const u8 *from, u64 bytes, DmaClient &client, u32 tag);
    std::optional<Address> translate(Address bus, u64 bytes) const;
    void issue_at(Cycle at);
    void issue(Cycle now);
    enum class Sent : u8 { Yes, Busy, Later };
    Sent send(Transfer &transfer, u32 number, Cycle now);
    bool owe(Address line);
    u64 write_version(Address line);
    void check_read(const Line &line);
    void stale_copy(const std::string &where, const char *what, Address address) override;
    void answered(u32 line, Cycle now);
    void finish(u32 transfer, Cycle now);
    void schedule(Cycle at, Event what, u32 number) { clock_->schedule(at, *this, u64(number) << 2 | what); }

    const Params params_;
    LowerLevel *level_ = nullptr;   // the same as params_.memory, where it knows caches
    GuestMemory *memory_ = nullptr;
    std::vector<Grant> grants_;
    std::vector<Transfer> transfers_;
    std::vector<u32> free_transfers_;
    std::vector<u32> order_;   // transfers not wholly sent, oldest first
    std::vector<Line> lines_;
    std::vector<u32> free_lines_;
    std::vector<Owed> owed_;   // to be written back before anything else, oldest first
    LineVersions *versions_ = nullptr;   // null: not tracked
    std::set<std::pair<Address, std::string>> reported_;   // stale copies
    Cycle issue_cycle_ = kNever;   // of the pending Issue event
    Cycle waits_since_ = kNever;   // for a free line
    Cycle busy_since_ = kNever;
    DeviceTimeline *timeline_ = nullptr;
    u32 device_ = 0;
};

}   // namespace sim
