// SPDX-License-Identifier: BSD-3-Clause
// The predictions of ways.
#include "cache/way_prediction.hh"
#include <bit>
#include <utility>

namespace sim {

COMPONENT(NearWay, "Way prediction: always the nearest way.");
COMPONENT(MruWay, "Way prediction: the most recently used way of the set.");
COMPONENT(PcWayTable, "Way prediction: the way that the same instruction used last.");
COMPONENT(NearIfHot, "Way prediction: the nearest way where it holds a hot line, else another prediction's guess.");
COMPONENT(ChosenWay, "Way prediction: one of two, by counters of which was right for the instruction.");

namespace {

void check_entries(const char *name, u32 entries) {
    if (!std::has_single_bit(entries))
        throw ConfigError(std::string(name) + ": entries=" + std::to_string(entries) + "; it must be a power of two");
}

}  // namespace

void WayPrediction::begin(u32 sets, u32 ways, const std::string &owner) {
    if (ways_)
        throw ConfigError(std::string(type_name()) + ": belongs to another cache already; give " + owner +
                          " one of its own");
    if (ways > 256) throw ConfigError(std::string(type_name()) + ": more than 256 ways cannot be predicted");
    sets_ = sets;
    ways_ = ways;
    prepare(sets, ways, owner);
}

u32 WayPrediction::way_bits() const { return std::max(1u, u32(std::bit_width(ways_ - 1))); }

NearWay::NearWay(const Params &params) : params_(params) {}
u32 NearWay::guess(const WayQuestion &) { return 0; }

MruWay::MruWay(const Params &params) : params_(params) {}
u32 MruWay::guess(const WayQuestion &question) {
    ++stats.table_reads;
    return last_[question.set];
}
void MruWay::remember(u32 set, u32 way) {
    if (last_[set] == way) return;
    last_[set] = u8(way);
    ++stats.table_writes;
}
void MruWay::swapped(u32 set, u32 way, u32 other) {
    if (last_[set] == way) remember(set, other);
    else if (last_[set] == other) remember(set, way);
}

PcWayTable::PcWayTable(const Params &params) : params_(params) { check_entries("PcWayTable", params.entries); }
u32 PcWayTable::guess(const WayQuestion &question) {
    ++stats.table_reads;
    return last_[index(question.pc)];
}
void PcWayTable::used(const WayQuestion &question, u32 way) {
    u8 &last = last_[index(question.pc)];
    if (last == way) return;
    last = u8(way);
    ++stats.table_writes;
}

NearIfHot::NearIfHot(const Params &params) : params_(params) {}
u32 NearIfHot::guess(const WayQuestion &question) {
    return question.near_is_hot ? 0 : params_.otherwise->guess(question);
}

ChosenWay::ChosenWay(const Params &params) : params_(params) { check_entries("ChosenWay", params.entries); }
void ChosenWay::prepare(u32 sets, u32 ways, const std::string &owner) {
    counters_.assign(params_.entries, 1);
    params_.first->begin(sets, ways, owner);
    params_.second->begin(sets, ways, owner);
}
u32 ChosenWay::guess(const WayQuestion &question) {
    ++stats.table_reads;
    first_guess_ = params_.first->guess(question);
    second_guess_ = params_.second->guess(question);
    was_asked_ = true;
    return counters_[index(question.pc)] >= 2 ? second_guess_ : first_guess_;
}
void ChosenWay::used(const WayQuestion &question, u32 way) {
    u8 &counter = counters_[index(question.pc)];
    const u8 before = counter;
    const bool first = first_guess_ == way, second = second_guess_ == way;
    if (was_asked_ && second && !first && counter < 3) ++counter;
    if (was_asked_ && first && !second && counter > 0) --counter;
    was_asked_ = false;
    stats.table_writes += counter != before;
    params_.first->used(question, way);
    params_.second->used(question, way);
}
void ChosenWay::filled(u32 set, u32 way) {
    params_.first->filled(set, way);
    params_.second->filled(set, way);
}
void ChosenWay::swapped(u32 set, u32 way, u32 other) {
    params_.first->swapped(set, way, other);
    params_.second->swapped(set, way, other);
}

}  // namespace sim
