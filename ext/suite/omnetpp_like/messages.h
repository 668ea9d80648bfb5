// SPDX-License-Identifier: BSD-3-Clause
// What travels through the network: application packets, Ethernet frames that carry them, and jam signals.
#pragma once
#include <cstdint>
#include <memory>

#include "module.h"

namespace net {

using Address = std::uint64_t;  // 48 bits

constexpr Address kBroadcast = 0xffffffffffffull;
constexpr Address kFirstAddress = 0x0a0000000001ull;

// Which application of a host a packet is for; also the number of its gate at the link layer.
enum Port { kClientPort, kServerPort, kSenderPort, kReceiverPort, kAnnouncerPort, kPorts };

class Packet : public Message {
  public:
    Address source = 0, destination = 0;
    std::uint64_t id = 0;
    int bytes = 0;
    Port port = kClientPort;
};

class Request final : public Packet {
  public:
    int reply_bytes = 0;
    Time service = 0;
    MessagePtr copy() const override { return std::make_unique<Request>(*this); }
};

class Reply final : public Packet {
  public:
    std::uint64_t request = 0;
    MessagePtr copy() const override { return std::make_unique<Reply>(*this); }
};

class Segment final : public Packet {
  public:
    std::uint32_t file = 0;
    int number = 0;
    bool is_last = false;
    MessagePtr copy() const override { return std::make_unique<Segment>(*this); }
};

class Acknowledgement final : public Packet {
  public:
    std::uint32_t file = 0;
    int expected = 0;  // all segments before this one have arrived
    MessagePtr copy() const override { return std::make_unique<Acknowledgement>(*this); }
};

class Announcement final : public Packet {
  public:
    int load = 0;
    MessagePtr copy() const override { return std::make_unique<Announcement>(*this); }
};

// Something on the wire; a receiver sees its beginning and computes its end from the bits.
class Signal : public Message {
  public:
    virtual int bits() const = 0;
};

class Frame final : public Signal {
  public:
    Address source = 0, destination = 0;
    int payload_bytes = 0;
    int fragment = 0, fragments = 1;
    std::shared_ptr<const Packet> packet;  // shared by all copies that hubs and switches make

    int bits() const override
    {
        constexpr int kMinimumPayload = 46, kOverhead = 26;  // preamble, header, check sequence
        return 8 * (kOverhead + (payload_bytes > kMinimumPayload ? payload_bytes : kMinimumPayload));
    }
    MessagePtr copy() const override { return std::make_unique<Frame>(*this); }
};

class Jam final : public Signal {
  public:
    int bits() const override { return 32; }
    MessagePtr copy() const override { return std::make_unique<Jam>(*this); }
};

}  // namespace net
