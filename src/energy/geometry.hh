// SPDX-License-Identifier: BSD-3-Clause
// What circuits are made of: everything that their energy, area and delay follow from.
#pragma once
#include <string>
#include <variant>
#include "sim/types.hh"

namespace sim {

struct RamGeometry {          // register file, queue, table
    u64 words;
    u32 bits;                 // of a word
    u32 read_ports, write_ports;
};
struct CamGeometry {          // searched by key
    u64 entries;
    u32 key_bits;
    u32 search_ports, write_ports;
};
struct CacheGeometry {        // data and tags of a set-associative cache
    u64 bytes;
    u32 ways, line_bytes;
    u32 output_bits;          // that one access reads out
    u32 ports;                // of either kind
    bool is_sequential;       // tags first, then one way's data; otherwise all ways side by side
};
struct ScratchpadGeometry {   // single-ported memory macro, or one with a read and a write port
    u64 bytes;
    u32 bits;                 // of a word
    bool has_two_ports;
};
struct WireGeometry {         // repeated, semi-global
    double millimetres;
    u32 bits;                 // side by side
};
struct ArithmeticGeometry {
    enum class Operation : u8 { Add, Multiply, MultiplyAdd, Divide, Logic } operation;
    bool is_float;
    u32 bits;                 // of an operand
};
struct LatchGeometry {        // pipeline latch
    u32 bits;
};
struct DramGeometry {         // one channel
    u32 bus_bits;
    u64 row_bytes;
    u32 burst;                // transfers of a read or write
};
using Geometry = std::variant<RamGeometry, CamGeometry, CacheGeometry, ScratchpadGeometry, WireGeometry,
                              ArithmeticGeometry, LatchGeometry, DramGeometry>;

// What can be done to a circuit. Use is an operation of arithmetic, a clocking of a latch, a transfer on a wire.
enum class Verb : u8 { Read, Write, Search, Use, Activate, Precharge, Refresh };

struct Technology {
    u32 nanometres = 22;        // 16, 22, 28, 32, 45 or 90
    double supply_scale = 1;    // supply voltage relative to the node's nominal one
    double wire_activity = 0.5; // share of a bus's wires that switch in a transfer
};

}  // namespace sim
