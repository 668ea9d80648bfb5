// SPDX-License-Identifier: BSD-3-Clause
// 2Bc-gskew: vote, choose, and the partial update at commit.
#include "predictor/gskew_direction.hh"

namespace sim {
COMPONENT(GskewDirection,
          "The CG-OoO papers' 2Bc-gskew hybrid: bimodal, two skewed tables, majority vote, chooser.");

GskewDirection::GskewDirection(const Params &params)
    : params_(params), history_(params.history_length, params.jumps_in_history) {
    require_power_of_two("GskewDirection", "bim_entries", params.bim_entries, 1 << 24);
    require_power_of_two("GskewDirection", "gskew_entries", params.gskew_entries, 1 << 24);
    require_power_of_two("GskewDirection", "meta_entries", params.meta_entries, 1 << 24);
    require_range("GskewDirection", "history_length", params.history_length, 1, 31);
    require_range("GskewDirection", "g0_rotation", params.g0_rotation, 0, params.history_length);
    require_range("GskewDirection", "g1_rotation", params.g1_rotation, 0, params.history_length);
    bim_.assign(params.bim_entries, 1);
    g0_.assign(params.gskew_entries, 1);
    g1_.assign(params.gskew_entries, 1);
    meta_.assign(params.meta_entries, 1);
}

u32 GskewDirection::rotated(u32 history, u32 by) const {
    const u32 length = params_.history_length;
    return (history << by | history >> (length - by)) & u32((u64{1} << length) - 1);
}

GskewDirection::Lookup GskewDirection::look_up(Address pc, u32 history) {
    const u32 key = u32(pc_key(pc));
    return {bim_[key & (params_.bim_entries - 1)],
            g0_[(key ^ rotated(history, params_.g0_rotation)) & (params_.gskew_entries - 1)],
            g1_[(key ^ rotated(history, params_.g1_rotation)) & (params_.gskew_entries - 1)],
            meta_[(key ^ history) & (params_.meta_entries - 1)]};
}

bool GskewDirection::predict(Address pc, PredictorState &state) {
    const auto history = history_.take(true);
    store(history, state);
    const Lookup counters = look_up(pc, history.bits);
    ++stats.lookups;
    stats.vote_predictions += counters.chooses_vote();
    return counters.taken();
}

// Strengthens what took part in a right prediction: BIM alone if it was chosen, else the tables that voted
// right.
void GskewDirection::strengthen(const Lookup &counters, bool taken) {
    if (!counters.chooses_vote()) return write(counters.bim, taken, stats.table_writes);
    for (u8 *counter : {&counters.bim, &counters.g0, &counters.g1})
        if ((*counter >= 2) == taken) write(*counter, taken, stats.table_writes);
}

void GskewDirection::train(Address pc, bool taken, const PredictorState &state) {
    const Lookup counters = look_up(pc, load<ShortHistory::Snapshot>(state).bits);
    const bool bimodal = counters.bimodal(), vote = counters.vote(), was_right = counters.taken() == taken;
    const bool unanimous = bimodal == (counters.g0 >= 2) && bimodal == (counters.g1 >= 2);
    if (was_right && unanimous) return;
    if (bimodal != vote) write(counters.meta, vote == taken, stats.meta_writes);
    // After a misprediction the chooser, just trained, is asked again: if it now picks the right side, nobody
    // needs to be forced over.
    if (was_right || counters.taken() == taken) return strengthen(counters, taken);
    for (u8 *counter : {&counters.bim, &counters.g0, &counters.g1})
        write(*counter, taken, stats.table_writes);
}

}   // namespace sim
