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
    u32 read_ports, write_ports;   // 1 and 0: one port that does both
    bool operator==(const RamGeometry &) const = default;
};
struct CamGeometry {          // searched by key
    u64 entries;
    u32 key_bits;
    u32 search_ports, write_ports;
    bool operator==(const CamGeometry &) const = default;
};
struct CacheGeometry {        // data and tags of a set-associative cache
    u64 bytes;
    u32 ways, line_bytes;
    u32 output_bits;          // that one access reads out
    u32 ports;                // of either kind
    bool is_sequential;       // tags first, then one way's data; otherwise all ways side by side
    // Memory cells of slower transistors that leak little (low standby power), high performance around them; otherwise
    // high performance throughout.
    bool low_standby_cells = false;
    bool operator==(const CacheGeometry &) const = default;
};
struct ScratchpadGeometry {   // single-ported memory macro, or one with a read and a write port
    u64 bytes;
    u32 bits;                 // of a word
    bool has_two_ports;
    bool operator==(const ScratchpadGeometry &) const = default;
};
struct WireGeometry {         // repeated, semi-global
    double millimetres;
    u32 bits;                 // side by side
    bool operator==(const WireGeometry &) const = default;
};
struct ArithmeticGeometry {
    enum class Operation : u8 { Add, Multiply, MultiplyAdd, Divide, Logic } operation;
    bool is_float;
    u32 bits;                 // of an operand
    bool operator==(const ArithmeticGeometry &) const = default;
};
struct LatchGeometry {        // pipeline latch
    u32 bits;
    bool operator==(const LatchGeometry &) const = default;
};
struct DramGeometry {         // one channel
    u32 bus_bits;
    u64 row_bytes;
    u32 burst;                // transfers of a read or write
    u32 chip_megabits = 1024; // of each of the x8 chips beside each other
    // Pins and controller: 20 pJ/bit of a whole access (EIE, ISCA 2016, table I: 640 pJ per 32 bits) less 5.4 of a
    // 1 Gbit die at 45 nm.
    double interface_pj_per_bit = 14.6;
    bool operator==(const DramGeometry &) const = default;
};
struct TagGeometry {          // tags of a cache, read and compared a set at a time
    u64 sets;
    u32 ways;
    u32 bits = 30;            // of a tag with its state
    bool operator==(const TagGeometry &) const = default;
};
struct ClockGeometry {        // H-tree over a core; latches pay for their own pins
    double area_mm2;
    double leaf_pitch_mm = 0.1;   // the tree ends in squares of this side
    bool operator==(const ClockGeometry &) const = default;
};
using Geometry = std::variant<RamGeometry, CamGeometry, CacheGeometry, ScratchpadGeometry, WireGeometry,
                              ArithmeticGeometry, LatchGeometry, DramGeometry, TagGeometry, ClockGeometry>;

// What can be done to a circuit. Use is an operation of arithmetic, a clocking of a latch, a transfer on a
// wire, a cycle of a clock tree; Idle a cycle of a latch or clock tree without use. The Search of a cache or of
// tags looks up all tags of a set.
enum class Verb : u8 { Read, Write, Search, Use, Activate, Precharge, Refresh, Idle };

struct Technology {
    u32 nanometres = 22;        // 16, 22, 28, 32, 45 or 90
    double supply_scale = 1;    // supply voltage relative to the node's nominal one
    double wire_activity = 0.5; // share of a bus's wires that switch in a transfer (CG-OoO paper, p. 7)
    double latch_activity = 0.5;   // share of a latch's bits that flip in a clocking (CG-OoO: energy / 2)
    // Share of the clockings of idle circuits that gating suppresses. CG-OoO charges latches only when accessed: 1.
    double clock_gating = 1;
};

}  // namespace sim
