// SPDX-License-Identifier: BSD-3-Clause
// LoopbackEngine: chunk by chunk through a buffer.
#include "device/loopback_engine.hh"
#include <algorithm>
#include <cstddef>
#include <cstring>

namespace sim {

COMPONENT(LoopbackEngine,
          "Engine for testing drivers: copies its input, sums it, or adds a model's words to it.");

LoopbackEngine::LoopbackEngine(const Params &params) : params_(params) {
    if (params.buffer < 64 || params.buffer % 64)
        throw ConfigError("LoopbackEngine: buffer=" + std::to_string(params.buffer) +
                          "; it must be a multiple of 64 bytes");
    if (params.bytes_per_cycle == 0) throw ConfigError("LoopbackEngine: bytes_per_cycle must be at least 1");
    buffer_.resize(params.buffer);
}

void LoopbackEngine::begin(const EngineJob &job, Dma &dma) {
    job_ = job;
    dma_ = &dma;
    load_cycles = compute_cycles = store_cycles = 0;
    done_ = chunk_ = 0;
    sum_ = 0;
    if (const EngineStatus wrong = check(); wrong != EngineStatus::Ok) return finish(wrong);
    if (job.operation != ACCEL_LOOPBACK_ADD) return load();
    step_ = Step::Model;
    state_ = State::Waiting;
    waits_for_store = false;
    model_ = {};
    dma.read(job.model, {reinterpret_cast<u8 *>(&model_), job.model_bytes}, 0);
}

EngineStatus LoopbackEngine::check() const {
    const u32 result = job_.operation == ACCEL_LOOPBACK_SUM ? 8 : job_.input_bytes;
    if (job_.operation > ACCEL_LOOPBACK_ADD || job_.output_bytes != result)
        return EngineStatus::BadDescriptor;
    if (job_.operation == ACCEL_LOOPBACK_COPY) return EngineStatus::Ok;
    if (job_.input_bytes % 4) return EngineStatus::BadDescriptor;
    if (job_.operation == ACCEL_LOOPBACK_SUM) return EngineStatus::Ok;
    return job_.model_bytes < 12 || job_.model_bytes > sizeof model_ ? EngineStatus::BadModel
                                                                     : EngineStatus::Ok;
}

bool LoopbackEngine::model_is_intact() const {
    return model_.magic == ACCEL_LOOPBACK_MAGIC && model_.addends >= 1 &&
           model_.addends <= ACCEL_LOOPBACK_ADDENDS &&
           job_.model_bytes >= offsetof(accel_loopback_model, addend) + 4 * model_.addends;
}

void LoopbackEngine::load() {
    chunk_ = std::min(job_.input_bytes - done_, u32(buffer_.size()));
    step_ = Step::Load;
    state_ = State::Waiting;
    waits_for_store = false;
    dma_->read(job_.input + done_, {buffer_.data(), chunk_}, 0);
}

u64 LoopbackEngine::run(u64 cycles) {
    const u64 used = std::min(cycles, left_);
    left_ -= used;
    compute_cycles += used;
    if (left_ == 0) store();
    return used;
}

void LoopbackEngine::compute() {
    ++stats.chunks;
    stats.bytes += chunk_;
    for (u32 at = 0; job_.operation != ACCEL_LOOPBACK_COPY && at < chunk_; at += 4) {
        u32 word;
        std::memcpy(&word, &buffer_[at], 4);
        sum_ += word;
        word += model_.addend[(done_ + at) / 4 % std::max(1u, model_.addends)];
        if (job_.operation == ACCEL_LOOPBACK_ADD) std::memcpy(&buffer_[at], &word, 4);
    }
    step_ = Step::Compute;
    state_ = State::Working;
    left_ = 1 + chunk_ / params_.bytes_per_cycle +
            (job_.operation == ACCEL_LOOPBACK_ADD && done_ == 0 ? job_.arguments[0] : 0);
}

void LoopbackEngine::store() {
    step_ = Step::Store;
    state_ = State::Waiting;
    waits_for_store = true;
    done_ += chunk_;
    if (job_.operation != ACCEL_LOOPBACK_SUM) {
        dma_->write(job_.output + done_ - chunk_, {buffer_.data(), chunk_}, 0);
    } else if (done_ < job_.input_bytes) {
        load();
    } else {
        std::memcpy(buffer_.data(), &sum_, sizeof sum_);
        dma_->write(job_.output, {buffer_.data(), sizeof sum_}, 0);
    }
}

void LoopbackEngine::dma_done(u32, bool ok) {
    if (!ok) return finish(EngineStatus::BadAddress);
    switch (step_) {
        case Step::Model:
            if (!model_is_intact()) return finish(EngineStatus::BadModel);
            return load();
        case Step::Load: return compute();
        case Step::Compute: return;
        case Step::Store:
            if (done_ < job_.input_bytes) return load();
            finish(EngineStatus::Ok);
    }
}

void LoopbackEngine::reset() { state_ = State::Idle; }

}   // namespace sim
