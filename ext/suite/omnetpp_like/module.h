// SPDX-License-Identifier: BSD-3-Clause
// Modules: named parts of the network that exchange messages through connected gates and set timers.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "simulation.h"
#include "statistics.h"

namespace net {

class Module;

// Travels from gate to gate. Whoever handles a message owns it.
class Message : public Event {
  public:
    virtual std::unique_ptr<Message> copy() const = 0;
    void fire() final;
    void discard() final { delete this; }

  private:
    friend class Module;
    Module *target_ = nullptr;
    int gate_ = 0;
};

using MessagePtr = std::unique_ptr<Message>;

// A module's note to itself; lives as a member of its module.
class Timer final : public Event {
  public:
    Timer(Module &owner, int kind) : owner_(owner), kind_(kind) {}
    int kind() const { return kind_; }
    void fire() override;
    void discard() override {}

  private:
    Module &owner_;
    const int kind_;
};

class Module {
  public:
    Module(Simulation &simulation, std::string name) : simulation_(simulation), name_(std::move(name)) {}
    virtual ~Module() = default;
    Module(const Module &) = delete;
    Module &operator=(const Module &) = delete;

    virtual void start() {}
    virtual void handle(MessagePtr message, int gate) = 0;
    virtual void on_timer(Timer &) {}
    virtual void report(Report &report) const = 0;

    const std::string &name() const { return name_; }
    // Both directions of a link.
    static void connect(Module &one, int one_gate, Module &other, int other_gate, Time delay);
    int gates() const { return static_cast<int>(gates_.size()); }

  protected:
    void send(MessagePtr message, int gate, Time later = 0);
    void set(Timer &timer, Time delay, int priority = 0);
    void stop(Timer &timer) { simulation_.cancel(timer); }
    Time now() const { return simulation_.now(); }
    Random &random() { return simulation_.random; }

    Simulation &simulation_;

  private:
    struct Gate {
        Module *peer = nullptr;
        int peer_gate = 0;
        Time delay = 0;
    };
    void attach(int gate, Module &peer, int peer_gate, Time delay);

    const std::string name_;
    std::vector<Gate> gates_;
};

}  // namespace net
