// SPDX-License-Identifier: BSD-3-Clause
// Block fetch: one prediction a block, driven by its head; the laid-out code is read from the instruction cache.
#pragma once
#include <bit>
#include "block/compiler.hh"
#include "core/front_end.hh"

namespace sim {

// One dynamic block on its way from fetch to allocation.
struct FetchedBlock {
    const Block *block = nullptr;
    u64 id = 0;                  // ascending in fetch order
    u64 first_id = 0;            // trace id of its first instruction in scheduled order
    u64 number = 0;              // of its first instruction in program order, as the oracle names it; 0 without one
    u64 ticket = 0;              // of the predictor, for blocks that end in a transfer
    Address next = 0;            // predicted original pc behind it
    Cycle head_decoded = 0;      // when the decoder sees its head
    Bubble before = Bubble::None;
    bool known = false;          // the BTB knew it
    bool decoded = false;
    u32 fetched = 0;             // instructions fetched so far
    u32 taken = 0;               // instructions handed over so far
    u32 line_reads = 0, lookups = 0;   // of instruction cache and predictor, for it; not yet the core's to account for
};

class BlockFetch final : private MemoryClient {
  public:
    struct Wiring {
        Memory *l1i;
        Tlb *itlb;                    // may be null
        BranchPredictor *predictor;
        u32 width;                    // heads and instructions a cycle
        u32 blocks_per_cycle;         // blocks that one cycle may begin
        u32 fetch_to_decode, decode_to_dispatch;   // cycles
        u32 queue_entries;            // instructions beyond those in the pipeline's latches
        bool ideal_icache;            // every fetch hits
        bool predict_blocks = true;   // else once a fetch group, and decode sees no transfer before it is there
        Oracle *oracle = nullptr;     // of limit studies
    };
    struct Counts {
        u64 heads = 0, fetched_instructions = 0, line_reads = 0, decode_redirects = 0, block_lookups = 0;
        u64 dropped_decoded = 0;      // instructions decoded, but never handed over
        u64 dropped_fetches = 0;      // decoded or not
        // What was spent on blocks that were dropped here or squashed by the core.
        u64 squashed_line_reads = 0, squashed_groups = 0, squashed_heads = 0;
    };
    struct Head {                     // what allocation may take next
        FetchedBlock *block;
        u32 position;                 // in scheduled order
    };

    BlockFetch(const Wiring &wiring, const CoreStart &start, BlockCompiler &compiler);

    void tick(Cycle now);
    bool head(Cycle now, Head &out);
    void pop();                       // the instruction that head() showed
    Bubble bubble() const;
    u64 redirect(Address pc, Cycle now, Bubble why);   // as FrontEnd::redirect
    // Fetch stands at this pc, which no block is known for; only the core knows whether it is on the correct path.
    bool wants_block() const { return unknown_; }
    Address pc() const { return pc_; }
    void block_made() { unknown_ = false; }
    // An instruction that the core carries out by itself, while nothing is in flight, is in the trace, too.
    void trace_alone(Cycle begin, Cycle now, Address pc, const std::string &text);
    bool empty() const { return head_ == tail_; }
    void count_squashed(const FetchedBlock &b, bool with_head) {
        counts.squashed_line_reads += b.line_reads;
        counts.squashed_groups += b.lookups;
        counts.squashed_heads += with_head && b.head_decoded != kNever && b.block->head_bytes;
    }
    Cycle next_work(Cycle now) const;
    u32 capacity() const { return u32(blocks_.size()); }   // blocks
    static u32 capacity_of(const Wiring &w) {
        return std::bit_ceil(w.width * (w.fetch_to_decode + w.decode_to_dispatch) + w.queue_entries + 4);
    }

    Counts counts;

  private:
    bool late(const Block &block) const { return !wiring_.predict_blocks && block.ends_in_control; }
    // A fetch group waits until all of it fits: no line is read twice for it. There are at most two blocks in the queue
    // without an instruction of their own there.
    bool full() const { return queued_ + wiring_.width > capacity_; }
    void decode(Cycle now);
    void fetch(Cycle now);
    bool begin(Cycle now);
    bool read(Address from, Address to, Cycle now, Cycle &ready);
    bool read_line(Address line, Cycle now);
    void drop_from(u64 position, Cycle now);
    void memory_done(u32 tag, Cycle now) override;
    void trace_fetch(FetchedBlock &b, Cycle now);

    const Wiring wiring_;
    BlockCompiler &compiler_;
    BranchPredictor &predictor_;
    PipelineTrace *trace_;
    u32 capacity_;                    // instructions
    std::vector<FetchedBlock> blocks_;   // ring by position
    std::vector<Cycle> ready_;        // by ring slot and scheduled position: first cycle for allocation
    Cycle &ready_at(u64 block, u32 position) { return ready_[(block & mask_) * most_ + position]; }
    Cycle ready_at(u64 block, u32 position) const { return ready_[(block & mask_) * most_ + position]; }
    u64 mask_;
    u32 most_;                        // instructions of a block
    u64 head_ = 0, decoded_ = 0, tail_ = 0;
    u64 queued_ = 0;                  // instructions fetched and not handed over
    bool in_block_ = false;           // the youngest block is still being fetched
    bool head_read_ = false;          // its head has been fetched
    Address pc_ = 0;
    Cycle resume_ = 0;
    u64 next_id_ = 0, next_block_ = 0;
    u32 epoch_ = 0;
    Address line_ = ~Address{0};      // read in this cycle
    Cycle line_ready_ = 0;
    Address held_ = ~Address{0};      // bytes from here on were read up to line held_until_
    Address held_until_ = 0;
    Cycle held_ready_ = 0;
    bool waiting_ = false, unknown_ = false;
    Bubble why_ = Bubble::Misprediction;
    Address page_ = ~Address{0};
};

}  // namespace sim
