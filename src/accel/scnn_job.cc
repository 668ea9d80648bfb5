// SPDX-License-Identifier: BSD-3-Clause
// SCNN's jobs: a model and its input by DMA, all layers one after the other, the output by DMA.
#include <algorithm>
#include <cstring>
#include "accel/scnn.hh"

namespace sim {

void Scnn::begin(const EngineJob &job, Dma &dma) {
    start(job, dma);
    layers_.clear();
    phase_ = Phase::Model;
    if (job.operation != SCNN_RUN)
        return finish(EngineStatus::BadDescriptor, "operation " + std::to_string(job.operation) + " is not SCNN's");
    if (job.model_bytes < sizeof(scnn_model))
        return finish(EngineStatus::BadModel, "model of " + std::to_string(job.model_bytes) + " bytes");
    bytes_.resize(job.model_bytes);
    transfers_.read(job.model, bytes_);
}

void Scnn::end_phase() {
    switch (phase_) {
    case Phase::Model: return end_model();
    case Phase::Input: return end_input();
    case Phase::Compute: return end_compute();
    case Phase::Output: return finish(EngineStatus::Ok);
    }
}

void Scnn::finished() {
    ++stats.jobs;
    stats.failed_jobs += status_ != EngineStatus::Ok;
}

void Scnn::end_model() {
    if (const auto fault = read_scnn_model(bytes_, layers_); !fault.empty())
        return finish(EngineStatus::BadModel, fault);
    const scnn_layer &first = layers_.front().layer, &last = layers_.back().layer;
    const u64 in = sizeof(i16) * u64(first.channels) * first.height * first.width;
    const u64 out = sizeof(i16) * u64(last.filters) * pooled_height(last) * pooled_width(last);
    if (job_.input_bytes != in || job_.output_bytes != out)
        return finish(EngineStatus::BadDescriptor, std::to_string(job_.input_bytes) + " bytes in and " +
                                                       std::to_string(job_.output_bytes) + " out; the model has " +
                                                       std::to_string(in) + " and " + std::to_string(out));
    phase_ = Phase::Input;
    bytes_.resize(in);
    transfers_.read(job_.input, bytes_);
}

void Scnn::end_input() {
    activations_.resize(bytes_.size() / sizeof(i16));
    std::memcpy(activations_.data(), bytes_.data(), bytes_.size());
    phase_ = Phase::Compute;
    cycles_left_ = 0;
    try {
        run_layers();
    } catch (const ConfigError &error) {   // a layer that this machine's memories cannot hold
        finish(EngineStatus::BadModel, error.what());
    }
}

void Scnn::run_layers() {
    for (const ScnnModelLayer &one : layers_) {
        ScnnWork work;
        work.layer = one.layer;
        work.weights = &one.weights;
        work.bias = one.bias;
        work.activations = activations_;
        ScnnResult result = run_layer(work);
        cycles_left_ += result.counts.cycles;
        activations_ = std::move(result.output.values);
    }
}

void Scnn::end_compute() {
    phase_ = Phase::Output;
    waits_for_store = true;
    bytes_.resize(activations_.size() * sizeof(i16));
    std::memcpy(bytes_.data(), activations_.data(), bytes_.size());
    transfers_.write(job_.output, bytes_);
}

}  // namespace sim
