// SPDX-License-Identifier: BSD-3-Clause
// Hub and switch.
#include "relay.h"

namespace net {

namespace {

constexpr Time kServiceTime = 4 * kMicrosecond;
constexpr Time kForgetAfter = 60 * kMillisecond;
constexpr std::size_t kBufferLimit = 200;

}  // namespace

void Hub::handle(MessagePtr message, int gate)
{
    ++repeated_;
    for (int port = 0; port < gates(); ++port)
        if (port != gate)
            send(message->copy(), port);
}

void Hub::report(Report &report) const
{
    report.add("hub signals repeated", repeated_);
}

Relay::Relay(Simulation &simulation, std::string name)
    : Module(simulation, std::move(name)), serve_(*this, 0), table_(kEntries)
{
}

// The address's entry, or the free one where it belongs.
Relay::Entry &Relay::entry_for(Address address)
{
    std::size_t slot = (address * 0x9e3779b97f4a7c15ull) >> 53;
    while (table_[slot].address != 0 && table_[slot].address != address)
        slot = (slot + 1) & (kEntries - 1);
    return table_[slot];
}

void Relay::handle(MessagePtr message, int gate)
{
    Frame *frame = dynamic_cast<Frame *>(message.get());
    if (!frame)
        return;
    message.release();
    std::unique_ptr<Frame> owned(frame);
    if (waiting_.size() >= kBufferLimit) {
        ++dropped_;
        return;
    }
    waiting_.push_back({std::move(owned), gate, now()});
    if (!serve_.is_scheduled())
        set(serve_, kServiceTime);
}

void Relay::on_timer(Timer &)
{
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    queue_delay_.add(now() - next.since);
    Entry &source = entry_for(next.frame->source);
    learned_ += source.address == 0;
    source = {next.frame->source, next.port, now()};
    forward(std::move(next.frame), next.port);
    if (!waiting_.empty())
        set(serve_, kServiceTime);
}

void Relay::forward(std::unique_ptr<Frame> frame, int port)
{
    if (frame->destination != kBroadcast) {
        const Entry &target = entry_for(frame->destination);
        if (target.address != 0 && now() - target.seen < kForgetAfter) {
            if (target.port == port) {
                ++filtered_;
            } else {
                ++forwarded_;
                send(std::move(frame), target.port);
            }
            return;
        }
    }
    ++flooded_;
    for (int other = 0; other < gates(); ++other)
        if (other != port)
            send(frame->copy(), other);
}

void Relay::report(Report &report) const
{
    report.add("switch addresses learned", learned_);
    report.add("switch frames forwarded", forwarded_);
    report.add("switch frames flooded", flooded_);
    report.add("switch frames filtered", filtered_);
    report.add("switch frames dropped", dropped_);
    report.add("switch queue delay ns", queue_delay_);
}

}  // namespace net
