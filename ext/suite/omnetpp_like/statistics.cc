// SPDX-License-Identifier: BSD-3-Clause
// Histograms and the final report.
#include "statistics.h"

#include <algorithm>
#include <cstdio>

namespace net {

int Histogram::bin_of(std::int64_t sample)
{
    if (sample < 4)
        return sample < 0 ? 0 : static_cast<int>(sample);
    const int power = 63 - __builtin_clzll(static_cast<std::uint64_t>(sample));
    return std::min(4 * (power - 1) + static_cast<int>(sample >> (power - 2) & 3), kBins - 1);
}

std::int64_t Histogram::lower_edge(int bin)
{
    return bin < 4 ? bin : static_cast<std::int64_t>(4 + bin % 4) << (bin / 4 - 1);
}

void Histogram::add(std::int64_t sample)
{
    ++bins_[bin_of(sample)];
    ++count_;
    sum_ += sample;
    largest_ = std::max(largest_, sample);
}

void Histogram::merge(const Histogram &other)
{
    for (int bin = 0; bin < kBins; ++bin)
        bins_[bin] += other.bins_[bin];
    count_ += other.count_;
    sum_ += other.sum_;
    largest_ = std::max(largest_, other.largest_);
}

std::int64_t Histogram::quantile(int per_mille) const
{
    std::int64_t seen = 0;
    for (int bin = 0; bin < kBins; ++bin) {
        seen += bins_[bin];
        if (seen * 1000 >= count_ * per_mille)
            return lower_edge(bin);
    }
    return largest_;
}

void Report::mix(const std::string &name, std::uint64_t value)
{
    digest_ = (digest_ ^ value ^ name.size() << 56) * 0x100000001b3ull;
}

void Report::add(const std::string &name, std::uint64_t value)
{
    sums_[name] += value;
    mix(name, value);
}

void Report::add(const std::string &name, const Histogram &histogram)
{
    histograms_[name].merge(histogram);
    mix(name, static_cast<std::uint64_t>(histogram.mean()) ^ static_cast<std::uint64_t>(histogram.largest()));
}

void Report::print() const
{
    for (const auto &[name, sum] : sums_)
        std::printf("  %-28s %llu\n", name.c_str(), static_cast<unsigned long long>(sum));
    for (const auto &[name, histogram] : histograms_)
        std::printf("  %-28s count %lld mean %lld median %lld p99 %lld max %lld\n", name.c_str(),
                    static_cast<long long>(histogram.count()), static_cast<long long>(histogram.mean()),
                    static_cast<long long>(histogram.quantile(500)),
                    static_cast<long long>(histogram.quantile(990)),
                    static_cast<long long>(histogram.largest()));
}

}  // namespace net
