// SPDX-License-Identifier: BSD-3-Clause
// The Ethernet medium access controller: carrier sense, collision detection with jam and binary exponential
// back-off on shared segments, plain sending and receiving on full-duplex links.
#pragma once
#include <deque>

#include "messages.h"

namespace net {

class Mac final : public Module {
  public:
    enum Gates { kWire, kUpper };
    struct Options {
        Address address = 0;
        bool is_full_duplex = false;
        bool is_promiscuous = false;  // switch ports take every frame
        int bit_time = 100;           // nanoseconds
        std::size_t queue_limit = 40;
    };

    Mac(Simulation &simulation, std::string name, const Options &options);
    void handle(MessagePtr message, int gate) override;
    void on_timer(Timer &timer) override;
    void report(Report &report) const override;

  private:
    enum Transmit { kIdle, kDeferring, kGap, kSending, kJamming, kBackingOff };
    enum Receive { kQuiet, kReceiving, kColliding };
    enum Timers { kEndGap, kEndSending, kEndJam, kEndBackoff, kEndReception };

    void accept_from_upper(std::unique_ptr<Frame> frame);
    void signal_begins(std::unique_ptr<Signal> signal);
    void try_to_send();
    void begin_sending();
    void finish_sending();
    void collide();
    void back_off();
    void drop_first();
    void end_reception();

    const Options options_;
    Timer end_gap_, end_sending_, end_jam_, end_backoff_, end_reception_;
    std::deque<std::unique_ptr<Frame>> queue_;
    std::unique_ptr<Frame> incoming_;
    Transmit transmit_ = kIdle;
    Receive receive_ = kQuiet;
    int attempts_ = 0;
    Time first_attempt_ = 0;

    std::uint64_t sent_ = 0, received_ = 0, sent_bytes_ = 0, collisions_ = 0, deferrals_ = 0, overflows_ = 0,
                  given_up_ = 0, not_for_us_ = 0;
    Histogram access_delay_;
};

}  // namespace net
