// SPDX-License-Identifier: BSD-3-Clause
// How often the in-order core's fetch reads the instruction cache and the predictor's tables.
#include "inorder/inorder_rig.hh"

namespace sim::test {
namespace {

using namespace assembly;

// 64 instructions are four lines of four groups; behind them the ecall makes one more with the zero word, at which fetch
// stops. Groups that find no room wait as a whole.
TEST(InOrderFetch, EveryGroupIsReadOnceHoweverSlowlyItIsTaken) {
    Code code(64, mul(5, 5, 5));
    code.push_back(ecall());
    for (u32 latency : {1u, 3u, 20u})
        for (u32 entries : {1u, 2u, 3u, 5u, 16u}) {
            InOrderRig rig(code, [&](auto &core, auto &units) {
                core.fetch_queue_entries = entries;
                units.multiply_latency = latency;
            });
            rig.run();
            EXPECT_EQ(rig.stats().fetch_line_reads, 17u) << latency << " " << entries;
            EXPECT_EQ(rig.predictor.stats.group_lookups, 17u) << latency << " " << entries;
            EXPECT_EQ(rig.stats().fetched_instructions, 66u) << latency << " " << entries;
        }
}

// A queue of one entry behind the latches is enough to fetch a whole group in every cycle.
TEST(InOrderFetch, WaitingForAWholeGroupCostsNoBandwidth) {
    Code code;
    for (u32 n = 0; n < 400; ++n) code.push_back(addi(5 + n % 8, 0, i32(n)));
    code.push_back(ecall());
    InOrderRig rig(code, [](auto &core, auto &) { core.fetch_queue_entries = 1; });
    rig.run();
    EXPECT_EQ(rig.at(399, "commit") - rig.at(0, "commit"), 400 / 4 - 1);
}

}  // namespace
}  // namespace sim::test
