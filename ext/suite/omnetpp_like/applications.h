// SPDX-License-Identifier: BSD-3-Clause
// Applications that load the network: request/reply clients and servers, windowed file transfer with
// retransmission, and broadcast announcements.
#pragma once
#include <deque>
#include <map>

#include "messages.h"

namespace net {

// All applications talk through gate 0, to the link layer.
class Application : public Module {
  public:
    using Module::Module;

  protected:
    template <typename Kind>
    std::unique_ptr<Kind> new_packet(Address destination, Port port, int bytes)
    {
        auto packet = std::make_unique<Kind>();
        packet->destination = destination;
        packet->port = port;
        packet->bytes = bytes;
        packet->id = simulation_.next_id();
        return packet;
    }
};

class Client final : public Application {
  public:
    Client(Simulation &simulation, std::string name, const std::vector<Address> &servers, Time think);
    void start() override;
    void handle(MessagePtr message, int gate) override;
    void on_timer(Timer &timer) override;
    void report(Report &report) const override;

  private:
    const std::vector<Address> &servers_;
    const Time think_;
    Timer next_;
    std::map<std::uint64_t, Time> open_;  // when each unanswered request was sent
    std::uint64_t requests_ = 0, replies_ = 0, late_ = 0, abandoned_ = 0;
    Histogram round_trip_;
};

class Server final : public Application {
  public:
    Server(Simulation &simulation, std::string name);
    void handle(MessagePtr message, int gate) override;
    void on_timer(Timer &timer) override;
    void report(Report &report) const override;

  private:
    Timer done_;
    std::deque<std::unique_ptr<Request>> work_;
    std::uint64_t served_ = 0, refused_ = 0;
    Histogram backlog_;
};

// Sends files in segments, a window at a time, and goes back to the first unacknowledged one on a timeout.
class FileSender final : public Application {
  public:
    FileSender(Simulation &simulation, std::string name, const std::vector<Address> &servers, Time pause);
    void start() override;
    void handle(MessagePtr message, int gate) override;
    void on_timer(Timer &timer) override;
    void report(Report &report) const override;

  private:
    enum Timers { kBegin, kRetransmit };
    void begin_file();
    void fill_window();
    void send_segment(int number);

    const std::vector<Address> &servers_;
    const Time pause_;
    Timer begin_, retransmit_;
    Address receiver_ = 0;
    std::uint32_t file_ = 0;
    int segments_ = 0, acknowledged_ = 0, next_segment_ = 0, window_ = 2;
    Time begun_ = 0;
    std::uint64_t files_ = 0, sent_ = 0, timeouts_ = 0;
    Histogram transfer_time_;
};

class FileReceiver final : public Application {
  public:
    using Application::Application;
    void handle(MessagePtr message, int gate) override;
    void report(Report &report) const override;

  private:
    struct Stream {
        std::uint32_t file = 0;
        int expected = 0;
    };
    std::map<Address, Stream> streams_;
    std::uint64_t segments_ = 0, out_of_order_ = 0, completed_ = 0;
};

class Announcer final : public Application {
  public:
    Announcer(Simulation &simulation, std::string name, Time period);
    void start() override;
    void handle(MessagePtr message, int gate) override;
    void on_timer(Timer &timer) override;
    void report(Report &report) const override;

  private:
    struct Neighbour {
        int load = 0;
        Time heard = 0;
    };
    const Time period_;
    Timer next_;
    std::map<Address, Neighbour> neighbours_;
    std::uint64_t heard_ = 0, load_sum_ = 0;
};

}  // namespace net
