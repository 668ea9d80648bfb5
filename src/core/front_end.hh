// SPDX-License-Identifier: BSD-3-Clause
// Fetch and decode of the instruction-grained cores: predicts, reads the instruction cache, follows wrong paths, and
// hands decoded instructions over in order.
#pragma once
#include <bit>
#include "core/core.hh"
#include "core/decode_cache.hh"
#include "core/oracle.hh"
#include "memory/memory.hh"
#include "memory/tlb.hh"
#include "predictor/branch_predictor.hh"
#include "trace/pipeline_trace.hh"

namespace sim {

// Why a slot that dispatch could have filled stayed empty; cores add their own back-end reasons.
enum class Bubble : u8 {
    None,
    Misprediction,     // refill after a wrong direction or target
    DecodeRedirect,    // the BTB did not know a direct transfer or return; decode found it
    FetchMiss,         // instruction cache or TLB
    FetchLimit,        // taken branch, line end, width: fetch brought less than dispatch could take
    Squash,            // refill after a memory-order violation or a serialising instruction
    WrongPath,         // fetch ran into something that cannot be fetched
};

constexpr BranchKind branch_kind(const Decoded &d) {
    if (d.op_class == OpClass::Branch) return BranchKind::Conditional;
    if (d.op_class == OpClass::Jump) return d.is_call() ? BranchKind::Call : BranchKind::Jump;
    if (d.is_return()) return BranchKind::Return;
    return d.is_call() ? BranchKind::IndirectCall : BranchKind::Indirect;
}

inline constexpr u8 kBeginsGroup = 128;

struct Fetched {
    u64 id;                  // ascending in fetch order; names it in traces
    Address pc, next;        // `next`: predicted
    Cycle ready;             // first cycle in which dispatch may take it
    Cycle decoded;           // cycle in which the decoder sees it
    u64 ticket;              // of the predictor, for control transfers
    Decoded d;
    Bubble before;           // what held fetch up just before it
    bool is_control, known;  // known: the BTB hit
    u8 reads;                // instruction-cache reads made for it; kBeginsGroup: the predictor's tables were read, too
    bool faulted;            // nothing can be fetched here, or it is no instruction; d is empty
    Fault fault;
};

class FrontEnd final : private MemoryClient {
  public:
    struct Wiring {
        Memory *l1i;
        Tlb *itlb;                    // may be null
        BranchPredictor *predictor;
        u32 width;                    // instructions a cycle
        u32 fetch_to_decode;          // cycles
        u32 decode_to_dispatch;       // cycles
        u32 queue_entries;            // beyond those in the pipeline's latches
        u32 taken_per_cycle;          // taken transfers that one cycle's fetch may follow
        Oracle *oracle = nullptr;     // of limit studies
    };
    struct Counts {
        u64 fetched_instructions = 0, line_reads = 0, decode_redirects = 0;
        u64 dropped_decoded = 0;      // decoded, but never handed over
        u64 dropped_fetches = 0;      // never handed over, decoded or not
        // What was spent on instructions that were dropped here or squashed by the core.
        u64 squashed_line_reads = 0, squashed_groups = 0;
    };

    FrontEnd(const Wiring &wiring, const CoreStart &start, DecodeCache &code);

    void tick(Cycle now);                       // decode, then fetch
    // The oldest instruction if dispatch may take it now, else null.
    Fetched *head(Cycle now) {
        return !empty() && queue_[head_ & mask_].ready <= now && decoded_ != head_ ? &queue_[head_ & mask_] : nullptr;
    }
    void pop() { ++head_; }
    Bubble bubble(Cycle now) const;             // why head() is null

    // Fetch goes on at `pc` in the next cycle; everything fetched is dropped. Returns the first dropped ticket or ~0:
    // the caller tells the predictor.
    u64 redirect(Address pc, Cycle now, Bubble why);
    void count_squashed(u8 reads) {   // an instruction that was handed over with so many Fetched::reads
        counts.squashed_line_reads += reads % kBeginsGroup;
        counts.squashed_groups += reads / kBeginsGroup;
    }
    u32 capacity() const { return capacity_of(wiring_); }   // instructions it may hold
    static u32 capacity_of(const Wiring &w) {
        const u32 latches = w.width * (w.fetch_to_decode + w.decode_to_dispatch);
        return std::bit_ceil(latches + w.queue_entries + w.width);
    }
    Cycle next_work(Cycle now) const;           // first cycle > now in which tick() could matter

    Counts counts;

  private:
    bool empty() const { return head_ == tail_; }
    // A fetch group waits until all of it fits: none is read twice.
    bool full() const { return tail_ - head_ + wiring_.width > capacity_; }
    void decode(Cycle now);
    void fetch(Cycle now);
    bool line_ready(Address pc, Cycle now, Cycle &ready);
    bool append(Cycle ready, Cycle now);        // the instruction at pc_; false: fetch stops for this cycle
    void drop_after(u64 position, Cycle now);
    void memory_done(u32 tag, Cycle now) override;

    const Wiring wiring_;
    DecodeCache &code_;
    BranchPredictor &predictor_;
    PipelineTrace *trace_;
    u32 capacity_;
    u64 mask_;
    std::vector<Fetched> queue_;
    u64 head_ = 0, decoded_ = 0, tail_ = 0;     // positions; [head, decoded) have passed the decoder
    Address pc_ = 0;
    Cycle resume_ = 0;                          // fetch does nothing before
    u64 next_id_ = 0;
    u32 epoch_ = 0;                             // tags cache misses; older answers are ignored
    u32 taken_this_cycle_ = 0;
    u8 reads_ = 0;                              // for the next instruction: Fetched::reads
    bool waiting_ = false;                      // for the cache
    bool stopped_ = false;                      // at something that cannot be fetched
    Bubble why_ = Bubble::Misprediction;        // of the present hold-up
    static constexpr Address kNowhere = ~Address{0};
    Address split_ = kNowhere;                  // instruction across two lines whose first part has been read
    Cycle split_ready_ = 0;                     // when that part is there
    Address page_ = ~Address{0};                // last page the TLB translated
};

}  // namespace sim
