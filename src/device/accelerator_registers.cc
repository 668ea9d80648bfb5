// SPDX-License-Identifier: BSD-3-Clause
// Accelerator: the register page.
#include <bit>
#include "device/accelerator.hh"

namespace sim {

u64 Accelerator::register_load(u64 offset, unsigned bytes) {
    settle(clock_->now);
    if (bytes == 4 && offset % 4 == 0) return load_word(u32(offset));
    if (bytes == 8 && offset % 8 == 0) return load_word(u32(offset)) | u64(load_word(u32(offset) + 4)) << 32;
    return 0;
}

void Accelerator::register_store(u64 offset, unsigned bytes, u64 value) {
    settle(clock_->now);
    if (bytes == 4 && offset % 4 == 0) return store_word(u32(offset), u32(value));
    if (bytes != 8 || offset % 8) return;
    store_word(u32(offset), u32(value));
    store_word(u32(offset) + 4, u32(value >> 32));
}

u32 Accelerator::load_word(u32 offset) {
    const auto half = [&](u64 value) { return u32(offset & 4 ? value >> 32 : value); };
    if (offset >= ACCEL_REG_CYCLES) return half(counter(offset & ~4u));
    switch (offset) {
        case ACCEL_REG_MAGIC: return ACCEL_MAGIC;
        case ACCEL_REG_VERSION: return ACCEL_VERSION;
        case ACCEL_REG_NAME:
        case ACCEL_REG_NAME + 4: return half(engine_.identity());
        case ACCEL_REG_CAPABILITIES:
            return ACCEL_CAN_CHAIN | ACCEL_CAN_COALESCE | (dma_.params().coherent ? ACCEL_CAN_SNOOP : 0);
        case ACCEL_REG_MAX_ENTRIES: return params_.ring_entries;
        case ACCEL_REG_CLOCK_KHZ: return u32(params_.clock * 1e6 + 0.5);
        case ACCEL_REG_POOL_BASE:
        case ACCEL_REG_POOL_BASE + 4: return half(connection_.pool_bus);
        case ACCEL_REG_POOL_BYTES:
        case ACCEL_REG_POOL_BYTES + 4: return half(connection_.pool_bytes);
        case ACCEL_REG_SUBMISSION_BASE:
        case ACCEL_REG_SUBMISSION_BASE + 4: return half(submission_.base);
        case ACCEL_REG_SUBMISSION_ENTRIES: return submission_.entries;
        case ACCEL_REG_SUBMISSION_HEAD: return submission_.head;
        case ACCEL_REG_DOORBELL: return submission_.tail;
        case ACCEL_REG_COMPLETION_BASE:
        case ACCEL_REG_COMPLETION_BASE + 4: return half(completion_.base);
        case ACCEL_REG_COMPLETION_ENTRIES: return completion_.entries;
        case ACCEL_REG_COMPLETION_TAIL: return completion_.tail;
        case ACCEL_REG_COMPLETION_HEAD: return completion_.head;
        case ACCEL_REG_INDEX_BASE:
        case ACCEL_REG_INDEX_BASE + 4: return half(index_base_);
        case ACCEL_REG_INTERRUPT_STATUS: return interrupt_status_;
        case ACCEL_REG_INTERRUPT_ENABLE: return interrupt_enable_;
        case ACCEL_REG_COALESCE_COUNT: return coalesce_count_;
        case ACCEL_REG_COALESCE_CYCLES: return coalesce_cycles_;
        case ACCEL_REG_ERROR: return errors_;
        case ACCEL_REG_RESET: return is_resetting_;
        case ACCEL_REG_STATE:
            return (has_job_ ? ACCEL_STATE_BUSY : 0) | (is_stalled_ ? ACCEL_STATE_STALLED : 0) |
                   (is_resetting_ ? ACCEL_STATE_RESETTING : 0);
        default: return 0;
    }
}

u64 Accelerator::counter(u32 offset) {
    switch (offset) {
        case ACCEL_REG_CYCLES: return ratio_.other_cycle(stats.cycles);
        case ACCEL_REG_BUSY_CYCLES: return ratio_.other_cycle(stats.busy_cycles);
        case ACCEL_REG_LOAD_CYCLES: return stats.load_cycles;
        case ACCEL_REG_COMPUTE_CYCLES: return stats.compute_cycles;
        case ACCEL_REG_STORE_CYCLES: return stats.store_cycles;
        case ACCEL_REG_JOBS: return stats.jobs;
        case ACCEL_REG_FAILED_JOBS: return stats.failed_jobs + stats.cancelled_jobs;
        case ACCEL_REG_BYTES_READ: return dma_.stats.bytes_read;
        case ACCEL_REG_BYTES_WRITTEN: return dma_.stats.bytes_written;
        default: return 0;
    }
}

void Accelerator::store_word(u32 offset, u32 value) {
    if (is_resetting_) return;
    switch (offset) {
        case ACCEL_REG_DOORBELL: return ring_doorbell(value);
        case ACCEL_REG_COMPLETION_HEAD: return take_completion_head(value);
        case ACCEL_REG_INTERRUPT_STATUS: interrupt_status_ &= ~value; return update_line();
        case ACCEL_REG_INTERRUPT_ENABLE: interrupt_enable_ = value; return update_line();
        case ACCEL_REG_COALESCE_COUNT: coalesce_count_ = value; return;
        case ACCEL_REG_COALESCE_CYCLES: coalesce_cycles_ = value; return;
        case ACCEL_REG_ERROR: errors_ &= ~value; return;
        case ACCEL_REG_RESET:
            if (value & 1) begin_reset();
            return;
        case ACCEL_REG_SUBMISSION_BASE:
        case ACCEL_REG_SUBMISSION_BASE + 4:
        case ACCEL_REG_SUBMISSION_ENTRIES:
        case ACCEL_REG_COMPLETION_BASE:
        case ACCEL_REG_COMPLETION_BASE + 4:
        case ACCEL_REG_COMPLETION_ENTRIES:
        case ACCEL_REG_INDEX_BASE:
        case ACCEL_REG_INDEX_BASE + 4:
            if (is_idle()) store_ring_word(offset, value);
            else refuse(ACCEL_ERROR_BUSY);
    }
}

void Accelerator::store_ring_word(u32 offset, u32 value) {
    const auto put_half = [&](u64 &whole) {
        whole = offset & 4 ? (whole & 0xffffffff) | u64(value) << 32 : (whole & ~u64{0xffffffff}) | value;
    };
    switch (offset & ~4u) {
        case ACCEL_REG_SUBMISSION_BASE: return put_half(submission_.base);
        case ACCEL_REG_COMPLETION_BASE: return put_half(completion_.base);
        case ACCEL_REG_INDEX_BASE: return put_half(index_base_);
        case ACCEL_REG_SUBMISSION_ENTRIES: submission_.entries = value; return;
        default: completion_.entries = value;
    }
}

bool Accelerator::ring_is_usable(const Ring &ring, u32 entry_bytes) const {
    return std::has_single_bit(ring.entries) && ring.entries <= params_.ring_entries &&
           ring.base % entry_bytes == 0 && dma_.is_granted(ring.base, u64(ring.entries) * entry_bytes);
}

void Accelerator::ring_doorbell(u32 tail) {
    ++stats.doorbells;
    const bool is_usable = ring_is_usable(submission_, sizeof(accel_descriptor)) &&
                           ring_is_usable(completion_, sizeof(accel_completion)) &&
                           (!index_base_ || (index_base_ % sizeof indices_ == 0 &&
                                             dma_.is_granted(index_base_, sizeof indices_)));
    if (!is_usable) return refuse(ACCEL_ERROR_RING);
    if (tail - submission_.head > submission_.entries) {
        ++overflows_;
        refuse(ACCEL_ERROR_OVERFLOW);
    } else if (tail - submission_.head < submission_.tail - submission_.head) {
        return refuse(ACCEL_ERROR_INDEX);   // what was given cannot be taken back
    } else {
        submission_.tail = tail;
        queue_changed();
    }
    advance_soon();
}

void Accelerator::take_completion_head(u32 head) {
    if (completion_.tail - head > completion_.size()) return refuse(ACCEL_ERROR_INDEX);
    completion_.head = head;
    advance_soon();
}

void Accelerator::refuse(u32 error) {
    ++stats.queue_errors;
    errors_ |= error;
    interrupt_status_ |= ACCEL_INTERRUPT_ERROR;
    update_line();
}

void Accelerator::update_line() {
    const bool is_high = interrupt_status_ & interrupt_enable_;
    if (is_high == line_) return;
    line_ = is_high;
    stats.interrupts += is_high;
    if (timeline_ && is_high) timeline_->instant(connection_.number, "interrupt", clock_->now);
    if (connection_.listener) connection_.listener->interrupt_line(connection_.number, is_high);
}

bool Accelerator::is_idle() const {
    return !has_job_ && taken_ == submission_.tail && !has_completion_ && !overflows_;
}

}   // namespace sim
