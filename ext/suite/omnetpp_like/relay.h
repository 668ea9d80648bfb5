// SPDX-License-Identifier: BSD-3-Clause
// What joins hosts: the hub, which repeats bits, and the relay unit of a switch, which forwards frames.
#pragma once
#include <deque>

#include "messages.h"

namespace net {

// Every gate is a port. Repeats whatever begins at one port on all others.
class Hub final : public Module {
  public:
    using Module::Module;
    void handle(MessagePtr message, int gate) override;
    void report(Report &report) const override;

  private:
    std::uint64_t repeated_ = 0;
};

// Gate n leads to the controller of port n. Learns which port an address is behind, and forgets it again.
class Relay final : public Module {
  public:
    Relay(Simulation &simulation, std::string name);
    void handle(MessagePtr message, int gate) override;
    void on_timer(Timer &timer) override;
    void report(Report &report) const override;

  private:
    struct Entry {
        Address address = 0;  // 0 marks a free entry
        int port = 0;
        Time seen = 0;
    };
    struct Waiting {
        std::unique_ptr<Frame> frame;
        int port;
        Time since;
    };

    static constexpr std::size_t kEntries = 2048;  // a power of two, linear probing
    Entry &entry_for(Address address);
    void forward(std::unique_ptr<Frame> frame, int port);

    Timer serve_;
    std::vector<Entry> table_;
    std::deque<Waiting> waiting_;
    std::uint64_t learned_ = 0, forwarded_ = 0, flooded_ = 0, filtered_ = 0, dropped_ = 0;
    Histogram queue_delay_;
};

}  // namespace net
