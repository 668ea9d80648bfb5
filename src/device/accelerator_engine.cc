// SPDX-License-Identifier: BSD-3-Clause
// Accelerator: the time of the engine. It runs ahead of the clock in slices; what it does in one is seen at its end.
#include <algorithm>
#include "device/accelerator.hh"

namespace sim {

namespace {

// Device cycles of one slice. While transfers are under way it ends no later than the next event, which may end one.
constexpr u64 kAlone = 4096, kWithTransfers = 64;

}   // namespace

void Accelerator::begin_job(Cycle now) {
    has_job_ = true;
    job_begin_ = now;
    edge_ = ratio_.other_cycle(now);
    EngineJob job;
    job.operation = job_.operation;
    job.model = job_.model, job.input = job_.input, job.output = job_.output;
    job.model_bytes = job_.model_bytes, job.input_bytes = job_.input_bytes,
    job.output_bytes = job_.output_bytes;
    std::copy_n(job_.arguments, job.arguments.size(), job.arguments.begin());
    engine_.begin(job, *this);
    run_engine(now);
}

// Goes on with the engine at edge_, which is now.
void Accelerator::run_engine(Cycle now) {
    using State = Engine::State;
    while (engine_.state() == State::Working)
        if (run_slice(now)) return;
    if (engine_.state() == State::Waiting) {
        require(engine_transfers_ > 0, "accelerator: the engine waits for a transfer that it has not begun");
        if (!waits_) wait_begin_ = now;
        waits_ = true;
        return;
    }
    require(engine_.state() == State::Finished, "accelerator: an engine with a job is idle");
    end_job(now);
}

// True: its end is an event. False: it took no time.
bool Accelerator::run_slice(Cycle now) {
    u64 limit = kAlone;
    if (engine_transfers_) {
        const Cycle next = clock_->next_event();
        const u64 until = next == kNever ? kWithTransfers : ratio_.other_cycle(next);
        limit = std::clamp<u64>(until > edge_ ? until - edge_ : 1, 1, kWithTransfers);
    }
    const auto transfers = engine_transfers_;
    in_run_ = true;
    const u64 used = engine_.run(limit);
    in_run_ = false;
    require(used <= limit, "accelerator: an engine used more cycles than it was given");
    edge_ += used;
    if (used == 0) {
        require(engine_.state() != Engine::State::Working || engine_transfers_ != transfers,
                "accelerator: an engine that works makes no progress");
        send_requests();
        return false;
    }
    in_slice_ = true;
    schedule(std::max(now, ratio_.core_cycle(edge_)), Slice);
    return true;
}

void Accelerator::end_slice(Cycle now) {
    in_slice_ = false;
    send_requests();
    for (std::size_t n = 0; n < dones_.size(); ++n) hand_back(dones_[n], now);
    dones_.clear();
    run_engine(now);
}

void Accelerator::engine_transfer_done(const Done &done, Cycle now) {
    settle(now);
    if (is_resetting_) {
        --engine_transfers_;
        return advance_soon();
    }
    if (in_slice_) return dones_.push_back(done);
    hand_back(done, now);
    if (engine_.state() != Engine::State::Waiting) run_engine(now);
}

void Accelerator::hand_back(const Done &done, Cycle now) {
    if (waits_) {
        const u64 edge = ratio_.other_cycle(now);
        engine_.waited(edge - edge_);
        edge_ = edge;
    }
    --engine_transfers_;
    const bool was_store = engine_.waits_for_store;
    engine_.dma_done(done.tag, done.ok);
    if (!waits_ || engine_.state() == Engine::State::Waiting) return;
    waits_ = false;
    if (timeline_)
        timeline_->span(connection_.number, DeviceTimeline::Track::Waiting, was_store ? "store" : "load",
                        job_.tag, wait_begin_, now);
}

bool Accelerator::request(const Request &request) {
    if (engine_transfers_ >= dma_.params().transfers) return false;
    ++engine_transfers_;
    requests_.push_back(request);
    if (!in_run_) send_requests();
    return true;
}

void Accelerator::send_requests() {
    for (const Request &r : requests_) {
        const bool taken = r.into ? dma_.read(r.bus, r.into, r.bytes, engine_client_, r.tag)
                                  : dma_.write(r.bus, r.from, r.bytes, engine_client_, r.tag);
        require(taken, "accelerator: no transfer is left for the engine");
    }
    requests_.clear();
}

void Accelerator::end_job(Cycle now) {
    const u32 status = u32(engine_.status());
    stats.load_cycles += engine_.load_cycles;
    stats.compute_cycles += engine_.compute_cycles;
    stats.store_cycles += engine_.store_cycles;
    if (status != ACCEL_OK) ++stats.failed_jobs;
    chain_broken_ = status != ACCEL_OK && (job_.flags & ACCEL_CHAIN);
    if (timeline_)
        timeline_->span(connection_.number, DeviceTimeline::Track::Engine,
                        status == ACCEL_OK ? "job" : "failed job", job_.tag, job_begin_, now);
    job_ended_ = true;
    advance_soon();
}

}   // namespace sim
