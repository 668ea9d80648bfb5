// SPDX-License-Identifier: BSD-3-Clause
// Software and host arithmetic are two implementations of one standard: they agree wherever both apply.
#include <gtest/gtest.h>
#include <sstream>
#include "isa/host_float.hh"
#include "isa/soft_float.hh"
#include "isa/vectors.hh"

namespace sim {
namespace {

template <class F>
struct Result {
    typename F::Bits bits;
    u8 flags;
    bool operator==(const Result &) const = default;
};

template <class F, class Compute>
Result<F> result_of(Compute compute) {
    u8 flags = 0;
    typename F::Bits bits = compute(flags);
    return {F::is_nan(bits) ? F::kNan : bits, flags};
}

template <class F>
std::string difference(const char *operation, const Result<F> &soft, const Result<F> &host,
                       const test::Vector &v) {
    if (soft == host) return "";
    std::ostringstream text;
    text << operation << std::hex << " of " << v.rs1 << ' ' << v.rs2 << ' ' << v.rs3 << ": software "
         << u64(soft.bits) << " flags " << unsigned(soft.flags) << ", host " << u64(host.bits) << " flags "
         << unsigned(host.flags);
    return text.str();
}

template <class F>
void agree(bool is_single) {
    if (!kHostHasFlags) GTEST_SKIP() << "this host offers no exception flags";
    test::Random random(5);
    for (const test::Vector &v : test::float_vectors(is_single, 100000, random)) {
        auto a = F::unbox(v.rs1), b = F::unbox(v.rs2), c = F::unbox(v.rs3);
        auto x = F::host(a), y = F::host(b), z = F::host(c);
        auto compare = [&](const char *name, auto soft, auto host) {
            auto on_host = [&](u8 &flags) { return F::bits(host(flags)); };
            EXPECT_EQ(difference<F>(name, result_of<F>(soft), result_of<F>(on_host), v), "");
        };
        compare("add", [&](u8 &f) { return soft_add<F>(a, b, kNearestEven, f); },
                [&](u8 &f) { return host_add(x, y, f); });
        compare("multiply", [&](u8 &f) { return soft_multiply<F>(a, b, kNearestEven, f); },
                [&](u8 &f) { return host_multiply(x, y, f); });
        compare("divide", [&](u8 &f) { return soft_divide<F>(a, b, kNearestEven, f); },
                [&](u8 &f) { return host_divide(x, y, f); });
        compare("square root", [&](u8 &f) { return soft_square_root<F>(a, kNearestEven, f); },
                [&](u8 &f) { return host_square_root(x, x, f); });
        if (!host_multiplies_and_adds() || F::is_nan(c)) continue;   // hosts differ on infinity * 0 + NaN
        compare("multiply-add", [&](u8 &f) { return soft_multiply_add<F>(a, b, c, kNearestEven, f); },
                [&](u8 &f) { return host_multiply_add(x, y, z, f); });
    }
}

TEST(SoftFloat, SinglePrecisionAgreesWithTheHost) { agree<Single>(true); }
TEST(SoftFloat, DoublePrecisionAgreesWithTheHost) { agree<Double>(false); }

TEST(SoftFloat, TiesRoundAsTheModeSays) {
    const u64 one = Double::bits(1.0), half_step = Double::bits(0x1p-53),
              below = Double::bits(0x1.fffffffffffffp-54);
    const u64 next = one + 1;
    struct { u8 rounding; u64 positive, negative; } expected[] = {
        {kNearestEven, one, one}, {kTowardZero, one, one}, {kDown, one, next}, {kUp, next, one},
        {kNearestMaxMagnitude, next, next}};
    for (auto e : expected) {
        u8 flags = 0;
        EXPECT_EQ(soft_add<Double>(one, half_step, e.rounding, flags), e.positive) << unsigned(e.rounding);
        EXPECT_EQ(soft_add<Double>(one | Double::kSign, half_step | Double::kSign, e.rounding, flags),
                  e.negative | Double::kSign) << unsigned(e.rounding);
        EXPECT_EQ(flags, kInexact);
    }
    u8 flags = 0;
    EXPECT_EQ(soft_add<Double>(one, below, kNearestMaxMagnitude, flags), one);
}

TEST(SoftFloat, UnderflowIsDetectedAfterRounding) {
    u8 flags = 0;   // 53 bits just below the least normal number: tiny, though rounded up to it
    u64 least = Double::kHidden, factor = Double::bits(0x1.fffffffffffffp-1);
    EXPECT_EQ(soft_multiply<Double>(least, factor, kUp, flags), least);
    EXPECT_EQ(flags, kInexact | kUnderflow);
    flags = 0;
    EXPECT_EQ(soft_multiply_add<Double>(least, Double::bits(1.0), 1 | Double::kSign, kUp, flags), least - 1);
    EXPECT_EQ(flags, 0);   // exact subnormal results do not underflow
    flags = 0;
    u64 tiny_step = Double::bits(0x1p-60);
    EXPECT_EQ(soft_multiply_add<Double>(1 | Double::kSign, tiny_step, least, kUp, flags), least);
    EXPECT_EQ(flags, kInexact);   // an unbounded exponent would round to the least normal number, too
}

}  // namespace
}  // namespace sim
