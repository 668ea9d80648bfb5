// SPDX-License-Identifier: BSD-3-Clause
// The applications' behaviour.
#include "applications.h"

#include <algorithm>

namespace net {

namespace {

constexpr Time kAbandonAfter = 150 * kMillisecond;
constexpr Time kRetransmitAfter = 25 * kMillisecond;
constexpr std::size_t kLongestBacklog = 64;
constexpr int kSegmentBytes = 1400, kAcknowledgementBytes = 60, kAnnouncementBytes = 80;
constexpr int kLargestWindow = 8;

}  // namespace

Client::Client(Simulation &simulation, std::string name, const std::vector<Address> &servers, Time think)
    : Application(simulation, std::move(name)), servers_(servers), think_(think), next_(*this, 0)
{
}

void Client::start()
{
    set(next_, random().exponential(think_));
}

void Client::on_timer(Timer &)
{
    const Address server = servers_[random().below(static_cast<int>(servers_.size()))];
    auto request = new_packet<Request>(server, kServerPort, 40 + random().below(160));
    // Most replies are short, some are long.
    request->reply_bytes = random().below(8) ? 100 + random().below(1200) : 2000 + random().below(9000);
    request->service = random().exponential(60 * kMicrosecond);
    ++requests_;
    while (!open_.empty() && now() - open_.begin()->second > kAbandonAfter) {
        ++abandoned_;
        open_.erase(open_.begin());
    }
    open_.emplace(request->id, now());
    send(std::move(request), 0);
    set(next_, random().exponential(think_));
}

void Client::handle(MessagePtr message, int)
{
    const Reply *reply = dynamic_cast<const Reply *>(message.get());
    if (!reply)
        return;
    const auto sent = open_.find(reply->request);
    if (sent == open_.end()) {
        ++late_;
        return;
    }
    ++replies_;
    round_trip_.add(now() - sent->second);
    open_.erase(sent);
}

void Client::report(Report &report) const
{
    report.add("client requests", requests_);
    report.add("client replies", replies_);
    report.add("client late replies", late_);
    report.add("client requests abandoned", abandoned_);
    report.add("round trip ns", round_trip_);
}

Server::Server(Simulation &simulation, std::string name)
    : Application(simulation, std::move(name)), done_(*this, 0)
{
}

void Server::handle(MessagePtr message, int)
{
    Request *request = dynamic_cast<Request *>(message.get());
    if (!request)
        return;
    if (work_.size() >= kLongestBacklog) {
        ++refused_;
        return;
    }
    message.release();
    backlog_.add(static_cast<std::int64_t>(work_.size()));
    if (work_.empty())
        set(done_, request->service);
    work_.emplace_back(request);
}

void Server::on_timer(Timer &)
{
    const std::unique_ptr<Request> request = std::move(work_.front());
    work_.pop_front();
    ++served_;
    auto reply = new_packet<Reply>(request->source, kClientPort, request->reply_bytes);
    reply->request = request->id;
    send(std::move(reply), 0);
    if (!work_.empty())
        set(done_, work_.front()->service);
}

void Server::report(Report &report) const
{
    report.add("server requests served", served_);
    report.add("server requests refused", refused_);
    report.add("server backlog", backlog_);
}

FileSender::FileSender(Simulation &simulation, std::string name, const std::vector<Address> &servers,
                       Time pause)
    : Application(simulation, std::move(name)),
      servers_(servers),
      pause_(pause),
      begin_(*this, kBegin),
      retransmit_(*this, kRetransmit)
{
}

void FileSender::start()
{
    set(begin_, random().exponential(pause_));
}

void FileSender::begin_file()
{
    ++file_;
    receiver_ = servers_[random().below(static_cast<int>(servers_.size()))];
    segments_ = 4 + random().below(28);
    acknowledged_ = next_segment_ = 0;
    begun_ = now();
    fill_window();
}

void FileSender::fill_window()
{
    while (next_segment_ < segments_ && next_segment_ < acknowledged_ + window_)
        send_segment(next_segment_++);
    set(retransmit_, kRetransmitAfter);
}

void FileSender::send_segment(int number)
{
    auto segment = new_packet<Segment>(receiver_, kReceiverPort, kSegmentBytes);
    segment->file = file_;
    segment->number = number;
    segment->is_last = number == segments_ - 1;
    ++sent_;
    send(std::move(segment), 0);
}

void FileSender::handle(MessagePtr message, int)
{
    const Acknowledgement *answer = dynamic_cast<const Acknowledgement *>(message.get());
    if (!answer || answer->file != file_ || answer->expected <= acknowledged_)
        return;
    acknowledged_ = answer->expected;
    next_segment_ = std::max(next_segment_, acknowledged_);
    window_ = std::min(window_ + 1, kLargestWindow);
    if (acknowledged_ < segments_) {
        fill_window();
        return;
    }
    ++files_;
    transfer_time_.add(now() - begun_);
    stop(retransmit_);
    set(begin_, random().exponential(pause_));
}

void FileSender::on_timer(Timer &timer)
{
    if (timer.kind() == kBegin) {
        begin_file();
        return;
    }
    ++timeouts_;
    window_ = std::max(1, window_ / 2);
    next_segment_ = acknowledged_;
    fill_window();
}

void FileSender::report(Report &report) const
{
    report.add("files sent", files_);
    report.add("file segments sent", sent_);
    report.add("file timeouts", timeouts_);
    report.add("file transfer ns", transfer_time_);
}

void FileReceiver::handle(MessagePtr message, int)
{
    const Segment *segment = dynamic_cast<const Segment *>(message.get());
    if (!segment)
        return;
    Stream &stream = streams_[segment->source];
    if (segment->file > stream.file)
        stream = {segment->file, 0};
    ++segments_;
    if (segment->file == stream.file && segment->number == stream.expected) {
        ++stream.expected;
        completed_ += segment->is_last;
    } else {
        ++out_of_order_;
    }
    auto answer = new_packet<Acknowledgement>(segment->source, kSenderPort, kAcknowledgementBytes);
    answer->file = stream.file;
    answer->expected = stream.expected;
    send(std::move(answer), 0);
}

void FileReceiver::report(Report &report) const
{
    report.add("file segments received", segments_);
    report.add("file segments out of order", out_of_order_);
    report.add("files completed", completed_);
}

Announcer::Announcer(Simulation &simulation, std::string name, Time period)
    : Application(simulation, std::move(name)), period_(period), next_(*this, 0)
{
}

void Announcer::start()
{
    set(next_, random().exponential(period_));
}

void Announcer::on_timer(Timer &)
{
    auto announcement = new_packet<Announcement>(kBroadcast, kAnnouncerPort, kAnnouncementBytes);
    announcement->load = random().below(100);
    send(std::move(announcement), 0);
    set(next_, period_ / 2 + random().exponential(period_ / 2));
}

void Announcer::handle(MessagePtr message, int)
{
    if (const Announcement *announcement = dynamic_cast<const Announcement *>(message.get())) {
        ++heard_;
        load_sum_ += announcement->load;
        neighbours_[announcement->source] = {announcement->load, now()};
    }
}

void Announcer::report(Report &report) const
{
    report.add("announcements heard", heard_);
    report.add("announcement load sum", load_sum_);
    report.add("announcer neighbours", neighbours_.size());
}

}  // namespace net
