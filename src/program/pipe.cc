// SPDX-License-Identifier: BSD-3-Clause
// A pipe between threads of one guest: no host pipe, so what fits and who waits does not depend on the host.
#include <algorithm>
#include <deque>
#include "program/open_file.hh"

namespace sim {

namespace {

constexpr u64 kCapacity = 64_KiB, kAtomicBytes = 4096;   // PIPE_BUF: writes up to this size are not split

struct PipeBuffer {
    std::deque<u8> bytes;
    bool has_reader = true, has_writer = true;
};

class PipeEnd final : public OpenFile {
  public:
    PipeEnd(std::shared_ptr<PipeBuffer> buffer, bool is_reader, int flags)
        : OpenFile("pipe", flags | (is_reader ? O_RDONLY : O_WRONLY)),
          buffer_(std::move(buffer)),
          is_reader_(is_reader) {}
    ~PipeEnd() override { (is_reader_ ? buffer_->has_reader : buffer_->has_writer) = false; }

    i64 read(u8 *to, u64 bytes) override {
        if (bytes == 0) return 0;
        auto &held = buffer_->bytes;
        if (held.empty()) return !buffer_->has_writer ? 0 : flags & O_NONBLOCK ? -EAGAIN : kMustWait;
        const u64 n = std::min<u64>(bytes, held.size());
        std::copy_n(held.begin(), n, to);
        held.erase(held.begin(), held.begin() + i64(n));
        return i64(n);
    }
    i64 write(const u8 *from, u64 bytes) override {
        if (!buffer_->has_reader) return -EPIPE;
        const u64 room = kCapacity - buffer_->bytes.size();
        if (room < std::min(bytes, kAtomicBytes)) return flags & O_NONBLOCK ? -EAGAIN : kMustWait;
        const u64 n = std::min(bytes, room);
        buffer_->bytes.insert(buffer_->bytes.end(), from, from + n);
        return i64(n);
    }
    i64 status(struct stat &info) const override {
        info = {};
        info.st_mode = S_IFIFO | 0600;
        info.st_ino = 50;
        info.st_nlink = 1;
        return 0;
    }
    bool can_read() const override { return !buffer_->bytes.empty() || !buffer_->has_writer; }
    bool can_write() const override {
        return kCapacity - buffer_->bytes.size() >= kAtomicBytes || !buffer_->has_reader;
    }
    bool is_hung_up() const override { return is_reader_ ? !buffer_->has_writer : !buffer_->has_reader; }

  private:
    std::shared_ptr<PipeBuffer> buffer_;
    bool is_reader_;
};

}  // namespace

PipeEnds make_pipe(int flags) {
    auto buffer = std::make_shared<PipeBuffer>();
    return {std::make_shared<PipeEnd>(buffer, true, flags), std::make_shared<PipeEnd>(buffer, false, flags)};
}

}  // namespace sim
