// SPDX-License-Identifier: BSD-3-Clause
// Delivery of messages and timers to modules.
#include "module.h"

#include <cstdio>
#include <cstdlib>

namespace net {

void Message::fire()
{
    target_->handle(MessagePtr(this), gate_);
}

void Timer::fire()
{
    owner_.on_timer(*this);
}

void Module::attach(int gate, Module &peer, int peer_gate, Time delay)
{
    if (gate >= gates())
        gates_.resize(static_cast<std::size_t>(gate) + 1);
    gates_[gate] = {&peer, peer_gate, delay};
}

void Module::connect(Module &one, int one_gate, Module &other, int other_gate, Time delay)
{
    one.attach(one_gate, other, other_gate, delay);
    other.attach(other_gate, one, one_gate, delay);
}

void Module::send(MessagePtr message, int gate, Time later)
{
    if (gate >= gates() || !gates_[gate].peer) {
        std::fprintf(stderr, "%s: gate %d leads nowhere\n", name_.c_str(), gate);
        std::exit(1);
    }
    const Gate &out = gates_[gate];
    message->target_ = out.peer;
    message->gate_ = out.peer_gate;
    simulation_.schedule(*message.release(), now() + later + out.delay);
}

void Module::set(Timer &timer, Time delay, int priority)
{
    simulation_.schedule(timer, now() + delay, priority);
}

}  // namespace net
