// SPDX-License-Identifier: BSD-3-Clause
// The return stack: a circle of return addresses in which every push and pop can be taken back exactly.
#pragma once
#include <vector>
#include "sim/types.hh"

namespace sim {

// It keeps no depth, as hardware does: the deepest calls overwrite the oldest ones, and an empty stack
// answers with what a former call left, 0 if none did.
class ReturnStack {
  public:
    struct Change {
        u32 top;   // before the change
        bool pushed;
        Address overwritten;   // by the push
    };
    explicit ReturnStack(u32 entries) : addresses_(entries, 0) {}

    Address top() const { return addresses_[top_]; }
    Address at(u32 top) const { return addresses_[top]; }
    u32 above(u32 top) const { return top + 1 == addresses_.size() ? 0 : top + 1; }
    Change keep() const { return {top_, false, 0}; }
    Change push(Address address) {
        const u32 before = top_;
        top_ = above(top_);
        const Change change{before, true, addresses_[top_]};
        addresses_[top_] = address;
        return change;
    }
    Change pop() {
        const Change change = keep();
        top_ = top_ == 0 ? u32(addresses_.size()) - 1 : top_ - 1;
        return change;
    }
    // Youngest change first.
    void undo(const Change &change) {
        if (change.pushed) addresses_[top_] = change.overwritten;
        top_ = change.top;
    }

  private:
    std::vector<Address> addresses_;
    u32 top_ = 0;   // where the youngest address lies
};

}   // namespace sim
