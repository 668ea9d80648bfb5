// SPDX-License-Identifier: BSD-3-Clause
// Versions of lines: right hierarchies pass, whatever their policies; wrong ones are caught at the first old copy used.
#include <cstring>
#include "cache/cache_rig.hh"
#include "memory/bus.hh"
#include "memory/dram.hh"
#include "memory/fixed_latency_memory.hh"

namespace sim::test {
namespace {

Cache::Params level(Memory &next, u64 size, u32 ways, bool inclusive, Replacement *policy) {
    return params<Cache>([&](auto &p) {
        p.next = &next, p.size = size, p.ways = ways, p.inclusive = inclusive, p.replacement = policy;
        p.hit_latency = 4, p.tag_latency = 2, p.mshrs = 6, p.mshr_targets = 3, p.write_buffer_entries = 2;
    });
}

// Stands between two levels of which the lower answers at once, and may forget what it should pass on.
class Careless final : public Model<Careless, Memory> {
  public:
    struct Params : Described<Params> {};
    struct Stats : Described<Stats> {};
    explicit Careless(Memory &next) : next_(next) {}
    Cycle access(const MemoryRequest &request, Cycle now) override {
        if (loses_writebacks && request.kind == AccessKind::Writeback) return now + 1;
        if (delays_writebacks && request.kind == AccessKind::Writeback) {
            held_.push_back(request);
            return now + 1;
        }
        const Cycle answer = next_.access(request, now);
        data_version = next_.data_version;
        return answer;
    }
    void release(Cycle now) {
        for (const MemoryRequest &request : held_) next_.access(request, now);
        held_.clear();
    }
    const Params &params() const { return params_; }

    Stats stats;
    bool loses_writebacks = false, delays_writebacks = false;

  private:
    Memory &next_;
    std::vector<MemoryRequest> held_;
    const Params params_{};
};

// An instruction and a data cache on a second level, all with versions.
template <class Main> struct Checked {
    explicit Checked(bool inclusive = false, Replacement *policy = nullptr, bool with_bus = false)
        : l2(level(std::is_same_v<Main, Dram> ? static_cast<Memory &>(memory) : gap, 2048, 4, inclusive, policy)),
          bus(params<Bus>([&](auto &p) { p.next = &l2; })),
          fetches(level(with_bus ? static_cast<Memory &>(bus) : l2, 512, 2, false, policy)),
          data(level(with_bus ? static_cast<Memory &>(bus) : l2, 512, 4, false, policy)) {
        data.path = "core.l1d";
        for (Memory *part : std::initializer_list<Memory *>{&memory, &gap, &l2, &bus, &fetches, &data}) {
            part->attach(clock);
            part->track_versions(versions);
        }
    }
    // Loads and stores by the one cache, fetches (with fences) and prefetches by the other, of the same lines.
    void random_traffic(u32 accesses, u32 lines, u64 x) {
        for (u32 i = 0; i < accesses; ++i) {
            x = x * 6364136223846793005u + 1442695040888963407u;
            const Address address = (x >> 40) % lines * kLine;
            const u32 what = (x >> 20) % 16;
            if (what < 5) {
                if (source.ask(data, address, AccessKind::Write) != kBusy) writes.push_back(source.asked() - 1);
            }
            if (what >= 5 && what < 11) source.ask(data, address);
            if (what >= 11 && what < 14) source.ask(fetches, address, AccessKind::Fetch);
            if (what == 14) source.ask(fetches, address, AccessKind::Prefetch);
            if (what == 15 && (x >> 30) % 8 == 0) fence();
            if ((x >> 58) % 4 == 0) source.run((x >> 50) % 64);
        }
        source.run_until_idle();
    }
    void fence() {   // as a core does it: stores first
        for (bool stores = true; stores; source.run(1)) {
            stores = false;
            for (const u32 tag : writes) stores |= source.ready(tag) == kNever;
        }
        writes.clear();
        fetches.instruction_fence(clock.now);
    }

    Clock clock;
    LineVersions versions;
    Source source{clock};
    std::vector<u32> writes;   // tags of stores since the last fence
    Main memory{typename Main::Params{}};
    Careless gap{memory};
    Cache l2;
    Bus bus;
    Cache fetches, data;
};

template <class Run> std::string bug_of(const Run &run) {
    try {
        run();
    } catch (const SimulatorBug &bug) {
        return bug.what();
    }
    return "";
}

TEST(LineVersions, RandomTrafficNeverUsesAnOldCopyWhateverThePolicies) {
    Lru lru({});
    TreePlru tree({});
    Nru nru({});
    Srrip srrip({});
    RandomReplacement random({});
    for (Replacement *policy : std::initializer_list<Replacement *>{nullptr, &lru, &tree, &nru, &srrip, &random})
        for (const bool inclusive : {false, true})
            for (const bool with_bus : {false, true}) {
                Checked<FixedLatencyMemory> fixed(inclusive, policy, with_bus);
                fixed.random_traffic(4000, 70, 5);
                EXPECT_GT(fixed.data.stats.writebacks, 100u);
                EXPECT_GT(fixed.l2.stats.writebacks, 100u);
                EXPECT_GT(fixed.data.stats.shared_lines, 10u);
                Checked<Dram> dram(inclusive, policy, with_bus);
                dram.random_traffic(4000, 70, 6);
                EXPECT_GT(dram.memory.stats.read_forwards + dram.memory.stats.write_merges, 0u);
            }
}

TEST(LineVersions, LostWritebackIsCaughtAtTheNextLoadOfTheLine) {
    Checked<FixedLatencyMemory> h;
    h.gap.loses_writebacks = true;
    EXPECT_NE(bug_of([&] { h.random_traffic(4000, 70, 7); }), "");
    Checked<FixedLatencyMemory> exact;
    exact.gap.loses_writebacks = true;
    exact.source.wait_for(exact.data, 0x40, AccessKind::Write);
    for (Address a = 0x440; a < 0x4040; a += 0x200) exact.source.wait_for(exact.data, a);
    exact.source.run_until_idle();
    ASSERT_FALSE(exact.data.probe(0x40) || exact.l2.probe(0x40));
    const std::string bug = bug_of([&] { exact.source.wait_for(exact.data, 0x48); });
    EXPECT_NE(bug.find("core.l1d: the copy read of line 0x40 is version 0; the newest is 1 (cycle"), std::string::npos)
        << bug;
}

TEST(LineVersions, AnswerThatOvertakesAWritebackIsCaught) {
    Checked<FixedLatencyMemory> h;
    h.gap.delays_writebacks = true;
    EXPECT_NE(bug_of([&] {
                  for (u32 round = 0; round < 50; ++round) {
                      h.random_traffic(100, 70, round);
                      h.gap.release(h.clock.now);
                  }
              }),
              "");
}

TEST(LineVersions, SecondWriterOfALineIsCaught) {
    Checked<FixedLatencyMemory> h;
    h.source.wait_for(h.data, 0);
    h.source.wait_for(h.fetches, 0);
    h.source.wait_for(h.data, 0, AccessKind::Write);
    EXPECT_NE(bug_of([&] { h.source.ask(h.fetches, 0, AccessKind::Write); }).find("two writers"), std::string::npos);
    EXPECT_NE(bug_of([&] { h.source.ask(h.fetches, 0); }).find("copy read"), std::string::npos);
}

TEST(LineVersions, FetchMayBeOldUntilTheFenceAndNotAfterIt) {
    Checked<FixedLatencyMemory> h;
    h.source.wait_for(h.fetches, 0, AccessKind::Fetch);
    h.source.wait_for(h.data, 0, AccessKind::Write);
    EXPECT_EQ(bug_of([&] { h.source.wait_for(h.fetches, 0, AccessKind::Fetch); }), "");
    h.versions.instruction_fence();   // the fence's meaning, without what a core does to the cache
    EXPECT_NE(bug_of([&] { h.source.wait_for(h.fetches, 0, AccessKind::Fetch); }).find("copy fetched"),
              std::string::npos);
}

TEST(LineVersions, FetchAfterAFenceTakesTheNewerLineFromTheDataCacheWhichKeepsACleanOne) {
    Checked<FixedLatencyMemory> h;
    h.source.wait_for(h.fetches, 0, AccessKind::Fetch);
    h.source.wait_for(h.data, 0, AccessKind::Write);
    h.fence();
    EXPECT_FALSE(h.fetches.probe(0));
    h.source.wait_for(h.fetches, 0, AccessKind::Fetch);
    EXPECT_TRUE(h.data.probe(0));
    EXPECT_EQ(h.data.stats.shared_lines, 1u);
    h.data.invalidate_all(h.clock.now);
    h.source.run_until_idle();
    EXPECT_EQ(h.data.stats.writebacks, 0u);
    EXPECT_EQ(h.versions.newest(0), 1u);
}

TEST(LineVersions, DeviceSeesTheNewestLineAndItsStoreReachesTheNextLoad) {
    for (const bool with_bus : {false, true}) {
        Checked<FixedLatencyMemory> h(false, nullptr, with_bus);
        Memory &port = with_bus ? static_cast<Memory &>(h.bus) : h.l2;
        h.source.wait_for(h.data, 0, AccessKind::Write);
        h.source.wait_for(port, 0);                        // the newest is in the data cache
        EXPECT_EQ(h.data.stats.shared_lines, 1u);
        h.source.wait_for(port, 0, AccessKind::Write);
        EXPECT_FALSE(h.data.probe(0));
        EXPECT_EQ(h.versions.newest(0), 2u);
        EXPECT_EQ(bug_of([&] { h.source.wait_for(h.data, 0); }), "");
    }
}

TEST(LineVersions, TrackingChangesNoStatistic) {
    Checked<FixedLatencyMemory> tracked;
    FixedLatencyMemory memory{{}};
    Cache l2(level(memory, 2048, 4, false, nullptr)), fetches(level(l2, 512, 2, false, nullptr)),
        data(level(l2, 512, 4, false, nullptr));
    Clock clock;
    Source source{clock};
    for (Memory *part : std::initializer_list<Memory *>{&memory, &l2, &fetches, &data}) part->attach(clock);
    u64 x = 9;
    for (u32 i = 0; i < 5000; ++i) {
        x = x * 6364136223846793005u + 1442695040888963407u;
        const Address address = (x >> 40) % 70 * kLine;
        const AccessKind kind = (x >> 20) % 3 ? AccessKind::Read : AccessKind::Write;
        const bool fetch = (x >> 30) % 3 == 0;
        tracked.source.ask(fetch ? tracked.fetches : tracked.data, address, fetch ? AccessKind::Fetch : kind);
        source.ask(fetch ? fetches : data, address, fetch ? AccessKind::Fetch : kind);
        tracked.source.run((x >> 50) % 8);
        source.run((x >> 50) % 8);
    }
    EXPECT_EQ(std::memcmp(&tracked.data.stats, &data.stats, sizeof data.stats), 0);
    EXPECT_EQ(std::memcmp(&tracked.fetches.stats, &fetches.stats, sizeof data.stats), 0);
    EXPECT_EQ(std::memcmp(&tracked.l2.stats, &l2.stats, sizeof data.stats), 0);
}

}  // namespace
}  // namespace sim::test
