// SPDX-License-Identifier: BSD-3-Clause
// The future event set as a binary heap that can also give up an event from its middle.
#include "simulation.h"

namespace net {

std::uint32_t Random::next()
{
    state_ ^= state_ << 13;
    state_ ^= state_ >> 7;
    state_ ^= state_ << 17;
    return static_cast<std::uint32_t>(state_ >> 32);
}

int Random::below(int limit)
{
    return static_cast<int>((static_cast<std::uint64_t>(next()) * static_cast<std::uint64_t>(limit)) >> 32);
}

// -ln(u) in integers: the exponent of u, and its mantissa by a straight line between powers of two.
Time Random::exponential(Time mean)
{
    const std::uint32_t u = next() | 1;
    const int zeros = __builtin_clz(u);
    const std::int64_t fraction = (static_cast<std::uint64_t>(u) << zeros >> 15) & 0xffff;
    const std::int64_t log2_of_inverse = (static_cast<std::int64_t>(zeros + 1) << 16) - fraction;
    return mean * (log2_of_inverse * 45426 >> 16) >> 16;  // 45426 / 65536 = ln 2
}

void Simulation::drop_pending()
{
    for (Event *event : heap_) {
        event->place_ = -1;
        event->discard();
    }
    heap_.clear();
}

bool Simulation::is_earlier(const Event &one, const Event &other)
{
    if (one.time_ != other.time_)
        return one.time_ < other.time_;
    if (one.priority_ != other.priority_)
        return one.priority_ < other.priority_;
    return one.order_ < other.order_;
}

void Simulation::put(std::size_t place, Event *event)
{
    heap_[place] = event;
    event->place_ = static_cast<std::int32_t>(place);
}

void Simulation::sift_up(std::size_t hole, Event *event)
{
    while (hole > 0) {
        const std::size_t parent = (hole - 1) / 2;
        if (!is_earlier(*event, *heap_[parent]))
            break;
        put(hole, heap_[parent]);
        hole = parent;
    }
    put(hole, event);
}

void Simulation::sift_down(std::size_t hole, Event *event)
{
    for (std::size_t child = 2 * hole + 1; child < heap_.size(); child = 2 * hole + 1) {
        if (child + 1 < heap_.size() && is_earlier(*heap_[child + 1], *heap_[child]))
            ++child;
        if (!is_earlier(*heap_[child], *event))
            break;
        put(hole, heap_[child]);
        hole = child;
    }
    put(hole, event);
}

void Simulation::schedule(Event &event, Time at, int priority)
{
    cancel(event);
    event.time_ = at;
    event.priority_ = priority;
    event.order_ = next_order_++;
    heap_.push_back(&event);
    sift_up(heap_.size() - 1, &event);
    if (heap_.size() > longest_queue_)
        longest_queue_ = heap_.size();
}

void Simulation::cancel(Event &event)
{
    if (!event.is_scheduled())
        return;
    const std::size_t place = static_cast<std::size_t>(event.place_);
    event.place_ = -1;
    Event *last = heap_.back();
    heap_.pop_back();
    if (last == &event)
        return;
    if (is_earlier(*last, event))
        sift_up(place, last);
    else
        sift_down(place, last);
}

Event *Simulation::take_first()
{
    Event *first = heap_[0];
    cancel(*first);
    return first;
}

void Simulation::run(Time until)
{
    while (!heap_.empty() && heap_[0]->time_ <= until) {
        Event *event = take_first();
        now_ = event->time_;
        ++events_;
        digest_ = (digest_ ^ static_cast<std::uint64_t>(now_) ^ event->order_ << 40) * 0x100000001b3ull;
        event->fire();
    }
    now_ = until;
}

}  // namespace net
