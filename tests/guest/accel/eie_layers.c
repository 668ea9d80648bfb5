// SPDX-License-Identifier: BSD-3-Clause
// Runs a compressed network on EIE and again in plain C, from the model's own bytes; both must agree to the bit.
//   eie_layers MODEL INPUTS OUTPUTS [sleep]     INPUTS has 16-bit activations, a job's worth after the other
// Prints the compute cycles of each job, then ok.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "accel.h"
#include "eie_format.h"

static uint8_t *read_file(const char *path, uint64_t *bytes) {
    FILE *file = fopen(path, "rb");
    if (!file) return printf("cannot read %s\n", path), exit(1), NULL;
    fseek(file, 0, SEEK_END);
    *bytes = (uint64_t)ftell(file);
    rewind(file);
    uint8_t *data = malloc(*bytes + 1);
    if (fread(data, 1, *bytes, file) != *bytes) exit(1);
    fclose(file);
    return data;
}

static int16_t saturated(int64_t value) {
    return (int16_t)(value > INT16_MAX ? INT16_MAX : value < INT16_MIN ? INT16_MIN : value);
}

// One section: for each PE, pointers and then entries; columns ascending.
static void reference_section(const struct eie_model_header *model, const struct eie_layer_header *layer,
                              const struct eie_section_header *section, const int16_t *in, int16_t *out) {
    const uint8_t *data = (const uint8_t *)model + section->offset;
    const uint32_t pointers = section->columns + 1;
    const uint8_t *entries = data + 2ull * pointers * model->pes;
    for (uint32_t pe = 0; pe < model->pes; ++pe) {
        uint16_t pointer[2];
        for (uint32_t n = 0; n < section->columns; ++n) {
            const uint32_t column = section->first_column + n;
            const int64_t activation = column == layer->inputs ? layer->one : in[column];
            memcpy(pointer, data + 2ull * (pe * pointers + n), sizeof pointer);
            uint64_t row = section->row_block * model->registers;
            for (uint32_t e = pointer[0]; e < pointer[1]; ++e) {
                row += entries[e] & 15;
                const int64_t product = layer->codebook[entries[e] >> 4] * activation;
                const int64_t rounded =
                    layer->shift ? (product + (1ll << (layer->shift - 1))) >> layer->shift : product;
                int16_t *sum = &out[row * model->pes + pe];
                if (entries[e] >> 4) *sum = saturated(*sum + rounded);
                ++row;
            }
        }
        memcpy(pointer, data + 2ull * (pe * pointers + section->columns), sizeof *pointer);
        entries += pointer[0];
    }
}

static int16_t *reference(const uint8_t *bytes, const int16_t *in) {
    const struct eie_model_header *model = (const void *)bytes;
    const struct eie_layer_header *layers = (const void *)(model + 1);
    const struct eie_section_header *sections = (const void *)(layers + model->layers);
    int16_t *out = NULL;
    for (uint32_t l = 0; l < model->layers; ++l) {
        const struct eie_layer_header *layer = &layers[l];
        out = calloc(layer->outputs, sizeof *out);
        for (uint32_t s = 0; s < layer->sections; ++s)
            reference_section(model, layer, &sections[layer->first_section + s], in, out);
        for (uint32_t i = 0; i < layer->outputs; ++i)
            if ((layer->flags & EIE_RELU) && out[i] < 0) out[i] = 0;
        in = out;   // a small program: the former layer's outputs are not freed
    }
    return out;
}

int main(int count, char **arguments) {
    struct accel a;
    struct accel_completion c;
    uint64_t model_bytes, all_bytes;
    if (count < 4) return puts("eie_layers MODEL INPUTS OUTPUTS [sleep]"), 1;
    const uint8_t *bytes = read_file(arguments[1], &model_bytes);
    const int16_t *inputs = (const void *)read_file(arguments[2], &all_bytes);
    const struct eie_layer_header *first = (const void *)(bytes + sizeof(struct eie_model_header));
    const uint32_t in_bytes = first->inputs * 2, out_bytes = (uint32_t)atoi(arguments[3]) * 2;
    if (accel_open(&a, "eie") != ACCEL_OK) return puts("there is no EIE"), 1;
    if (count > 4 && strcmp(arguments[4], "sleep") == 0) accel_use_interrupts(&a, true);

    struct accel_job job = {.operation = EIE_LOAD,
                            .model = accel_load(&a, bytes, model_bytes),
                            .model_bytes = (uint32_t)model_bytes};
    int status = accel_run(&a, &job, &c);
    if (status != ACCEL_OK) return printf("loading: %s\n", accel_status_name(status)), 1;
    job.operation = EIE_RUN_RESIDENT;
    job.input_bytes = in_bytes, job.output_bytes = out_bytes;
    for (uint64_t at = 0; at + in_bytes <= all_bytes; at += in_bytes) {
        const int16_t *in = inputs + at / 2;
        job.input = accel_load(&a, in, in_bytes);
        int16_t *out = job.output = accel_alloc(&a, out_bytes);
        status = accel_run(&a, &job, &c);
        if (status != ACCEL_OK) return printf("running: %s\n", accel_status_name(status)), 1;
        accel_take(&a, out, out_bytes);
        if (memcmp(out, reference(bytes, in), out_bytes) != 0) return puts("the outputs differ"), 1;
        printf("%lu\n", (unsigned long)c.compute_cycles);
    }
    puts("ok");
    return 0;
}
