// SPDX-License-Identifier: BSD-3-Clause
// What EIE, SCNN and ESE share: a job goes from phase to phase, each of which waits for transfers or for computing.
#pragma once
#include <string>
#include "accel/transfers.hh"
#include "device/engine.hh"

namespace sim {

class JobEngine : public Engine {
  public:
    u64 run(u64 cycles) final;
    void dma_done(u32 tag, bool ok) final;
    void reset() final;
    State state() const final { return state_; }
    EngineStatus status() const final { return status_; }
    const std::string &fault() const { return fault_; }   // of the last job, in words

  protected:
    void start(const EngineJob &job, Dma &dma);   // at the beginning of begin()
    void finish(EngineStatus status, const std::string &why = {});

    virtual void end_phase() = 0;   // what was waited for has come, or its cycles are over
    virtual void fail(EngineStatus status, const std::string &why) = 0;   // ends with finish()
    virtual void finished() = 0;    // counts the job
    virtual void forget() = 0;      // what stays from job to job
    virtual bool is_computing() const = 0;
    // While computing: advances by at most so many cycles and counts them. Usually cycles_left_ pass.
    virtual u64 compute(u64 cycles);
    virtual bool has_computed() const { return cycles_left_ == 0; }

    State state_ = State::Idle;
    EngineStatus status_ = EngineStatus::Ok;
    EngineJob job_;
    Transfers transfers_;
    u64 cycles_left_ = 0;   // of computing

  private:
    std::string fault_;
};

}  // namespace sim
