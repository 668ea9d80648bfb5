// SPDX-License-Identifier: BSD-3-Clause
// Fragmentation and reassembly.
#include "link_layer.h"

#include <algorithm>

namespace net {

namespace {

constexpr int kLargestPayload = 1500;
constexpr Time kSweepPeriod = 20 * kMillisecond;
constexpr Time kPatience = 40 * kMillisecond;

}  // namespace

LinkLayer::LinkLayer(Simulation &simulation, std::string name, Address address)
    : Module(simulation, std::move(name)), address_(address), sweep_(*this, 0), has_port_(kPorts)
{
}

void LinkLayer::start()
{
    set(sweep_, kSweepPeriod + random().below(1000) * kMicrosecond);
}

void LinkLayer::handle(MessagePtr message, int gate)
{
    if (gate == kDown) {
        if (const Frame *frame = dynamic_cast<const Frame *>(message.get()))
            take_up(*frame);
        return;
    }
    if (Packet *packet = dynamic_cast<Packet *>(message.get())) {
        message.release();
        send_down(std::unique_ptr<Packet>(packet));
    }
}

void LinkLayer::send_down(std::unique_ptr<Packet> packet)
{
    ++packets_sent_;
    packet->source = address_;
    const std::shared_ptr<const Packet> shared(std::move(packet));
    const int fragments = std::max(1, (shared->bytes + kLargestPayload - 1) / kLargestPayload);
    for (int fragment = 0; fragment < fragments; ++fragment) {
        auto frame = std::make_unique<Frame>();
        frame->source = address_;
        frame->destination = shared->destination;
        frame->payload_bytes = std::min(kLargestPayload, shared->bytes - fragment * kLargestPayload);
        frame->fragment = fragment;
        frame->fragments = fragments;
        frame->packet = shared;
        fragments_ += fragments > 1;
        send(std::move(frame), kDown);
    }
}

void LinkLayer::take_up(const Frame &frame)
{
    const Packet &packet = *frame.packet;
    if (!has_port_[packet.port]) {
        ++unwanted_;
        return;
    }
    if (frame.fragments > 1) {
        Partial &partial = partial_[packet.id];
        partial.since = now();
        partial.arrived |= 1ull << frame.fragment;
        if (partial.arrived != (1ull << frame.fragments) - 1)
            return;
        partial_.erase(packet.id);
    }
    ++packets_received_;
    send(packet.copy(), packet.port);
}

// Gives up packets of which a fragment was lost.
void LinkLayer::on_timer(Timer &)
{
    for (auto entry = partial_.begin(); entry != partial_.end();) {
        if (now() - entry->second.since > kPatience) {
            ++lost_;
            entry = partial_.erase(entry);
        } else {
            ++entry;
        }
    }
    set(sweep_, kSweepPeriod);
}

void LinkLayer::report(Report &report) const
{
    report.add("packets sent", packets_sent_);
    report.add("packets received", packets_received_);
    report.add("packets lost in part", lost_);
    report.add("packets unwanted", unwanted_);
    report.add("fragments sent", fragments_);
}

}  // namespace net
