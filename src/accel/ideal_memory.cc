// SPDX-License-Identifier: BSD-3-Clause
#include "accel/ideal_memory.hh"
#include <algorithm>

namespace sim {
namespace {

bool lies_in(Address bus, u64 bytes, Address base, u64 size) {
    return bus >= base && bus - base <= size && bytes <= size - (bus - base);
}

}  // namespace

bool IdealMemory::read(Address bus, std::span<u8> into, u32 tag) {
    const bool is_model = lies_in(bus, into.size(), kModel, model.size());
    const bool ok = is_model || lies_in(bus, into.size(), kInput, input.size());
    if (ok) {
        const auto from = (is_model ? model : input).subspan(bus - (is_model ? kModel : kInput), into.size());
        std::copy(from.begin(), from.end(), into.begin());
        read_bytes += into.size();
    }
    done_.push_back({tag, ok});
    return true;
}

bool IdealMemory::write(Address bus, std::span<const u8> from, u32 tag) {
    const bool ok = lies_in(bus, from.size(), kOutput, output.size());
    if (ok) {
        std::copy(from.begin(), from.end(), output.begin() + (bus - kOutput));
        written_bytes += from.size();
    }
    done_.push_back({tag, ok});
    return true;
}

void IdealMemory::deliver(Engine &engine) {
    std::vector<Done> now;
    now.swap(done_);
    for (const Done &done : now) engine.dma_done(done.tag, done.ok);
}

EngineJob ideal_job(u32 operation, const IdealMemory &memory) {
    EngineJob job;
    job.operation = operation;
    job.model = memory.model.empty() ? 0 : IdealMemory::kModel;
    job.input = memory.input.empty() ? 0 : IdealMemory::kInput;
    job.output = memory.output.empty() ? 0 : IdealMemory::kOutput;
    job.model_bytes = u32(memory.model.size());
    job.input_bytes = u32(memory.input.size());
    job.output_bytes = u32(memory.output.size());
    return job;
}

bool advance(Engine &engine, IdealMemory &memory, u64 cycles) {
    for (u64 used = 0; used < cycles && engine.state() != Engine::State::Finished;) {
        if (engine.state() == Engine::State::Working) used += engine.run(cycles - used);
        memory.deliver(engine);
    }
    return engine.state() == Engine::State::Finished;
}

}  // namespace sim
