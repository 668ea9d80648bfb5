// SPDX-License-Identifier: BSD-3-Clause
// How often the out-of-order core's fetch reads the instruction cache and the predictor's tables.
#include "ooo/ooo_rig.hh"

namespace sim::test {
namespace {

using namespace assembler;

struct Reads {
    u64 lookups, lines;
};
// A loop of five multiplications in a row, a count and a branch, in one line; the queue behind fetch is always full.
Reads reads_of(u32 rounds, u32 queue_entries) {
    Code code = {addi(5, 0, i32(rounds))};
    for (u32 n = 0; n < 5; ++n) code.push_back(mul(6, 6, 6));
    code.push_back(addi(5, 5, -1));
    code.push_back(bne(5, 0, -24));
    code.push_back(kEcall);
    OooRig rig(code, [&](OooSettings &s) {
        s.learns = true;
        s.core.rob_entries = 8;
        s.core.fetch_queue_entries = queue_entries;
    });
    rig.run();
    return {rig.core->params().predictor->stats.group_lookups, rig.core->stats.fetch_line_reads};
}

TEST(OutOfOrderFetch, ALoopOfSevenIsTwoGroupsARoundHoweverFullTheQueue) {
    for (u32 entries : {1u, 2u, 3u, 8u}) {
        const Reads few = reads_of(100, entries), many = reads_of(200, entries);
        EXPECT_EQ(many.lookups - few.lookups, 2 * 100u) << entries;
        EXPECT_EQ(many.lines - few.lines, 2 * 100u) << entries;
    }
}

}  // namespace
}  // namespace sim::test
