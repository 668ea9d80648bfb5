// SPDX-License-Identifier: BSD-3-Clause
// Drivers that do anything to EIE, SCNN and ESE: descriptors, registers, rings and models damaged at any time, resets in
// the middle of layers. The engine comes to rest, touches nothing but the pool, and its next good jobs have the outputs
// that a fresh engine has. SKIPAHEAD_FULL=1 under the sanitizers: a quarter of an hour of
// CPU for each engine.
#include <cstring>
#include "accel/eie.hh"
#include "accel/eie_damage.hh"
#include "accel/eie_encoder.hh"
#include "accel/ese.hh"
#include "accel/ese_encoder.hh"
#include "accel/ideal_memory.hh"
#include "accel/scnn.hh"
#include "device/hostile_driver.hh"

namespace sim {
namespace {

using Random = std::mt19937_64;

u32 below(Random &random, u32 end) { return u32(random() % end); }

// What a driver needs to know of an engine: its model, an input, and the jobs in which a good driver gives them.
struct Task {
    struct Step {
        u32 operation;
        bool has_input;
        u32 arguments[4];
    };
    std::vector<u8> model, input;
    u32 output_bytes = 0;
    std::vector<Step> steps;
};

// The outputs of all steps that have any, from a fresh engine on an ideal memory.
std::vector<u8> outputs_alone(Engine &engine, const Task &task) {
    std::vector<u8> all;
    for (const Task::Step &step : task.steps) {
        IdealMemory memory;
        memory.model = task.model;
        if (step.has_input) memory.input = task.input;
        memory.output.resize(step.has_input ? task.output_bytes : 0);
        EngineJob job = ideal_job(step.operation, memory);
        std::copy_n(step.arguments, 4, job.arguments.begin());
        engine.begin(job, memory);
        advance(engine, memory, ~u64{0});
        EXPECT_EQ(engine.status(), EngineStatus::Ok);
        all.insert(all.end(), memory.output.begin(), memory.output.end());
    }
    return all;
}

class EngineDriver : public HostileDriver {
  protected:
    EngineDriver(u64 seed, Engine *engine, Engine &fresh, Task task)
        : HostileDriver(seed, engine), task_(std::move(task)), expected_(outputs_alone(fresh, task_)) {
        EXPECT_LT(kModel + task_.model.size(), kInput);
        put_back();
    }

    virtual void mend_checksums(std::span<u8>) {}

  private:
    static constexpr u32 kModel = 0x8000, kInput = 0x80000, kOutput = 0x90000, kOutputStep = 0x4000;

    void put_back() {
        rig_.put(kModel, task_.model.data(), task_.model.size());
        rig_.put(kInput, task_.input.data(), task_.input.size());
    }
    accel_descriptor job(u32 step) {
        const Task::Step &of = task_.steps[step];
        accel_descriptor d{};
        d.tag = u32(random_());
        d.operation = u16(of.operation);
        d.model = DeviceRig::kBus + kModel;
        d.model_bytes = u32(task_.model.size());
        std::copy_n(of.arguments, 4, d.arguments);
        if (!of.has_input) return d;
        d.input = DeviceRig::kBus + kInput;
        d.input_bytes = u32(task_.input.size());
        d.output = DeviceRig::kBus + kOutput + step * kOutputStep;
        d.output_bytes = task_.output_bytes;
        return d;
    }
    accel_descriptor good_job() override { return job(below(u32(task_.steps.size()))); }

    // Any bytes, near the beginning more often; with checksums that agree or not. Or all is well again.
    void damage_model() override {
        if (random_() % 3 == 0) return put_back();
        std::vector<u8> model = task_.model;
        const u32 reach = random_() % 2 ? std::min<u32>(400, u32(model.size())) : u32(model.size());
        for (u64 n = 1 + random_() % 3; n > 0; --n) {
            u8 &byte = model[below(reach)];
            byte = random_() % 2 ? u8(random_()) : u8(byte ^ 1u << random_() % 8);
        }
        if (random_() % 4) mend_checksums(model);
        rig_.put(kModel, model.data(), model.size());
    }

    void prove() override {
        put_back();
        const std::vector<u8> zeros(kOutputStep * task_.steps.size());
        rig_.put(kOutput, zeros.data(), zeros.size());
        std::vector<accel_descriptor> jobs;
        for (u32 step = 0; step < task_.steps.size(); ++step) jobs.push_back(job(step));
        rig_.submit(jobs);
        rig_.run_out();
        ASSERT_EQ(rig_.statuses(), std::vector<u32>(jobs.size(), ACCEL_OK));
        std::vector<u8> all, one(task_.output_bytes);
        for (u32 step = 0; step < task_.steps.size(); ++step) {
            if (!task_.steps[step].has_input) continue;
            rig_.get(kOutput + step * kOutputStep, one.data(), one.size());
            all.insert(all.end(), one.begin(), one.end());
        }
        ASSERT_EQ(all, expected_);
    }

    const Task task_;
    const std::vector<u8> expected_;
};

// An engine and its like must be there before the driver is.
template <class Kind> struct Pair {
    Kind engine, fresh;
    explicit Pair(const typename Kind::Params &params) : engine(params), fresh(params) {}
};

std::vector<u8> bytes_of(const std::vector<i16> &values) {
    std::vector<u8> bytes(values.size() * 2);
    std::memcpy(bytes.data(), values.data(), bytes.size());
    return bytes;
}

std::vector<i16> sparse(Random &random, u64 count, i32 reach, u32 one_in) {
    std::vector<i16> values(count);
    for (i16 &value : values)
        value = below(random, one_in) ? i16(0) : i16(i32(below(random, u32(2 * reach))) - reach);
    return values;
}

// ---- EIE

Eie::Params eie_params(u64 seed) {
    Random random(seed);
    Eie::Params params;
    params.pes = 1 + below(random, 9);
    params.queue_depth = 1 + below(random, 9);
    params.spmat_bytes = below(random, 2) ? 300 : 1_MiB;   // the first: some sections are reloaded
    params.activation_bytes = 1_MiB;
    return params;
}

Task eie_task(u64 seed, u32 pes) {
    Random random(seed + 1);
    Task task;
    u32 width = 1 + below(random, 60);
    task.input = bytes_of(sparse(random, width, 2000, 3));
    std::vector<std::vector<u8>> codes;
    std::vector<EieDenseLayer> layers;
    for (u32 count = 1 + below(random, 3); count > 0; --count) {
        EieDenseLayer layer;
        layer.inputs = width;
        layer.outputs = width = 1 + below(random, 60);
        auto &code = codes.emplace_back(u64(layer.inputs) * layer.outputs);
        for (u8 &c : code) c = below(random, 4) ? 0 : u8(below(random, 16));
        for (i32 &value : layer.codebook) value = i32(below(random, 600)) - 300;
        layer.shift = 6;
        layers.push_back(layer);
    }
    for (u32 i = 0; i < layers.size(); ++i) layers[i].codes = codes[i];
    task.model = encode_eie(layers, {pes, 1 + below(random, 8), 150, 1 + below(random, 40)});
    task.output_bytes = 2 * width;
    task.steps = {{EIE_LOAD, false, {}}, {EIE_RUN_RESIDENT, true, {}}, {EIE_RUN, true, {}}};
    return task;
}

class EieDriver final : Pair<Eie>, public EngineDriver {
  public:
    explicit EieDriver(u64 seed)
        : Pair(eie_params(seed)), EngineDriver(seed, &engine, fresh, eie_task(seed, engine.params().pes)) {}

  private:
    void mend_checksums(std::span<u8> model) override { mend_eie_checksums(model); }
};

TEST(EngineFuzz, WhateverADriverDoesToEieTheNextGoodJobsWork) { fuzz<EieDriver>("EIE", 1); }

// ---- SCNN

Scnn::Params scnn_params(u64 seed) {
    Random random(seed);
    Scnn::Params params;
    params.pe_rows = 1 + below(random, 4);
    params.pe_columns = 1 + below(random, 4);
    params.bank_queue_entries = 1 + below(random, 8);
    params.activation_ram_entries = below(random, 2) ? 200 : 4096;   // the first: some layers are tiled
    params.merge_entries = below(random, 3) ? 0 : 4;
    return params;
}

void add_layer(std::vector<ScnnModelLayer> &layers, Random &random, u32 channels, u32 size) {
    ScnnModelLayer made;
    const u32 kernel = 1 + below(random, std::min(3u, size));
    made.layer = plain_layer(channels, size, size, 1 + below(random, 6), kernel, kernel);
    made.layer.product_shift = 4;
    made.layer.output_shift = below(random, 4);
    made.layer.flags = below(random, 2) ? SCNN_RELU : 0;
    if (made.layer.output_height > 3) made.layer.pool_size = made.layer.pool_stride = 1 + below(random, 2);
    made.layer.group_filters = 1 + below(random, made.layer.filters);
    const auto weights = sparse(random, u64(made.layer.filters) * channels * kernel * kernel, 60, 3);
    made.weights = encode_weights(made.layer, weights, made.layer.group_filters, false);
    if (below(random, 2)) made.bias.assign(made.layer.filters, i32(below(random, 200)) - 100);
    layers.push_back(std::move(made));
}

Task scnn_task(u64 seed) {
    Random random(seed + 1);
    Task task;
    const u32 channels = 1 + below(random, 4), size = 1 + below(random, 12);
    task.input = bytes_of(sparse(random, u64(channels) * size * size, 100, 2));
    std::vector<ScnnModelLayer> layers;
    add_layer(layers, random, channels, size);
    for (u32 more = below(random, 3); more > 0; --more) {
        const scnn_layer &last = layers.back().layer;
        add_layer(layers, random, last.filters, pooled_height(last));
    }
    const scnn_layer &last = layers.back().layer;
    task.output_bytes = 2 * last.filters * pooled_height(last) * pooled_width(last);
    task.model = write_scnn_model(std::move(layers));
    task.steps = {{SCNN_RUN, true, {}}, {SCNN_RUN, true, {}}};
    return task;
}

class ScnnDriver final : Pair<Scnn>, public EngineDriver {
  public:
    explicit ScnnDriver(u64 seed)
        : Pair(scnn_params(seed)), EngineDriver(seed, &engine, fresh, scnn_task(seed)) {}
};

TEST(EngineFuzz, WhateverADriverDoesToScnnTheNextGoodJobsWork) { fuzz<ScnnDriver>("SCNN", 1); }

// ---- ESE

Ese::Params ese_params(u64 seed) {
    Random random(seed);
    Ese::Params params;
    params.channels = 1 + below(random, 4);
    params.pes = 1 + below(random, 8);
    params.queue_depth = 1 + below(random, 8);
    params.weight_entries = 40;
    params.element_multipliers = 1 + below(random, 15);
    params.dram_bits = 8u << below(random, 6);
    return params;
}

Task ese_task(u64 seed, const Ese::Params &params) {
    Random random(seed + 1);
    EseLstm lstm;
    lstm.inputs = 1 + below(random, 12), lstm.cells = 1 + below(random, 20), lstm.outputs = 1 + below(random, 12);
    for (u32 m = 0; m < ESE_MATRICES; ++m) {
        EseMatrix &matrix = lstm.matrices[m];
        matrix.rows = m == ESE_YM ? lstm.outputs : lstm.cells;
        matrix.columns = m == ESE_YM ? lstm.cells : m % 2 == 0 ? lstm.inputs : lstm.outputs;
        matrix.shift = 4;
        matrix.weights = sparse(random, u64(matrix.rows) * matrix.columns, 2000, 3);
    }
    for (auto &bias : lstm.bias) bias.assign(lstm.cells, i32(below(random, 2000)) - 1000);
    for (auto &peephole : lstm.peepholes) peephole = sparse(random, lstm.cells, 2000, 1);
    lstm.sigmoid = sparse(random, ESE_TABLE, 32767, 1);
    lstm.tanh = sparse(random, ESE_TABLE, 32767, 1);
    lstm.peephole_shift = lstm.cell_tanh_shift = lstm.y_shift = 4;
    lstm.sigmoid_shift = lstm.tanh_shift = 8;
    lstm.state_fraction = 11;
    Task task;
    task.model = encode_ese(lstm, {params.pes, params.weight_entries, 1 + below(random, 12)});
    const u32 steps = 1 + below(random, 3), channels = 1 + below(random, params.channels);
    task.input = bytes_of(sparse(random, u64(steps) * channels * lstm.inputs, 3000, 2));
    task.output_bytes = 2 * steps * channels * lstm.outputs;
    task.steps = {{ESE_LOAD, false, {}}, {ESE_RUN, true, {steps, channels}}, {ESE_RUN, true, {steps, channels, 1}}};
    return task;
}

class EseDriver final : Pair<Ese>, public EngineDriver {
  public:
    explicit EseDriver(u64 seed)
        : Pair(ese_params(seed)), EngineDriver(seed, &engine, fresh, ese_task(seed, engine.params())) {}

  private:
    void mend_checksums(std::span<u8> model) override {
        ese_model_header header;
        std::memcpy(&header, model.data(), sizeof header);
        header.checksum = ese_checksum(model.data() + sizeof header, model.size() - sizeof header);
        std::memcpy(model.data(), &header, sizeof header);
    }
};

TEST(EngineFuzz, WhateverADriverDoesToEseTheNextGoodJobsWork) { fuzz<EseDriver>("ESE", 1); }

}   // namespace
}   // namespace sim
