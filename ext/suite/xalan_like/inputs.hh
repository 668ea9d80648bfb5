// SPDX-License-Identifier: BSD-3-Clause
// What the benchmark works on: generated catalogues, stylesheets and a set of XPath queries.
#pragma once
#include "parser.hh"
#include "xpath.hh"

namespace xalan {

// Our own generator, so every machine sees the same documents.
class Random {
public:
    explicit Random(uint64_t seed) : state_(seed * 0x9e3779b97f4a7c15ull + 0x1234567) {}
    uint32_t below(uint32_t limit) {
        state_ ^= state_ << 13;
        state_ ^= state_ >> 7;
        state_ ^= state_ << 17;
        return static_cast<uint32_t>((state_ >> 32) % limit);
    }

private:
    uint64_t state_;
};

// One catalogue in the given encoding.
string make_catalogue(Random& random, Encoding encoding, int items);

extern const char* const kStylesheets[];
extern const int kStylesheetCount;

// Expressions over all axes, node tests, operators and functions.
std::vector<string> make_queries();

}  // namespace xalan
