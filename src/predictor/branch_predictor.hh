// SPDX-License-Identifier: BSD-3-Clause
// The front end's whole predictor: a direction predictor, a BTB, an indirect-target predictor and a return
// stack, and one record for every control transfer in flight so that recovery is exact.
#pragma once
#include <vector>
#include "predictor/btb.hh"
#include "predictor/predictor.hh"
#include "predictor/return_stack.hh"

namespace sim {

class BranchPredictor final : public Model<BranchPredictor, Component> {
  public:
    struct Params : Described<Params> {
        CHILD(DirectionPredictor, direction, required, "guesses taken or not taken");
        CHILD(TargetPredictor, indirect, optional,
              "guesses targets of indirect jumps; none: the BTB's last target");
        PARAM(u32, btb_entries, 4096, "entries", "control transfers whose target fetch knows");
        PARAM(u32, btb_ways, 1, "entries", "BTB entries a set");
        PARAM(u32, btb_tag_bits, 16, "bits", "partial tag kept by a BTB entry");
        PARAM(u32, return_stack_entries, 16, "entries", "return addresses remembered");
        PARAM(bool, perfect, false, "", "take every outcome and target from the oracle (a limit study)");
    };
    struct Stats : Described<Stats> {
        STAT(lookups, "lookups", "control transfers predicted, wrong path included");
        STAT(conditional_branches, "branches", "committed conditional branches");
        STAT(conditional_mispredictions, "branches",
             "committed conditional branches whose direction was predicted wrong");
        STAT(indirect_transfers, "transfers", "committed indirect jumps and calls, returns apart");
        STAT(indirect_mispredictions, "transfers",
             "committed indirect jumps and calls sent to a wrong target");
        STAT(returns, "transfers", "committed returns");
        STAT(return_mispredictions, "transfers", "committed returns sent to a wrong target");
        STAT(direct_transfers, "transfers", "committed direct jumps and calls");
        STAT(btb_lookups, "lookups", "BTB reads");
        STAT(btb_hits, "lookups", "BTB reads that found their transfer");
        STAT(btb_updates, "writes", "BTB writes");
        STAT(direction_updates, "writes", "trainings of the direction predictor");
        STAT(group_lookups, "lookups", "fetch groups, or blocks, for which fetch read the BTB and the direction tables");
        STAT(return_stack_pushes, "writes", "return addresses written by calls that fetch met");
        STAT(return_stack_pops, "reads", "return addresses read by returns that fetch met");
        FORMULA(direction_accuracy, "1", "share of committed conditional branches predicted right",
                conditional_branches ? 1 - ratio(conditional_mispredictions, conditional_branches) : 0);
    };
    explicit BranchPredictor(const Params &);
    const Params &params() const { return params_; }

    // Room for this many control transfers between predict() and commit(); the core calls it once.
    void set_capacity(u32 in_flight);

    // Fetch begins a group, or a block: it reads the BTB and the direction predictor before it knows what stands there.
    void count_group() { ++stats.group_lookups; }

    // At fetch, in fetch order. Direction and history are updated speculatively with the guess. With btb_hit
    // false the transfer was not recognised at fetch: `next` is then fall_through (and not taken), except
    // that after `decoded` the front end calls decode_redirect() where the decoder can do better.
    Prediction predict(const Branch &branch);

    // The decoder has seen a transfer that the BTB did not know. A direct jump or call goes to its target, a
    // return to the return stack's top, a conditional branch where the direction predictor said at fetch, an
    // indirect one to the target predictor's target. If that is another way than guessed, everything younger
    // is undone (squash(ticket + 1) is done here) and the new guess takes the old one's place under the same
    // ticket; else nothing changes and the younger stay.
    Prediction decode_redirect(u64 ticket);

    // Execution found that `ticket` went elsewhere than guessed: undoes every younger ticket's speculative
    // history and return-stack change and this one's, then applies the true outcome.
    void resolve(u64 ticket, bool taken, Address next);

    // `ticket` and all younger ones never happened: undoes their speculation.
    void squash(u64 ticket);

    // `ticket` is the oldest and architectural: trains with the true outcome and frees its record.
    void commit(u64 ticket, bool taken, Address next);

    void list_structures(std::vector<Structure> &) const override;
    u64 next_ticket() const { return next_; }   // what the next predict() will return

    Stats stats;

  private:
    struct Record {
        Branch branch;
        Prediction guess;
        Address followed;   // where the speculative state says that it went: the guess or the truth
        Address indirect_target;   // the target predictor's answer; 0: none
        bool direction_taken;   // the direction predictor's answer; true unless conditional
        ReturnStack::Change stack;
        PredictorState direction, target;
    };
    Record &record(u64 ticket) { return records_[ticket & record_mask_]; }
    void rewind(u64 ticket);
    void ask(Record &);
    void guess(Record &, BranchKind kind, Address next);
    Address destination(const Record &, BranchKind kind, Address known, Address return_address) const;
    Address return_address(u64 ticket);
    void follow(Record &, BranchKind kind, bool taken, Address next);
    void count_committed(const Record &, bool taken, Address next);

    const Params params_;
    Btb btb_;
    ReturnStack stack_;
    std::vector<Record> records_;   // ring, indexed by ticket
    u64 record_mask_ = 0;
    u64 oldest_ = 0, next_ = 0;   // tickets in flight: oldest_ up to, but without, next_
};

}   // namespace sim
