// SPDX-License-Identifier: BSD-3-Clause
// Runs a compressed convolutional network on SCNN and again in plain C, from the model's own bytes; both must agree to the
// bit.
//   scnn_layers MODEL INPUTS OUTPUTS [sleep]     INPUTS has 16-bit activations, a job's worth after the other
// Prints the compute cycles of each job, then ok.
#include "guest.h"
#include "scnn_format.h"

static uint64_t aligned(uint64_t bytes) { return (bytes + 7) / 8 * 8; }
static uint32_t ceil_div(uint32_t a, uint32_t b) { return (a + b - 1) / b; }

// Adds weight `w` of filter k, channel c (of the whole layer) at row `row`, column `column` to all sums it takes part in.
static void add_weight(const struct scnn_layer *l, int64_t w, uint32_t k, uint32_t c, int row, int column, const int16_t *in,
                       int64_t *sums) {
    const int64_t half = l->product_shift ? 1ll << (l->product_shift - 1) : 0;
    for (uint32_t oy = 0; oy < l->output_height; ++oy)
        for (uint32_t ox = 0; ox < l->output_width; ++ox) {
            const int y = (int)(oy * l->stride) + row - (int)l->pad_top, x = (int)(ox * l->stride) + column - (int)l->pad_left;
            if (y < 0 || x < 0 || y >= (int)l->height || x >= (int)l->width) continue;
            const int64_t product = w * in[(c * l->height + (uint32_t)y) * l->width + (uint32_t)x];
            sums[(k * l->output_height + oy) * l->output_width + ox] += (product + half) >> l->product_shift;
        }
}

// Walks the run-length code: groups of the convolution, output-channel groups, folded channels.
static void add_blocks(const struct scnn_layer *l, const uint32_t *count, const int16_t *value, const uint8_t *runs,
                       const int16_t *in, int64_t *sums) {
    const uint32_t s = l->stride, rows = ceil_div(l->kernel_height, s), columns = ceil_div(l->kernel_width, s);
    const uint32_t channels = l->channels / l->groups, filters = l->filters / l->groups;
    uint64_t entry = 0;
    for (uint32_t g = 0; g < l->groups; ++g)
        for (uint32_t k = 0; k < filters; k += l->group_filters)
            for (uint32_t c = 0; c < channels * s * s; ++c) {
                uint32_t position = 0;
                for (uint32_t left = *count++; left; --left, ++entry, ++position) {
                    position += runs[entry / 2] >> (entry % 2 * 4) & 15;
                    const uint32_t row = position / columns % rows, column = position % columns;
                    add_weight(l, value[entry], g * filters + k + position / columns / rows, g * channels + c / s / s,
                               (int)(row * s + c / s % s), (int)(column * s + c % s), in, sums);
                }
            }
}

static int16_t finished(const struct scnn_layer *l, int64_t sum, int32_t bias) {
    int64_t v = (int64_t)((uint64_t)sum << 40) >> 40;   // 24 bits
    v = (v + bias + (l->output_shift ? 1ll << (l->output_shift - 1) : 0)) >> l->output_shift;
    if ((l->flags & SCNN_RELU) && v < 0) v = 0;
    return (int16_t)(v > INT16_MAX ? INT16_MAX : v < INT16_MIN ? INT16_MIN : v);
}

// Largest value of every window; averages are not this program's.
static int16_t *pooled(const struct scnn_layer *l, const int16_t *plane) {
    const uint32_t height = (l->output_height - l->pool_size) / l->pool_stride + 1;
    const uint32_t width = (l->output_width - l->pool_size) / l->pool_stride + 1;
    int16_t *out = malloc(2ull * l->filters * height * width), *to = out;
    for (uint32_t k = 0; k < l->filters; ++k)
        for (uint32_t y = 0; y < height; ++y)
            for (uint32_t x = 0; x < width; ++x, ++to) {
                *to = INT16_MIN;
                for (uint32_t i = 0; i < l->pool_size * l->pool_size; ++i) {
                    const uint32_t row = y * l->pool_stride + i / l->pool_size, column = x * l->pool_stride + i % l->pool_size;
                    const int16_t v = plane[(k * l->output_height + row) * l->output_width + column];
                    if (v > *to) *to = v;
                }
            }
    return out;
}

static int16_t *reference(const uint8_t *bytes, const int16_t *in) {
    const struct scnn_model *model = (const void *)bytes;
    const uint8_t *at = bytes + aligned(sizeof *model);
    int16_t *out = NULL;
    for (uint32_t n = 0; n < model->layers; ++n) {
        const struct scnn_layer *l = (const void *)at;
        const uint8_t *next = at + aligned(sizeof *l);
        const int32_t *bias = NULL;
        if (l->flags & SCNN_BIAS) bias = (const void *)next, next += aligned(4ull * l->filters);
        const uint32_t *count = (const void *)next;
        const int16_t *value = (const void *)(next += aligned(4ull * l->blocks));
        const uint8_t *runs = next + aligned(2ull * l->entries);
        const uint64_t plane = (uint64_t)l->output_height * l->output_width;
        int64_t *sums = calloc(l->filters * plane, sizeof *sums);
        add_blocks(l, count, value, runs, in, sums);
        int16_t *values = malloc(2 * l->filters * plane);
        for (uint64_t i = 0; i < l->filters * plane; ++i) values[i] = finished(l, sums[i], bias ? bias[i / plane] : 0);
        in = out = pooled(l, values);   // a small program: nothing is freed
        at += l->bytes;
    }
    return out;
}

int main(int count, char **arguments) {
    struct accel a;
    uint64_t model_bytes, all_bytes;
    if (count < 4) return puts("scnn_layers MODEL INPUTS OUTPUTS [sleep]"), 1;
    const uint8_t *bytes = read_file(arguments[1], &model_bytes);
    const int16_t *inputs = (const void *)read_file(arguments[2], &all_bytes);
    const struct scnn_layer *first = (const void *)(bytes + aligned(sizeof(struct scnn_model)));
    open_device(&a, "scnn", arguments[4]);   // null, where it is not given

    struct accel_job job = {.operation = SCNN_RUN,
                            .model = accel_load(&a, bytes, model_bytes),
                            .model_bytes = (uint32_t)model_bytes,
                            .input_bytes = first->channels * first->height * first->width * 2,
                            .output_bytes = (uint32_t)atoi(arguments[3]) * 2};
    for (uint64_t at = 0; at + job.input_bytes <= all_bytes; at += job.input_bytes)
        run_as(&a, &job, inputs + at / 2, reference(bytes, inputs + at / 2));
    puts("ok");
    return 0;
}
