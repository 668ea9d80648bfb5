// SPDX-License-Identifier: BSD-3-Clause
// Reserves the guest's window lazily and keeps page flags, decoded code and contents consistent.
#include "program/guest_memory.hh"
#include <algorithm>
#include <sys/mman.h>
#include "sim/errors.hh"

namespace sim {

namespace {

constexpr u64 kPages = GuestMemory::kSize / GuestMemory::kPageBytes;

// One spare page behind the window (and one spare flag) keeps an access that straddles its end inside the
// reservation.
u8 *reserve(u64 bytes) {
    void *p = mmap(nullptr, bytes + GuestMemory::kPageBytes, PROT_READ | PROT_WRITE,
                   MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (p == MAP_FAILED)
        throw ConfigError("guest memory: the host refuses to reserve " + std::to_string(bytes >> 20) +
                          " MiB of address space; raise the limit (ulimit -v) or allow overcommit");
    return static_cast<u8 *>(p);
}

bool is_zero(const u8 *page) {
    return page[0] == 0 && std::memcmp(page, page + 1, GuestMemory::kPageBytes - 1) == 0;
}

}  // namespace

GuestMemory::GuestMemory() : base_(reserve(kSize)), flags_(nullptr) {
    try {
        flags_ = reserve(kPages);
    } catch (...) {
        munmap(base_, kSize + kPageBytes);
        throw;
    }
}

GuestMemory::~GuestMemory() {
    munmap(base_, kSize + kPageBytes);
    munmap(flags_, kPages + kPageBytes);
}

void GuestMemory::discard(Address a, u64 bytes) {
    require(madvise(base_ + a, bytes, MADV_DONTNEED) == 0, "guest memory: the host keeps discarded pages");
}

void GuestMemory::code_write(Address a, u64 bytes) {
    for (Address page = a >> kPageBits; page <= (a + bytes - 1) >> kPageBits; ++page) {
        if (!(flags_[page] & kCode)) continue;
        for (CodeListener *listener : listeners_) listener->code_changed(page);
        flags_[page] &= u8(~kCode);
    }
}

void GuestMemory::map(Address a, u64 bytes, u8 flags) {
    require(a % kPageBytes == 0 && bytes % kPageBytes == 0 && a <= kSize && bytes <= kSize - a,
            "guest memory: map takes whole pages inside the window");
    if (bytes == 0) return;
    code_write(a, bytes);
    u8 *first = flags_ + (a >> kPageBits), *last = first + (bytes >> kPageBits);
    if (std::any_of(first, last, [](u8 f) { return f != 0; })) discard(a, bytes);
    std::fill(first, last, u8(flags | kMapped));
    if (observer_) observer_->flags_changed(a, bytes);
}

void GuestMemory::protect(Address a, u64 bytes, u8 flags) {
    if (bytes == 0) return;
    code_write(a, bytes);
    std::fill_n(flags_ + (a >> kPageBits), bytes >> kPageBits, u8(flags | kMapped));
    if (observer_) observer_->flags_changed(a, bytes);
}

void GuestMemory::unmap(Address a, u64 bytes) {
    if (bytes == 0) return;
    code_write(a, bytes);
    u8 *first = flags_ + (a >> kPageBits), *last = first + (bytes >> kPageBits);
    if (std::any_of(first, last, [](u8 f) { return f != 0; })) discard(a, bytes);
    std::fill(first, last, u8(0));
    if (observer_) observer_->flags_changed(a, bytes);
}

void GuestMemory::copy_range(const GuestMemory &other, Address a, u64 bytes) {
    const Address end = std::min(kSize, (a + bytes + kPageBytes - 1) & ~(kPageBytes - 1));
    for (Address at = a & ~(kPageBytes - 1); at < end; at += kPageBytes) {
        const Address page = at >> kPageBits;
        const u8 was = flags_[page], now = other.flags_[page] & u8(~kCode);
        if (was == 0 && now == 0) continue;
        if (was & kCode) code_write(at, 1);
        flags_[page] = now;
        const u8 *source = other.base_ + at;
        if (now != 0 && !is_zero(source)) std::memcpy(base_ + at, source, kPageBytes);
        else if (was != 0) discard(at, kPageBytes);
    }
}

void GuestMemory::copy_from(const GuestMemory &other) {
    // Most of the window is unmapped on both sides: skip eight pages at a time.
    for (Address page = 0; page < kPages; page += 8) {
        u64 here, there;
        std::memcpy(&here, flags_ + page, 8);
        std::memcpy(&there, other.flags_ + page, 8);
        if (here | there) copy_range(other, page << kPageBits, 8 * kPageBytes);
    }
}

u64 GuestMemory::allowed_bytes(Address a, u64 bytes, u8 need) const {
    if (a >= kSize) return 0;
    bytes = std::min(bytes, kSize - a);
    const Address end = a + bytes;
    Address at = a;
    while (at < end && (flags_[at >> kPageBits] & need) == need) at = ((at >> kPageBits) + 1) << kPageBits;
    return std::min(at, end) - a;
}

bool GuestMemory::read(Address a, void *to, u64 bytes) const {
    if (bytes == 0) return true;
    if (!allows(a, bytes, kRead)) return false;
    std::memcpy(to, base_ + a, bytes);
    return true;
}

u8 *GuestMemory::write_in_place(Address a, u64 bytes) {
    if (!allows(a, bytes, kWrite)) return nullptr;
    if (bytes) code_write(a, bytes);
    return base_ + a;
}

bool GuestMemory::write(Address a, const void *from, u64 bytes) {
    if (bytes == 0) return true;
    u8 *to = write_in_place(a, bytes);
    if (!to) return false;
    std::memcpy(to, from, bytes);
    wrote(a, bytes);
    return true;
}

void GuestMemory::place(Address a, const void *from, u64 bytes) {
    if (bytes == 0) return;
    require(allows(a, bytes, kMapped), "guest memory: place needs mapped pages");
    code_write(a, bytes);
    std::memcpy(base_ + a, from, bytes);
    wrote(a, bytes);
}

void GuestMemory::dma_write(Address a, const void *from, u64 bytes) {
    if (bytes == 0) return;
    require(allows(a, bytes, kMapped), "guest memory: DMA needs mapped pages");
    code_write(a, bytes);
    std::memcpy(base_ + a, from, bytes);
    for (DmaListener *listener : dma_listeners_) listener->dma_written(a, bytes);
}

bool GuestMemory::read_string(Address a, std::string &to, u64 limit) const {
    to.clear();
    while (to.size() < limit) {
        const u64 here = allowed_bytes(a, std::min(limit - to.size(), kPageBytes - a % kPageBytes), kRead);
        if (here == 0) return false;
        const char *text = reinterpret_cast<const char *>(base_ + a);
        const u64 length = strnlen(text, here);
        to.append(text, length);
        if (length < here) return true;
        a += here;
    }
    return false;
}

u64 GuestMemory::mapped_pages() const {
    u64 pages = 0;
    for (Address page = 0; page < kPages; page += 8) {
        u64 eight;
        std::memcpy(&eight, flags_ + page, 8);
        if (eight) pages += u64(std::count_if(flags_ + page, flags_ + page + 8, [](u8 f) { return f != 0; }));
    }
    return pages;
}

}  // namespace sim
