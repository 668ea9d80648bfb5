// SPDX-License-Identifier: BSD-3-Clause
// Gshare: look up and train one counter.
#include "predictor/gshare.hh"

namespace sim {
COMPONENT(Gshare, "2-bit counters indexed by branch address xor global history.");

Gshare::Gshare(const Params &params)
    : params_(params), history_(params.history_length, params.jumps_in_history) {
    require_power_of_two("Gshare", "entries", params.entries, 1 << 24);
    require_range("Gshare", "history_length", params.history_length, 0, std::bit_width(params.entries) - 1);
    counters_.assign(params.entries, 1);
}

bool Gshare::predict(Address pc, PredictorState &state) {
    ++stats.lookups;
    const auto history = history_.take(true);
    store(history, state);
    return counters_[index(pc, history.bits)] >= 2;
}

void Gshare::train(Address pc, bool taken, const PredictorState &state) {
    ++stats.table_writes;
    count(counters_[index(pc, load<ShortHistory::Snapshot>(state).bits)], taken);
}

}   // namespace sim
