// SPDX-License-Identifier: BSD-3-Clause
// Exact recovery: a predictor that fetched wrong paths must guess on as its twin that never did.
#include <gtest/gtest.h>
#include "lone_front_end.hh"

namespace sim::predicting {
namespace {

// A small program with all kinds of transfers whose outcomes depend on what happened before.
class RandomProgram {
  public:
    explicit RandomProgram(u32 seed) : random_(seed) {}

    Happening next() {
        const u64 die = random_() % 16, place = random_() % 40;
        const Address pc = 0x10000 + die * 0x400 + place * 10;
        if (die == 0) return call(pc, 0x40000 + place * 0x100);
        if (die == 1) return returning(pc, 0x10000 + random_() % 4 * 0x20);
        if (die == 2) return indirect(pc, 0x50000 + (past_ & 3) * 0x40);
        if (die == 3) return indirect(pc, 0x60000 + (past_ & 7) * 0x40, BranchKind::IndirectCall);
        if (die == 4) return jump(pc, 0x20000 + place * 8);
        // Few branches, and often the same one, so that loops and local histories have work.
        const Address at = 0x10000 + place % 6 * 12;
        const bool taken =
            at == 0x10000 ? ++trips_ % 7 != 0 : (past_ >> place % 6 & 1) ^ (random_() % 8 == 0);
        past_ = past_ << 1 | taken;
        return conditional(at, taken, place % 2 ? at - 32 : at + 64);
    }
    u64 dice(u64 sides) { return random_() % sides; }

  private:
    std::mt19937_64 random_;
    u64 past_ = 0, trips_ = 0;
};

void expect_same(const Prediction &a, const Prediction &b) {
    ASSERT_EQ(a.ticket, b.ticket);
    ASSERT_EQ(a.next, b.next);
    ASSERT_EQ(a.taken, b.taken);
    ASSERT_EQ(a.btb_hit, b.btb_hit);
}

// Fetches `count` transfers that will never have been; some are decoded or resolved on the way.
void wander(LoneFrontEnd &front, RandomProgram &garbage, u64 count) {
    const u64 first = front->next_ticket();
    while (front->next_ticket() < first + count) {
        const Happening h = garbage.next();
        const Prediction p = front->predict(h.branch);
        if (garbage.dice(6) == 0) front->decode_redirect(first + garbage.dice(p.ticket - first + 1));
        const u64 flying = front->next_ticket() - first;
        if (garbage.dice(9) == 0) front->resolve(first + garbage.dice(flying), h.taken, h.next);
        if (garbage.dice(40) == 0) break;
    }
}

struct Flight {
    Prediction guess;
    Happening truth;
};

// `real` strays at random; `twin` never does. Both commit up to 40 transfers late.
void compare_twins(LoneFrontEnd &real, LoneFrontEnd &twin, u32 seed, u64 transfers) {
    RandomProgram program(seed), garbage(seed + 1000);
    std::vector<Flight> flights;
    for (u64 n = 0; n < transfers; ++n) {
        const Happening h = program.next();
        if (garbage.dice(3) == 0) {   // squashed from outside, for instance by a memory-order violation
            const u64 from = real->next_ticket();
            if (garbage.dice(2)) real->predict(h.branch);
            wander(real, garbage, 1 + garbage.dice(30));
            real->squash(from);
        }
        Prediction p = real->predict(h.branch), q = twin->predict(h.branch);
        expect_same(p, q);
        if (!p.btb_hit && garbage.dice(2)) {
            wander(real, garbage, garbage.dice(8));
            p = real->decode_redirect(p.ticket);
            real->squash(p.ticket + 1);   // done by a redirect, but not where the guess stays the same
            q = twin->decode_redirect(q.ticket);
            expect_same(p, q);
        }
        if (p.next != h.next) {
            wander(real, garbage, garbage.dice(50));
            real->resolve(p.ticket, h.taken, h.next);
            twin->resolve(q.ticket, h.taken, h.next);
        }
        flights.push_back({p, h});
        const u64 left = garbage.dice(41);
        while (flights.size() > left) {
            if (garbage.dice(4) == 0) {   // train while a wrong path is in flight
                const u64 from = real->next_ticket();
                wander(real, garbage, 1 + garbage.dice(20));
                real->commit(flights[0].guess.ticket, flights[0].truth.taken, flights[0].truth.next);
                real->squash(from);
            } else {
                real->commit(flights[0].guess.ticket, flights[0].truth.taken, flights[0].truth.next);
            }
            twin->commit(flights[0].guess.ticket, flights[0].truth.taken, flights[0].truth.next);
            flights.erase(flights.begin());
        }
        if (testing::Test::HasFatalFailure()) return;
    }
}

TEST(Recovery, WrongPathsLeaveNoMarkOnAnyPredictor) {
    for (const NamedPredictor &kind : kPredictors)
        for (u32 seed = 1; seed <= 3; ++seed) {
            SCOPED_TRACE(kind.name);
            BranchPredictor::Params params;
            params.btb_entries = 256;
            params.btb_ways = 2;
            params.btb_tag_bits = 6;
            params.return_stack_entries = 5;
            LoneFrontEnd real(kind.make(), true, params), twin(kind.make(), true, params);
            real->set_capacity(256);
            compare_twins(real, twin, seed, 15000);
            EXPECT_GT(real->stats.lookups, twin->stats.lookups * 2);
            EXPECT_EQ(real->stats.conditional_mispredictions, twin->stats.conditional_mispredictions);
            EXPECT_EQ(real->stats.indirect_mispredictions, twin->stats.indirect_mispredictions);
            EXPECT_EQ(real->stats.btb_updates, twin->stats.btb_updates);
        }
}

TEST(Recovery, HistoriesSurviveTheDeepestPossibleSquash) {
    for (const NamedPredictor &kind : kPredictors) {
        SCOPED_TRACE(kind.name);
        LoneFrontEnd real(kind.make(), true), twin(kind.make(), true);
        real->set_capacity(kMaxInFlight);
        RandomProgram program(5), garbage(6);
        for (int i = 0; i < 4000; ++i) {
            const Happening h = program.next();
            expect_same(real.pass(h), twin.pass(h));
            if (i % 1000 != 999) continue;
            const u64 from = real->next_ticket();
            for (u32 k = 0; k < kMaxInFlight; ++k) real->predict(garbage.next().branch);
            real->squash(from);
        }
    }
}

TEST(Recovery, AResolvedBranchEntersHistoryWithItsTrueOutcome) {
    // The watched branch repeats the one before it, which is random: only a repaired history can tell.
    std::mt19937 random(7);
    for (const NamedPredictor &kind : kPredictors) {
        if (kind.name == std::string("StaticDirection") || kind.name == std::string("Bimodal")) continue;
        SCOPED_TRACE(kind.name);
        std::vector<Happening> story;
        for (int i = 0; i < 8000; ++i) {
            const bool taken = random() & 1;
            story.push_back(conditional(0x1000, taken));
            story.push_back(conditional(0x2000, taken));
        }
        LoneFrontEnd front(kind.make());
        EXPECT_LT(miss_share(front, story, 0x2000), 0.01);
    }
}

}   // namespace
}   // namespace sim::predicting
