// SPDX-License-Identifier: BSD-3-Clause
// CSMA/CD as two small state machines, one for sending and one for receiving.
#include "mac.h"

#include <algorithm>

namespace net {

namespace {

constexpr int kGapBits = 96;
constexpr int kJamBits = 32;
constexpr int kSlotBits = 512;
constexpr int kMostAttempts = 16;
constexpr int kBackoffLimit = 10;

}  // namespace

Mac::Mac(Simulation &simulation, std::string name, const Options &options)
    : Module(simulation, std::move(name)),
      options_(options),
      end_gap_(*this, kEndGap),
      end_sending_(*this, kEndSending),
      end_jam_(*this, kEndJam),
      end_backoff_(*this, kEndBackoff),
      end_reception_(*this, kEndReception)
{
}

void Mac::handle(MessagePtr message, int gate)
{
    if (gate == kUpper) {
        if (Frame *frame = dynamic_cast<Frame *>(message.get())) {
            message.release();
            accept_from_upper(std::unique_ptr<Frame>(frame));
        }
        return;
    }
    if (Signal *signal = dynamic_cast<Signal *>(message.get())) {
        message.release();
        signal_begins(std::unique_ptr<Signal>(signal));
    }
}

void Mac::accept_from_upper(std::unique_ptr<Frame> frame)
{
    if (queue_.size() >= options_.queue_limit) {
        ++overflows_;
        return;
    }
    if (queue_.empty())
        first_attempt_ = now();
    queue_.push_back(std::move(frame));
    if (transmit_ == kIdle)
        try_to_send();
}

// Waits for silence, then for the gap between frames.
void Mac::try_to_send()
{
    if (queue_.empty()) {
        transmit_ = kIdle;
    } else if (!options_.is_full_duplex && receive_ != kQuiet) {
        transmit_ = kDeferring;
        ++deferrals_;
    } else {
        transmit_ = kGap;
        set(end_gap_, kGapBits * options_.bit_time);
    }
}

void Mac::begin_sending()
{
    transmit_ = kSending;
    const Frame &frame = *queue_.front();
    set(end_sending_, static_cast<Time>(frame.bits()) * options_.bit_time);
    send(frame.copy(), kWire);
}

void Mac::finish_sending()
{
    ++sent_;
    sent_bytes_ += queue_.front()->payload_bytes;
    access_delay_.add(now() - first_attempt_);
    drop_first();
    try_to_send();
}

void Mac::drop_first()
{
    queue_.pop_front();
    attempts_ = 0;
    first_attempt_ = now();
}

// A signal begins to arrive. On a shared segment two at a time destroy each other.
void Mac::signal_begins(std::unique_ptr<Signal> signal)
{
    const Time duration = static_cast<Time>(signal->bits()) * options_.bit_time;
    const bool is_shared = !options_.is_full_duplex;
    if (is_shared && transmit_ == kSending)
        collide();
    if (Frame *frame = dynamic_cast<Frame *>(signal.get())) {
        const bool is_clear = receive_ == kQuiet && !(is_shared && transmit_ == kJamming);
        if (is_clear) {
            signal.release();
            incoming_.reset(frame);
            receive_ = kReceiving;
            set(end_reception_, duration);
            return;
        }
    }
    // The rest of both is noise; a jam also says that what was being received ends here.
    const bool is_jam = dynamic_cast<Jam *>(signal.get()) != nullptr;
    const Time silence = is_jam || !end_reception_.is_scheduled() ? now() + duration
                                                                  : std::max(end_reception_.time(), now());
    incoming_.reset();
    receive_ = kColliding;
    set(end_reception_, silence - now());
}

void Mac::collide()
{
    ++collisions_;
    stop(end_sending_);
    transmit_ = kJamming;
    send(std::make_unique<Jam>(), kWire);
    set(end_jam_, kJamBits * options_.bit_time);
}

void Mac::back_off()
{
    if (++attempts_ >= kMostAttempts) {
        ++given_up_;
        drop_first();
        try_to_send();
        return;
    }
    transmit_ = kBackingOff;
    const int slots = random().below(1 << std::min(attempts_, kBackoffLimit));
    set(end_backoff_, static_cast<Time>(slots) * kSlotBits * options_.bit_time);
}

void Mac::end_reception()
{
    const bool is_good = receive_ == kReceiving;
    receive_ = kQuiet;
    if (is_good) {
        std::unique_ptr<Frame> frame = std::move(incoming_);
        const bool is_ours = options_.is_promiscuous || frame->destination == options_.address ||
                             frame->destination == kBroadcast;
        if (is_ours) {
            ++received_;
            send(std::move(frame), kUpper);
        } else {
            ++not_for_us_;
        }
    }
    if (transmit_ == kDeferring)
        try_to_send();
}

void Mac::on_timer(Timer &timer)
{
    switch (timer.kind()) {
    case kEndGap:
        // Like real controllers, one that has begun to wait the gap sends whatever it hears meanwhile.
        begin_sending();
        break;
    case kEndSending: finish_sending(); break;
    case kEndJam: back_off(); break;
    case kEndBackoff: try_to_send(); break;
    case kEndReception: end_reception(); break;
    }
}

void Mac::report(Report &report) const
{
    report.add("mac frames sent", sent_);
    report.add("mac bytes sent", sent_bytes_);
    report.add("mac frames received", received_);
    report.add("mac frames for others", not_for_us_);
    report.add("mac collisions", collisions_);
    report.add("mac deferrals", deferrals_);
    report.add("mac queue overflows", overflows_);
    report.add("mac frames given up", given_up_);
    report.add("access delay ns", access_delay_);
}

}  // namespace net
