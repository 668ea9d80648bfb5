// SPDX-License-Identifier: BSD-3-Clause
#include "accel/job_engine.hh"
#include <algorithm>

namespace sim {

void JobEngine::start(const EngineJob &job, Dma &dma) {
    job_ = job;
    transfers_.begin(dma);
    load_cycles = compute_cycles = store_cycles = cycles_left_ = 0;
    waits_for_store = false;
    status_ = EngineStatus::Ok;
    fault_.clear();
    state_ = State::Working;
}

u64 JobEngine::run(u64 cycles) {
    u64 used = 0;
    while (state_ == State::Working || state_ == State::Waiting) {
        const bool computes = is_computing();
        if (computes) used += compute(cycles - used);
        const bool is_over = computes ? has_computed() : transfers_.poll();
        state_ = is_over || computes ? State::Working : State::Waiting;
        if (!is_over) break;
        if (transfers_.failed()) fail(EngineStatus::BadAddress, "a transfer was refused");
        else end_phase();
    }
    return used;
}

u64 JobEngine::compute(u64 cycles) {
    const u64 used = std::min(cycles, cycles_left_);
    cycles_left_ -= used;
    compute_cycles += used;
    return used;
}

void JobEngine::dma_done(u32, bool ok) {
    transfers_.done(ok);
    if (state_ == State::Waiting && transfers_.poll()) state_ = State::Working;
}

void JobEngine::reset() {
    forget();
    state_ = State::Idle;
    status_ = EngineStatus::Reset;
}

void JobEngine::finish(EngineStatus status, const std::string &why) {
    fault_ = why;
    status_ = status;
    state_ = State::Finished;
    finished();
}

}  // namespace sim
