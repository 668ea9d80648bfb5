// SPDX-License-Identifier: BSD-3-Clause
// Tage: TageTables behind the predictor's interface.
#include "predictor/tage.hh"

namespace sim {
COMPONENT(Tage, "Tagged tables with geometrically longer global histories over a bimodal base.");

Tage::Tage(const Params &params)
    : params_(params),
      tables_({params.tables, params.table_entries, params.base_entries, params.least_tag_bits,
               params.most_tag_bits, params.least_history, params.most_history}) {}

bool Tage::predict(Address pc, PredictorState &state) {
    const auto lookup = tables_.predict(pc);
    store(lookup, state);
    ++stats.lookups;
    stats.base_predictions += lookup.answer.provider < 0;
    return lookup.taken;
}

void Tage::train(Address pc, bool taken, const PredictorState &state) {
    stats.allocations += tables_.train(pc, taken, load<TageTables::Lookup>(state));
}

}   // namespace sim
