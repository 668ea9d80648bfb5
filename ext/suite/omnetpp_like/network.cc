// SPDX-License-Identifier: BSD-3-Clause
// Builds the campus network.
#include "network.h"

#include "applications.h"
#include "link_layer.h"
#include "mac.h"
#include "relay.h"

namespace net {

namespace {

constexpr int kSlowBit = 100, kFastBit = 10;  // nanoseconds: 10 and 100 Mb/s
constexpr Time kShortCable = 250, kLongCable = 1500;

}  // namespace

template <typename Kind, typename... Arguments>
Kind &Network::add(Arguments &&...arguments)
{
    auto module = std::make_unique<Kind>(simulation_, std::forward<Arguments>(arguments)...);
    Kind &reference = *module;
    modules_.push_back(std::move(module));
    return reference;
}

Network::Network(Simulation &simulation, const NetworkSize &size) : simulation_(simulation), size_(size)
{
    for (int number = 0; number < size.switches; ++number)
        build_switch(number);
}

Network::~Network()
{
    simulation_.drop_pending();
}

// A switch port: its controller, joined to the relay unit. The caller connects the wire.
Module &Network::new_port(Module &relay, int gate, bool is_full_duplex, int bit_time)
{
    Mac::Options options;
    options.address = next_address_++;
    options.is_full_duplex = is_full_duplex;
    options.is_promiscuous = true;
    options.bit_time = bit_time;
    options.queue_limit = 100;
    Mac &mac = add<Mac>(relay.name() + ".port[" + std::to_string(gate) + "]", options);
    Module::connect(relay, gate, mac, Mac::kUpper, 0);
    return mac;
}

void Network::build_switch(int number)
{
    const std::string name = "campus.switch[" + std::to_string(number) + "]";
    Relay &relay = add<Relay>(name);
    relays_.push_back(&relay);
    relay_ports_.push_back(0);
    if (number > 0) {
        const int parent = (number - 1) / 2;
        Module &up = new_port(relay, relay_ports_[number]++, true, kFastBit);
        Module &down = new_port(*relays_[parent], relay_ports_[parent]++, true, kFastBit);
        Module::connect(up, Mac::kWire, down, Mac::kWire, kLongCable);
    }
    for (int server = 0; server < size_.servers; ++server) {
        Module &port = new_port(relay, relay_ports_[number]++, true, kFastBit);
        build_host(name + ".server[" + std::to_string(server) + "]", port, Mac::kWire, true);
    }
    for (int segment = 0; segment < size_.hubs; ++segment) {
        const std::string hub_name = name + ".hub[" + std::to_string(segment) + "]";
        Hub &hub = add<Hub>(hub_name);
        Module &port = new_port(relay, relay_ports_[number]++, false, kSlowBit);
        Module::connect(port, Mac::kWire, hub, 0, kShortCable);
        for (int host = 0; host < size_.hosts; ++host)
            build_host(hub_name + ".host[" + std::to_string(host) + "]", hub, 1 + host, false);
    }
}

void Network::build_host(const std::string &name, Module &peer, int peer_gate, bool is_server)
{
    Mac::Options options;
    options.address = next_address_++;
    options.is_full_duplex = is_server;
    options.bit_time = is_server ? kFastBit : kSlowBit;
    Mac &mac = add<Mac>(name + ".mac", options);
    LinkLayer &link = add<LinkLayer>(name + ".link", options.address);
    Module::connect(mac, Mac::kWire, peer, peer_gate, kShortCable);
    Module::connect(mac, Mac::kUpper, link, LinkLayer::kDown, 0);
    const auto install = [&link](Application &application, Port port) {
        Module::connect(application, 0, link, port, 0);
        link.open_port(port);
    };
    install(add<Announcer>(name + ".announcer", 200 * kMillisecond), kAnnouncerPort);
    if (is_server) {
        servers_.push_back(options.address);
        install(add<Server>(name + ".server"), kServerPort);
        install(add<FileReceiver>(name + ".receiver"), kReceiverPort);
        return;
    }
    install(add<Client>(name + ".client", servers_, 14 * kMillisecond), kClientPort);
    if (hosts_++ % 3 == 0)
        install(add<FileSender>(name + ".sender", servers_, 90 * kMillisecond), kSenderPort);
}

void Network::start()
{
    for (const auto &module : modules_)
        module->start();
}

void Network::report(Report &report) const
{
    for (const auto &module : modules_)
        module->report(report);
}

}  // namespace net
