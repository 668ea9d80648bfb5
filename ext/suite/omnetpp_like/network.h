// SPDX-License-Identifier: BSD-3-Clause
// The campus network: a tree of switches, each with shared segments of hosts on hubs and servers of its own.
#pragma once
#include <memory>
#include <string>
#include <vector>

#include "messages.h"

namespace net {

struct NetworkSize {
    int switches, hubs, hosts, servers;  // hubs and servers a switch, hosts a hub
};

class Network {
  public:
    Network(Simulation &simulation, const NetworkSize &size);
    ~Network();
    Network(const Network &) = delete;
    Network &operator=(const Network &) = delete;
    void start();
    void report(Report &report) const;
    std::size_t modules() const { return modules_.size(); }

  private:
    template <typename Kind, typename... Arguments>
    Kind &add(Arguments &&...arguments);
    void build_switch(int number);
    void build_host(const std::string &name, Module &peer, int peer_gate, bool is_server);
    Module &new_port(Module &relay, int gate, bool is_full_duplex, int bit_time);

    Simulation &simulation_;
    const NetworkSize size_;
    std::vector<std::unique_ptr<Module>> modules_;
    std::vector<Module *> relays_;
    std::vector<int> relay_ports_;  // ports each relay has so far
    std::vector<Address> servers_;
    Address next_address_ = kFirstAddress;
    int hosts_ = 0;
};

}  // namespace net
