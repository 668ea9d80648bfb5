// SPDX-License-Identifier: BSD-3-Clause
// TageScl: TAGE proposes, the corrector may overrule it, a confident loop prediction has the last word.
#include "predictor/tage_scl.hh"

namespace sim {
COMPONENT(TageScl, "TAGE with statistical corrector and loop predictor, 64 KB class.");

TageScl::TageScl(const Params &params)
    : params_(params),
      tables_({params.tables, params.table_entries, params.base_entries, params.least_tag_bits,
               params.most_tag_bits, params.least_history, params.most_history}),
      corrector_(params.corrector_entries, params.local_entries),
      loops_(params.loop_entries) {}

u64 TageScl::storage_bits() const {
    return tables_.storage_bits() + corrector_.storage_bits() + loops_.storage_bits() + 7;
}

bool TageScl::predict(Address pc, PredictorState &state) {
    ++stats.lookups;
    Snapshot s;
    s.tage = tables_.predict(pc);
    s.corrector = corrector_.predict(pc, s.tage);
    s.loop = loops_.predict(pc);
    s.taken = s.loop.confident && trust_loops_ >= 0 ? s.loop.taken : s.corrector.taken;
    store(s, state);
    return s.taken;
}

void TageScl::save(PredictorState &state) {
    Snapshot s{};
    s.tage = tables_.save();
    s.corrector = corrector_.save();
    s.loop.mark = loops_.mark();
    store(s, state);
}

void TageScl::speculate(Address pc, Address next, bool taken) {
    tables_.speculate(pc, next, taken);
    if (!tables_.conditional()) return;
    corrector_.speculate(pc, next, taken);
    loops_.speculate(pc, taken);
}

void TageScl::restore(const PredictorState &state) {
    const Snapshot s = load<Snapshot>(state);
    tables_.restore(s.tage);
    corrector_.restore(s.corrector);
    loops_.restore(s.loop.mark);
}

void TageScl::train(Address pc, bool taken, const PredictorState &state) {
    const Snapshot s = load<Snapshot>(state);
    if (s.loop.confident && s.loop.taken != s.corrector.taken) {
        count_signed(trust_loops_, s.loop.taken == taken, 7);
        stats.loop_predictions += s.taken == s.loop.taken;
        stats.right_loop_predictions += s.taken == s.loop.taken && s.taken == taken;
    }
    stats.corrections += s.corrector.taken != s.tage.taken;
    stats.right_corrections += s.corrector.taken != s.tage.taken && s.corrector.taken == taken;
    loops_.train(pc, taken, s.loop, s.corrector.taken != taken);
    corrector_.train(pc, taken, s.tage, s.corrector);
    stats.allocations += tables_.train(pc, taken, s.tage);
}

}   // namespace sim
