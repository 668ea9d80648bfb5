// SPDX-License-Identifier: BSD-3-Clause
// Runs a compressed network on EIE and again in plain C, from the model's own bytes; both must agree to the bit.
//   eie_layers MODEL INPUTS OUTPUTS [sleep]     INPUTS has 16-bit activations, a job's worth after the other
// Prints the compute cycles of each job, then ok.
#include "eie_format.h"
#include "guest.h"

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
                if (entries[e] >> 4) *sum = (int16_t)within(*sum + rounded, INT16_MAX);
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
    open_device(&a, "eie", arguments[4]);   // null, where it is not given

    struct accel_job job = {.operation = EIE_LOAD,
                            .model = accel_load(&a, bytes, model_bytes),
                            .model_bytes = (uint32_t)model_bytes};
    run_well(&a, &job, &c, "loading");
    job.operation = EIE_RUN_RESIDENT;
    job.input_bytes = first->inputs * 2;
    job.output_bytes = (uint32_t)atoi(arguments[3]) * 2;
    for (uint64_t at = 0; at + job.input_bytes <= all_bytes; at += job.input_bytes)
        run_as(&a, &job, inputs + at / 2, reference(bytes, inputs + at / 2));
    puts("ok");
    return 0;
}
