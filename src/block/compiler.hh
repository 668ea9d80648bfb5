// SPDX-License-Identifier: BSD-3-Clause
// The block compiler: turns an ordinary binary into blocks, on demand, and keeps them by start pc.
#pragma once
#include <memory>
#include "block/control_flow.hh"

namespace sim {

// Where the laid-out code lives: addresses that only the instruction cache, BTB and predictor see.
inline constexpr Address kLayoutBase = 0x40'0000'0000, kRunTimeLayoutBase = 0x50'0000'0000;

class BlockCompiler final : private CodeListener {
  public:
    struct Counts {
        u64 compiled_blocks = 0, run_time_blocks = 0, spilled_values = 0;
    };

    BlockCompiler(const Program &program, GuestMemory &memory, DecodeCache &code, const BlockLimits &limits);

    // The block that starts at `pc` if it exists or the analysis of the binary knows that one does, else null.
    const Block *find(Address pc) {
        if (pc < GuestMemory::kSize && !(pc & 1))
            if (const Page *page = pages_.get()[pc >> GuestMemory::kPageBits])
                if (const Block *b = page->blocks[slot(pc)]) return b;
        return find_static(pc);
    }
    // The block that starts at `pc`, compiled now with everything live at its end where it was not known. Only for
    // correct-path addresses. Never null: where nothing can be fetched, a special block that is `faulted`.
    const Block *compile(Address pc);

    const ControlFlow &control_flow() const { return flow_; }
    const BlockLimits &limits() const { return limits_; }
    // Every block of the static layout as (start, end), ascending.
    std::vector<std::pair<Address, Address>> layout() const;

    Counts counts;

  private:
    struct Page {
        const Block *blocks[GuestMemory::kPageBytes / 2] = {};
    };
    struct Free {
        void operator()(Page **p) const { std::free(p); }
    };
    static unsigned slot(Address pc) { return (pc & (GuestMemory::kPageBytes - 1)) >> 1; }
    const Block *find_static(Address pc);
    const Block *keep(std::unique_ptr<Block> block);
    void lay_out();
    Address cut(Address start, u32 &head_bytes) const;          // end of the block that starts there
    RegisterSet live_at(const ControlFlow::Node &node, Address pc) const;
    std::unique_ptr<Block> build(Address start, Address end, RegisterSet live_out, Address head, u32 head_bytes);
    void code_changed(Address page) override;

    const BlockLimits limits_;
    GuestMemory &memory_;
    DecodeCache &code_;
    ControlFlow flow_;
    std::unique_ptr<Page *, Free> pages_;
    std::vector<std::unique_ptr<Page>> owned_pages_;
    std::vector<std::unique_ptr<Block>> owned_;       // also those of rewritten code: they may be in flight
    struct Placed {
        Address start, end, head;
        u32 head_bytes, node;
    };
    std::vector<Placed> placed_;                      // the static layout, ascending
    bool analysis_holds_ = true;                      // until analysed code is written
    Address run_time_end_ = kRunTimeLayoutBase;
};

// Schedules and names the operands of one block's instructions (given in program order).
struct ScheduledBlock {
    std::vector<BlockInstruction> code;
    RegisterSet reads = 0, left_stale = 0, written = 0;
    u32 global_writes = 0, spilled = 0;
};
ScheduledBlock schedule_block(const std::vector<Decoded> &program_order, RegisterSet live_out, const BlockLimits &limits);

}  // namespace sim
