// SPDX-License-Identifier: BSD-3-Clause
// Runs an LSTM on ESE, in two jobs of which the second goes on from the first, and again in plain C from the model's own
// bytes; both must agree to the bit.
//   ese_lstm MODEL INPUTS CHANNELS [sleep]     INPUTS has an even number of time steps, each of all channels
// Prints the compute cycles of each job, then ok.
#include "ese_format.h"
#include "guest.h"

struct lstm {
    const struct ese_model_header *header;
    const int32_t *bias;
    const int16_t *peepholes, *sigmoid, *tanh;
    int16_t *weights[ESE_MATRICES];   // rows x columns
    int64_t shift[ESE_MATRICES];
};

static int64_t scaled(int64_t value, uint32_t shift) { return (value + ((1ll << shift) >> 1)) >> shift; }

static struct lstm unpacked(const uint8_t *bytes) {
    const struct ese_model_header *h = (const void *)bytes;
    const struct ese_matrix_header *matrices = (const void *)(bytes + sizeof *h);
    const struct ese_section_header *sections = (const void *)(matrices + ESE_MATRICES);
    struct lstm l = {.header = h, .bias = (const void *)(bytes + h->vectors_offset)};
    l.peepholes = (const void *)(l.bias + 4 * h->cells);
    l.sigmoid = l.peepholes + 3 * h->cells;
    l.tanh = l.sigmoid + ESE_TABLE;
    for (int m = 0; m < ESE_MATRICES; ++m) {
        l.weights[m] = calloc((size_t)matrices[m].rows * matrices[m].columns, sizeof(int16_t));
        l.shift[m] = matrices[m].shift;
        for (uint32_t s = matrices[m].first_section; s < matrices[m].first_section + matrices[m].sections; ++s) {
            const uint16_t *pointers = (const void *)(bytes + sections[s].offset);
            const uint16_t *entries = pointers + (size_t)h->pes * (sections[s].columns + 1);
            for (uint32_t pe = 0; pe < h->pes; ++pe)
                for (uint32_t c = 0; c < sections[s].columns; ++c) {
                    uint32_t row = pe;
                    for (uint32_t e = pointers[c * h->pes + pe]; e < pointers[(c + 1) * h->pes + pe]; ++e, row += h->pes) {
                        row += (entries[e * h->pes + pe] & 15) * h->pes;
                        l.weights[m][row * matrices[m].columns + sections[s].first_column + c] =
                            (int16_t)((int16_t)entries[e * h->pes + pe] >> 4);
                    }
                }
        }
    }
    return l;
}

static int64_t product(const struct lstm *l, int m, uint32_t row, const int16_t *vector, uint32_t columns, int64_t sum) {
    for (uint32_t c = 0; c < columns; ++c)
        sum = within(sum + scaled((int64_t)l->weights[m][row * columns + c] * vector[c], (uint32_t)l->shift[m]), INT32_MAX);
    return sum;
}

static int64_t looked_up(const int16_t *table, int64_t value, uint32_t shift) {
    const int64_t place = scaled(value, shift) + ESE_TABLE / 2;
    return table[place < 0 ? 0 : place >= ESE_TABLE ? ESE_TABLE - 1 : place];
}

// Gate 0 to 3: i, f, g, o.
static int64_t gate(const struct lstm *l, int number, uint32_t cell, const int16_t *x, const int16_t *y, int16_t c) {
    const struct ese_model_header *h = l->header;
    int64_t sum = product(l, 2 * number, cell, x, h->inputs, 0);
    sum = product(l, 2 * number + 1, cell, y, h->outputs, sum);
    if (number != 2) {
        const int16_t peephole = l->peepholes[(number == 3 ? 2 : (uint32_t)number) * h->cells + cell];
        sum = within(sum + scaled((int64_t)peephole * c, h->peephole_shift), INT32_MAX);
    }
    sum = within(sum + l->bias[(uint32_t)number * h->cells + cell], INT32_MAX);
    return number == 2 ? looked_up(l->tanh, sum, h->tanh_shift) : looked_up(l->sigmoid, sum, h->sigmoid_shift);
}

static void step(const struct lstm *l, const int16_t *x, int16_t *y, int16_t *c) {
    const struct ese_model_header *h = l->header;
    int16_t m[h->cells];
    for (uint32_t cell = 0; cell < h->cells; ++cell) {
        const int64_t i = gate(l, 0, cell, x, y, c[cell]), f = gate(l, 1, cell, x, y, c[cell]), g = gate(l, 2, cell, x, y, 0);
        c[cell] = (int16_t)within(scaled(f * c[cell] * (1 << (15 - h->state_fraction)) + i * g, 30 - h->state_fraction), INT16_MAX);
        const int64_t o = gate(l, 3, cell, x, y, c[cell]);
        m[cell] = (int16_t)within(scaled(o * looked_up(l->tanh, c[cell], h->cell_tanh_shift), 15), INT16_MAX);
    }
    for (uint32_t row = 0; row < h->outputs; ++row)
        y[row] = (int16_t)within(scaled(product(l, ESE_YM, row, m, h->cells, 0), h->y_shift), INT16_MAX);
}

int main(int count, char **arguments) {
    struct accel a;
    struct accel_completion done;
    uint64_t model_bytes, input_bytes;
    if (count < 4) return puts("ese_lstm MODEL INPUTS CHANNELS [sleep]"), 1;
    const uint8_t *bytes = read_file(arguments[1], &model_bytes);
    const int16_t *inputs = (const void *)read_file(arguments[2], &input_bytes);
    const struct lstm l = unpacked(bytes);
    const uint32_t channels = (uint32_t)atoi(arguments[3]), in = l.header->inputs, out = l.header->outputs;
    const uint32_t half = (uint32_t)(input_bytes / 2 / in / channels / 2);   // steps of a job
    open_device(&a, "ese", arguments[4]);   // null, where it is not given

    struct accel_job job = {.operation = ESE_LOAD,
                            .model = accel_load(&a, bytes, model_bytes),
                            .model_bytes = (uint32_t)model_bytes};
    run_well(&a, &job, &done, "loading");
    job.operation = ESE_RUN;
    job.input_bytes = half * channels * in * 2;
    job.output_bytes = half * channels * out * 2;
    int16_t *y = calloc((size_t)channels * out, 2), *c = calloc((size_t)channels * l.header->cells, 2);
    int16_t *expected = malloc(job.output_bytes);
    for (uint32_t part = 0; part < 2; ++part) {
        const int16_t *x = inputs + (size_t)part * half * channels * in;
        for (uint32_t s = 0; s < half; ++s) {
            for (uint32_t k = 0; k < channels; ++k)
                step(&l, x + (s * channels + k) * in, y + k * out, c + k * l.header->cells);
            memcpy(expected + s * channels * out, y, (size_t)channels * out * 2);
        }
        job.arguments[0] = half, job.arguments[1] = channels, job.arguments[2] = part;
        run_as(&a, &job, x, expected);
    }
    puts("ok");
    return 0;
}
