// SPDX-License-Identifier: BSD-3-Clause
// The link layer of a host: cuts packets into frames and puts them together again for the applications.
#pragma once
#include <map>

#include "messages.h"

namespace net {

class LinkLayer final : public Module {
  public:
    static constexpr int kDown = kPorts;  // gates below are the applications' ports

    LinkLayer(Simulation &simulation, std::string name, Address address);
    // Packets for ports that no application opened are dropped.
    void open_port(Port port) { has_port_[port] = true; }
    void start() override;
    void handle(MessagePtr message, int gate) override;
    void on_timer(Timer &timer) override;
    void report(Report &report) const override;

  private:
    struct Partial {
        std::uint64_t arrived = 0;  // a bit a fragment
        Time since = 0;
    };

    void send_down(std::unique_ptr<Packet> packet);
    void take_up(const Frame &frame);

    const Address address_;
    Timer sweep_;
    std::map<std::uint64_t, Partial> partial_;  // by packet id
    std::vector<bool> has_port_;
    std::uint64_t packets_sent_ = 0, packets_received_ = 0, fragments_ = 0, lost_ = 0, unwanted_ = 0;
};

}  // namespace net
