// SPDX-License-Identifier: BSD-3-Clause
// The guest's memory in syscall emulation and bare metal: one reserved window of host memory with a flag
// byte a page.
#pragma once
#include <cstring>
#include <string>
#include <vector>
#include "sim/types.hh"

namespace sim {

enum PageFlag : u8 {
    kRead = 1, kWrite = 2, kExecute = 4,
    kCode = 8,      // holds decoded instructions: a write must invalidate them first
    kDevice = 16,   // belongs to a device: never kRead, kWrite or kExecute; see DeviceAccess
    kMapped = 32,   // exists, perhaps without any permission; map() sets it, unmap() clears it
};

// Reached by guest loads and stores to kDevice pages, once each, in program order, at commit.
class DeviceAccess {
  public:
    virtual u64 device_load(Address address, unsigned bytes) = 0;
    virtual void device_store(Address address, unsigned bytes, u64 value) = 0;

  protected:
    ~DeviceAccess() = default;
};

// Told before bytes of a kCode page change or go away; clears the decoded forms it keeps.
class CodeListener {
  public:
    virtual void code_changed(Address page) = 0;   // page number

  protected:
    ~CodeListener() = default;
};

// Told when a device has changed memory by itself.
class DmaListener {
  public:
    virtual void dma_written(Address a, u64 bytes) = 0;

  protected:
    ~DmaListener() = default;
};

class GuestMemory {
  public:
    static constexpr unsigned kPageBits = 12;
    static constexpr Address kPageBytes = Address{1} << kPageBits;
    static constexpr Address kSize = 16_GiB;   // window: guest addresses 0 .. kSize - 1

    GuestMemory();
    ~GuestMemory();
    GuestMemory(const GuestMemory &) = delete;
    GuestMemory &operator=(const GuestMemory &) = delete;

    u8 *base() { return base_; }
    const u8 *flags() const { return flags_; }   // one a page, kSize / kPageBytes of them
    u8 *flags() { return flags_; }

    // True where every byte is mapped with all of `need`. Never touches host memory outside the window.
    bool allows(Address a, u64 bytes, u8 need) const {
        if (a >= kSize || bytes > kSize - a) return false;
        for (Address p = a >> kPageBits; p <= (a + (bytes ? bytes - 1 : 0)) >> kPageBits; ++p)
            if ((flags_[p] & need) != need) return false;
        return true;
    }
    bool is_device(Address a) const { return a < kSize && (flags_[a >> kPageBits] & kDevice); }

    // Little-endian value of 1-8 bytes; the caller has checked allows().
    u64 load(Address a, unsigned bytes) const {
        u64 v = 0;
        std::memcpy(&v, base_ + a, bytes);
        return v;
    }
    void store(Address a, unsigned bytes, u64 v) {
        if ((flags_[a >> kPageBits] | flags_[(a + bytes - 1) >> kPageBits]) & kCode) code_write(a, bytes);
        std::memcpy(base_ + a, &v, bytes);
    }

    // Whole pages, zero-filled when newly mapped; addresses and sizes are multiples of kPageBytes.
    void map(Address a, u64 bytes, u8 flags);
    void protect(Address a, u64 bytes, u8 flags);   // keeps contents
    void unmap(Address a, u64 bytes);               // contents are gone
    void copy_from(const GuestMemory &other);       // becomes equal: flags (kCode cleared) and contents of all mapped pages

    // For system calls: false (EFAULT) where the range is not all readable / writable.
    bool read(Address a, void *to, u64 bytes) const;
    bool write(Address a, const void *from, u64 bytes);
    bool read_string(Address a, std::string &to, u64 limit = 4096) const;

    // The same without copying, for host calls that fill memory: null where the range is not all writable,
    // else the host address of `a`, with decoded forms already dropped. Follow by wrote() with the bytes
    // that were really written.
    u8 *write_in_place(Address a, u64 bytes);
    void wrote(Address a, u64 bytes) {
        if (observer_ && bytes) observer_->written(a, bytes);
    }
    u64 allowed_bytes(Address a, u64 bytes, u8 need) const;   // how many from `a` on, at most `bytes`, have all of `need`
    // For loaders and devices: writes mapped pages whatever their permissions.
    void place(Address a, const void *from, u64 bytes);
    // A device's own write to mapped pages, whatever their permissions.
    void dma_write(Address a, const void *from, u64 bytes);
    void add_dma_listener(DmaListener &listener) { dma_listeners_.push_back(&listener); }
    // Makes a range of whole pages equal to the other memory's: flags (kCode cleared) and contents.
    void copy_range(const GuestMemory &other, Address a, u64 bytes);

    void mark_code(Address page) { flags_[page] |= kCode; }
    void add_code_listener(CodeListener &listener) { listeners_.push_back(&listener); }
    u64 mapped_pages() const;
    // Every byte range changed by map/unmap/protect/write since it was last asked, for the lock-step
    // reference: when set, write(), map(), protect() and unmap() call it.
    class Observer {
      public:
        virtual void written(Address a, u64 bytes) = 0;
        virtual void flags_changed(Address a, u64 bytes) = 0;

      protected:
        ~Observer() = default;
    };
    void set_observer(Observer *observer) { observer_ = observer; }

    DeviceAccess *device = nullptr;

  private:
    void code_write(Address a, u64 bytes);
    void discard(Address a, u64 bytes);   // contents become zero, host memory is given back

    u8 *base_ = nullptr;
    u8 *flags_ = nullptr;
    std::vector<CodeListener *> listeners_;
    std::vector<DmaListener *> dma_listeners_;
    Observer *observer_ = nullptr;
};

}  // namespace sim
