// SPDX-License-Identifier: BSD-3-Clause
// The transfers that an engine waits for: sent as the DMA takes them, done when all have come.
#pragma once
#include <vector>
#include "device/engine.hh"

namespace sim {

class Transfers {
  public:
    void begin(Dma &dma) {
        dma_ = &dma;
        all_.clear();
        sent_ = done_ = 0;
        failed_ = false;
    }
    void read(Address bus, std::span<u8> into) {
        if (!into.empty()) all_.push_back({bus, into, false});
    }
    void write(Address bus, std::span<u8> from) {
        if (!from.empty()) all_.push_back({bus, from, true});
    }
    // Offers to the DMA what it has refused so far; true when nothing is left to wait for.
    bool poll() {
        for (; sent_ < all_.size(); ++sent_) {
            const Transfer transfer = all_[sent_];
            const bool taken = transfer.is_write ? dma_->write(transfer.bus, transfer.bytes, sent_)
                                                 : dma_->read(transfer.bus, transfer.bytes, sent_);
            if (!taken) break;
        }
        if (done_ < all_.size()) return false;
        all_.clear();
        sent_ = done_ = 0;
        return true;
    }
    void done(bool ok) {
        ++done_;
        failed_ |= !ok;
    }
    bool failed() const { return failed_; }

  private:
    struct Transfer {
        Address bus;
        std::span<u8> bytes;
        bool is_write;
    };
    Dma *dma_ = nullptr;
    std::vector<Transfer> all_;
    u32 sent_ = 0, done_ = 0;
    bool failed_ = false;
};

}  // namespace sim
