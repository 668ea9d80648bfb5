// SPDX-License-Identifier: BSD-3-Clause
// LeNet-300-100 on EIE, several images in flight, against the same network in plain C from the dense matrices.
// Arguments: a folder that util/guest_network.py has filled, `sleep` to wait for interrupts instead of polling.
#include "eie_format.h"
#include "guest.h"

enum { MAX_LAYERS = 8, MAX_WIDTH = 1024, IN_FLIGHT = 8 };

// A layer of FOLDER/dense: what the network means, apart from the device's format.
struct layer {
    uint32_t inputs, outputs, shift, relu;
    int32_t one, codebook[16];
    const uint8_t *codes, *bias_codes;   // outputs x inputs; outputs
};

static struct layer layers[MAX_LAYERS];
static uint32_t layer_count;

static void *file_of(const char *folder, const char *name, uint32_t *bytes) {
    char path[512];
    uint64_t size;
    snprintf(path, sizeof path, "%s/%s", folder, name);
    void *data = read_file(path, &size);
    *bytes = (uint32_t)size;
    return data;
}

static void read_layers(const uint8_t *at) {
    memcpy(&layer_count, at, 4);
    at += 4;
    for (uint32_t i = 0; i < layer_count; ++i) {
        struct layer *l = &layers[i];
        memcpy(&l->inputs, at, 16);
        memcpy(&l->one, at + 16, 4);
        memcpy(l->codebook, at + 20, 64);
        l->codes = at + 84;
        l->bias_codes = l->codes + l->inputs * l->outputs;
        at = l->bias_codes + l->outputs;
    }
}

static int32_t added(int32_t sum, int32_t product, uint32_t shift) {
    const int32_t half = shift ? 1 << (shift - 1) : 0;
    sum += (product + half) >> shift;
    return sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum;
}

// 16-bit fixed point: every product rounded, every sum saturated, columns upward, the bias last.
static void reference(const int16_t *image, int16_t *result) {
    int16_t values[2][MAX_WIDTH];
    memcpy(values[0], image, layers[0].inputs * sizeof *image);
    for (uint32_t i = 0; i < layer_count; ++i) {
        const struct layer *l = &layers[i];
        const int16_t *in = values[i % 2];
        int16_t *out = values[(i + 1) % 2];
        for (uint32_t row = 0; row < l->outputs; ++row) {
            const uint8_t *codes = l->codes + row * l->inputs;
            int32_t sum = 0;
            for (uint32_t column = 0; column < l->inputs; ++column)
                if (codes[column]) sum = added(sum, l->codebook[codes[column]] * in[column], l->shift);
            if (l->bias_codes[row]) sum = added(sum, l->codebook[l->bias_codes[row]] * l->one, l->shift);
            out[row] = (int16_t)(l->relu && sum < 0 ? 0 : sum);
        }
    }
    memcpy(result, values[layer_count % 2], layers[layer_count - 1].outputs * sizeof *result);
}

static uint32_t largest(const int16_t *values, uint32_t count) {
    uint32_t best = 0;
    for (uint32_t i = 1; i < count; ++i)
        if (values[i] > values[best]) best = i;
    return best;
}

int main(int count, char **words) {
    struct accel a;
    if (count < 2) return puts("usage: lenet FOLDER [sleep]"), 2;
    open_device(&a, "eie", words[2]);   // null, where it is not given
    uint32_t model_bytes, dense_bytes, image_bytes, label_bytes;
    const void *model_file = file_of(words[1], "model", &model_bytes);
    read_layers(file_of(words[1], "dense", &dense_bytes));
    const int16_t *images = file_of(words[1], "images", &image_bytes);
    const uint8_t *labels = file_of(words[1], "labels", &label_bytes);
    const uint32_t inputs = layers[0].inputs, outputs = layers[layer_count - 1].outputs;
    const uint32_t total = image_bytes / (inputs * 2);

    const void *model = accel_load(&a, model_file, model_bytes);
    struct accel_job job = {.operation = EIE_LOAD, .model = model, .model_bytes = model_bytes};
    struct accel_completion c;
    run_well(&a, &job, &c, "loading");
    printf("model of %u bytes loaded\n", model_bytes);

    uint32_t wrong = 0, misread = 0, started = 0;
    uint64_t compute = 0;
    int16_t *in[IN_FLIGHT], *out[IN_FLIGHT], expected[MAX_WIDTH];
    int64_t tags[IN_FLIGHT];
    for (uint32_t i = 0; i < IN_FLIGHT; ++i) in[i] = accel_alloc(&a, inputs * 2), out[i] = accel_alloc(&a, outputs * 2);
    for (uint32_t done = 0; done < total; ++done) {
        for (; started < total && started < done + IN_FLIGHT; ++started) {
            const uint32_t slot = started % IN_FLIGHT;
            memcpy(in[slot], images + started * inputs, inputs * 2);
            job = (struct accel_job){.operation = EIE_RUN_RESIDENT, .model = model, .model_bytes = model_bytes,
                                     .input = in[slot], .input_bytes = inputs * 2,
                                     .output = out[slot], .output_bytes = outputs * 2};
            tags[slot] = accel_submit(&a, &job);
        }
        const uint32_t slot = done % IN_FLIGHT;
        if (accel_wait_tag(&a, tags[slot], &c, -1) != ACCEL_OK || c.status != ACCEL_OK) return 1;
        reference(images + done * inputs, expected);
        wrong += memcmp(expected, out[slot], outputs * 2) != 0;
        misread += largest(out[slot], outputs) != labels[done];
        compute += c.compute_cycles;
        printf("image %u: %u, label %u, %llu cycles\n", done, largest(out[slot], outputs), labels[done],
               (unsigned long long)c.compute_cycles);
    }
    printf("%u images: %u differ from plain C, %u misread, %llu compute cycles\n", total, wrong, misread,
           (unsigned long long)compute);
    accel_close(&a);
    return wrong != 0;
}
