// SPDX-License-Identifier: BSD-3-Clause
// EIE behind a DMA that delays, refuses and fails: same results and compute cycles, defined errors, resets in mid-job.
#include <gtest/gtest.h>
#include <algorithm>
#include <random>
#include "accel/eie.hh"
#include "accel/eie_damage.hh"
#include "accel/eie_encoder.hh"
#include "accel/eie_reference.hh"
#include "accel/ideal_memory.hh"

namespace sim {
namespace {

using Random = std::mt19937_64;

u32 below(Random &random, u32 end) { return u32(random() % end); }

struct Network {
    std::vector<std::vector<u8>> codes;
    std::vector<EieDenseLayer> layers;
    std::vector<u8> model, input;
    std::vector<i32> expected;
    u32 pes;
};

Network network(u64 seed) {
    Random random(seed);
    Network made;
    made.pes = 1 + below(random, 9);
    u32 width = 1 + below(random, 60);
    std::vector<i32> values(width);
    for (i32 &value : values) value = below(random, 3) ? 0 : i32(below(random, 4000)) - 2000;
    for (i32 value : values) made.input.insert(made.input.end(), {u8(value), u8(value >> 8)});
    for (u32 i = 0, count = 1 + below(random, 3); i < count; ++i) {
        EieDenseLayer layer;
        layer.inputs = width;
        layer.outputs = width = 1 + below(random, 60);
        auto &codes = made.codes.emplace_back(u64(layer.inputs) * layer.outputs);
        for (u8 &code : codes) code = below(random, 4) ? 0 : u8(below(random, 16));
        for (i32 &value : layer.codebook) value = i32(below(random, 600)) - 300;
        layer.shift = 6;
        layer.relu = below(random, 2);
        made.layers.push_back(layer);
    }
    for (u32 i = 0; i < made.layers.size(); ++i) made.layers[i].codes = made.codes[i];
    made.model = encode_eie(made.layers, {made.pes, 1 + below(random, 8), 65535, 1 + below(random, 40)});
    for (const EieDenseLayer &layer : made.layers) values = eie_reference(layer, values);
    made.expected = values;
    return made;
}

std::vector<u8> bytes_of(const std::vector<i32> &values) {
    std::vector<u8> bytes;
    for (i32 value : values) bytes.insert(bytes.end(), {u8(value), u8(value >> 8)});
    return bytes;
}

Eie::Params params_for(const Network &network) {
    Eie::Params params;
    params.pes = network.pes;
    params.unlimited = true;
    return params;
}

// Answers late and out of order, and takes no more than two transfers at a time; from some transfer on it fails.
class FickleMemory final : public Dma {
  public:
    FickleMemory(const Network &network, u64 seed) : random_(seed) {
        memory.model = network.model;
        memory.input = network.input;
        memory.output.resize(2 * network.expected.size());
    }
    IdealMemory memory;
    u32 fails_from = ~0u;

    bool read(Address bus, std::span<u8> into, u32 tag) override {
        if (waiting_.size() == 2) return false;
        waiting_.push_back({bus, into, {}, tag});
        return true;
    }
    bool write(Address bus, std::span<const u8> from, u32 tag) override {
        if (waiting_.size() == 2) return false;
        waiting_.push_back({bus, {}, from, tag});
        return true;
    }
    bool answer(Engine &engine) {
        if (waiting_.empty()) return false;
        const u32 place = below(random_, u32(waiting_.size()));
        const Transfer transfer = waiting_[place];
        waiting_.erase(waiting_.begin() + place);
        const bool ok = answered_++ < fails_from;
        if (ok && !transfer.into.empty()) memory.read(transfer.bus, transfer.into, 0);
        else if (ok) memory.write(transfer.bus, transfer.from, 0);
        engine.dma_done(transfer.tag, ok);
        return true;
    }

  private:
    struct Transfer {
        Address bus;
        std::span<u8> into;
        std::span<const u8> from;
        u32 tag;
    };
    std::vector<Transfer> waiting_;
    Random random_;
    u32 answered_ = 0;
};

// In slices of random length; false where a reset was asked for and has been done.
bool drive(Eie &engine, FickleMemory &memory, Random &random, u32 operation = EIE_RUN, u64 reset_after = ~u64{0}) {
    EngineJob job = ideal_job(operation, memory.memory);
    engine.begin(job, memory);
    u64 steps = 0;
    while (engine.state() != Engine::State::Finished) {
        if (++steps > reset_after) {
            while (memory.answer(engine)) {}
            engine.reset();
            return false;
        }
        if (engine.state() == Engine::State::Working) engine.run(1 + below(random, 30));
        else EXPECT_TRUE(memory.answer(engine)) << "waits for nothing";
    }
    return true;
}

TEST(EieEngine, SlowAndDisorderedDmaChangesNeitherOutputsNorComputeCycles) {
    for (u64 seed = 0; seed < 150; ++seed) {
        const Network given = network(seed);
        Eie alone(params_for(given)), engine(params_for(given));
        IdealMemory ideal;
        ideal.model = given.model;
        ideal.input = given.input;
        ideal.output.resize(2 * given.expected.size());
        alone.begin(ideal_job(EIE_RUN, ideal), ideal);
        ASSERT_TRUE(advance(alone, ideal, ~u64{0}));
        ASSERT_EQ(ideal.output, bytes_of(given.expected)) << "seed " << seed;

        Random random(seed);
        FickleMemory memory(given, seed);
        ASSERT_TRUE(drive(engine, memory, random));
        EXPECT_EQ(engine.status(), EngineStatus::Ok) << engine.fault();
        EXPECT_EQ(memory.memory.output, ideal.output) << "seed " << seed;
        EXPECT_EQ(engine.compute_cycles, alone.compute_cycles) << "seed " << seed;
        EXPECT_EQ(engine.stats.computing_cycles, alone.stats.computing_cycles);
    }
}

TEST(EieEngine, AResetInMidJobLeavesNothingBehind) {
    for (u64 seed = 0; seed < 150; ++seed) {
        const Network given = network(seed);
        Eie engine(params_for(given));
        Random random(seed);
        for (int i = 0; i < 3; ++i) {
            FickleMemory broken_off(given, seed);
            drive(engine, broken_off, random, EIE_RUN, below(random, 12));
        }
        FickleMemory memory(given, seed);
        ASSERT_TRUE(drive(engine, memory, random));
        EXPECT_EQ(engine.status(), EngineStatus::Ok) << engine.fault();
        EXPECT_EQ(memory.memory.output, bytes_of(given.expected)) << "seed " << seed;
    }
}

TEST(EieEngine, AResetForgetsTheResidentModel) {
    const Network given = network(3);
    Eie engine(params_for(given));
    Random random(1);
    FickleMemory memory(given, 1);
    drive(engine, memory, random, EIE_LOAD);
    drive(engine, memory, random, EIE_RUN_RESIDENT);
    EXPECT_EQ(engine.status(), EngineStatus::Ok);
    engine.reset();
    drive(engine, memory, random, EIE_RUN_RESIDENT);
    EXPECT_EQ(engine.status(), EngineStatus::BadModel);
}

TEST(EieEngine, ATransferThatFailsEndsTheJobAndTheNextOneWorks) {
    for (u64 seed = 0; seed < 60; ++seed) {
        const Network given = network(seed);
        Eie engine(params_for(given));
        Random random(seed);
        for (u32 fails_from = 0; fails_from < 3; ++fails_from) {
            FickleMemory failing(given, seed);
            failing.fails_from = fails_from;
            drive(engine, failing, random);
            EXPECT_EQ(engine.status(), EngineStatus::BadAddress);
        }
        FickleMemory memory(given, seed);
        drive(engine, memory, random);
        EXPECT_EQ(memory.memory.output, bytes_of(given.expected)) << "seed " << seed;
    }
}

TEST(EieEngine, ADamagedModelWithRightChecksumsIsRefusedOrHarmless) {
    u32 refused = 0, taken = 0;
    for (u64 seed = 0; seed < 400; ++seed) {
        Network given = network(seed % 40);
        Random random(seed);
        const u32 reach = below(random, 2) ? 300 : u32(given.model.size());
        for (u32 i = 0, count = 1 + below(random, 3); i < count; ++i)
            given.model[below(random, std::min(reach, u32(given.model.size())))] = u8(random());
        mend_eie_checksums(given.model);
        Eie engine(params_for(given));
        FickleMemory memory(given, seed);
        drive(engine, memory, random);
        refused += engine.status() == EngineStatus::BadModel;
        taken += engine.status() == EngineStatus::Ok;
        EXPECT_TRUE(engine.status() == EngineStatus::BadModel || engine.status() == EngineStatus::Ok ||
                    engine.status() == EngineStatus::BadDescriptor);
    }
    EXPECT_GT(refused, 50u);
    EXPECT_GT(taken, 10u);
}

TEST(EieEngine, JobsThatMakeNoSenseAreRefused) {
    const Network given = network(5);
    Eie engine(params_for(given));
    FickleMemory memory(given, 1);
    Random random(1);
    drive(engine, memory, random, 99);
    EXPECT_EQ(engine.status(), EngineStatus::BadDescriptor);
    drive(engine, memory, random, EIE_RUN_RESIDENT);
    EXPECT_EQ(engine.status(), EngineStatus::BadModel);
    memory.memory.output.resize(memory.memory.output.size() + 2);
    drive(engine, memory, random);
    EXPECT_EQ(engine.status(), EngineStatus::BadDescriptor);
    memory.memory.model = memory.memory.model.first(10);
    drive(engine, memory, random);
    EXPECT_EQ(engine.status(), EngineStatus::BadModel);
    EXPECT_EQ(engine.stats.jobs, engine.stats.failed_jobs);
}

}  // namespace
}  // namespace sim
