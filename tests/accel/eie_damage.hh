// SPDX-License-Identifier: BSD-3-Clause
// Checksums that agree with a damaged EIE model, so that only its structure can give it away.
#pragma once
#include <cstring>
#include "accel/eie_model.hh"

namespace sim {

inline void mend_eie_checksums(std::span<u8> model) {
    eie_model_header header;
    std::memcpy(&header, model.data(), sizeof header);
    const u64 tables = EieTables::bytes_before_data(header);
    if (header.layers > 100 || header.sections > 10000 || tables > model.size()) return;
    for (u32 i = 0; i < header.sections; ++i) {
        eie_section_header section;
        u8 *at = model.data() + sizeof header + header.layers * sizeof(eie_layer_header) + i * sizeof section;
        std::memcpy(&section, at, sizeof section);
        if (section.offset > model.size() || section.bytes > model.size() - section.offset) continue;
        section.checksum = eie_checksum(model.data() + section.offset, section.bytes);
        std::memcpy(at, &section, sizeof section);
    }
    header.checksum = eie_checksum(model.data() + sizeof header, tables - sizeof header);
    std::memcpy(model.data(), &header, sizeof header);
}

}   // namespace sim
