// SPDX-License-Identifier: BSD-3-Clause
// Bimodal: look up and train one counter.
#include "predictor/bimodal.hh"
#include "predictor/history.hh"

namespace sim {
COMPONENT(Bimodal, "A 2-bit counter for each branch address, without history.");

Bimodal::Bimodal(const Params &params) : params_(params) {
    require_power_of_two("Bimodal", "entries", params.entries, 1 << 24);
    counters_.assign(params.entries, 1);
}

bool Bimodal::predict(Address pc, PredictorState &) {
    ++stats.lookups;
    return counters_[pc_key(pc) & (params_.entries - 1)] >= 2;
}

void Bimodal::train(Address pc, bool taken, const PredictorState &) {
    ++stats.table_writes;
    count(counters_[pc_key(pc) & (params_.entries - 1)], taken);
}

}   // namespace sim
