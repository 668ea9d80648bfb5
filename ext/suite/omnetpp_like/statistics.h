// SPDX-License-Identifier: BSD-3-Clause
// What modules measure, and the report that adds it up over all modules of a kind.
#pragma once
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace net {

// Samples sorted into bins that double in width, four to a power of two.
class Histogram {
  public:
    Histogram() : bins_(kBins) {}
    void add(std::int64_t sample);
    void merge(const Histogram &other);
    std::int64_t mean() const { return count_ ? sum_ / count_ : 0; }
    std::int64_t count() const { return count_; }
    std::int64_t largest() const { return largest_; }
    // The lower edge of the bin that holds the given share (in thousandths) of the samples.
    std::int64_t quantile(int per_mille) const;

  private:
    static constexpr int kBins = 4 * 40;
    static int bin_of(std::int64_t sample);
    static std::int64_t lower_edge(int bin);

    std::vector<std::uint32_t> bins_;
    std::int64_t count_ = 0, sum_ = 0, largest_ = 0;
};

class Report {
  public:
    void add(const std::string &name, std::uint64_t value);
    void add(const std::string &name, const Histogram &histogram);
    void print() const;
    std::uint64_t digest() const { return digest_; }

  private:
    void mix(const std::string &name, std::uint64_t value);

    std::map<std::string, std::uint64_t> sums_;
    std::map<std::string, Histogram> histograms_;
    std::uint64_t digest_ = 0xcbf29ce484222325ull;
};

}  // namespace net
