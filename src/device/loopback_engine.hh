// SPDX-License-Identifier: BSD-3-Clause
// The engine for testing drivers and the queue: copies, sums or adds to what it is given. ext/accel/accel_device.h has
// its operations and its model.
#pragma once
#include <vector>
#include "accel_device.h"
#include "device/engine.hh"

namespace sim {

// Works on one chunk at a time: load, compute, store.
class LoopbackEngine final : public Model<LoopbackEngine, Engine> {
  public:
    struct Params : Described<Params> {
        PARAM(u32, buffer, 4096, "bytes", "input held at a time");
        PARAM(u32, bytes_per_cycle, 8, "bytes", "worked on in a cycle");
    };
    struct Stats : Described<Stats> {
        STAT(chunks, "chunks", "loaded and worked on");
        STAT(bytes, "bytes", "of input worked on");
    };

    explicit LoopbackEngine(const Params &params);
    const Params &params() const { return params_; }

    void begin(const EngineJob &job, Dma &dma) override;
    u64 run(u64 cycles) override;
    void dma_done(u32 tag, bool ok) override;
    void reset() override;
    State state() const override { return state_; }
    EngineStatus status() const override { return status_; }
    u64 identity() const override { return engine_name("loopback"); }

    Stats stats;

  private:
    enum class Step : u8 { Model, Load, Compute, Store };

    void load();
    void compute();
    void store();
    void finish(EngineStatus status) { status_ = status, state_ = State::Finished; }
    EngineStatus check() const;
    bool model_is_intact() const;

    const Params params_;
    State state_ = State::Idle;
    EngineStatus status_ = EngineStatus::Ok;
    Step step_ = Step::Load;
    EngineJob job_;
    Dma *dma_ = nullptr;
    accel_loopback_model model_{};
    std::vector<u8> buffer_;
    u32 done_ = 0, chunk_ = 0;   // bytes of input stored; in the buffer
    u64 left_ = 0;   // cycles of compute on the chunk
    u64 sum_ = 0;
};

}   // namespace sim
