// SPDX-License-Identifier: BSD-3-Clause
// Accelerator: construction, the queue from doorbell to completion, reset. accelerator_registers.cc has the registers,
// accelerator_engine.cc the engine's time.
#include "device/accelerator.hh"
#include <bit>

namespace sim {

COMPONENT(Accelerator,
          "Device behind a command queue: registers, rings, interrupt, and an engine that does the jobs.");

static_assert(u32(EngineStatus::Ok) == ACCEL_OK && u32(EngineStatus::BadDescriptor) == ACCEL_BAD_DESCRIPTOR &&
              u32(EngineStatus::BadAddress) == ACCEL_BAD_ADDRESS &&
              u32(EngineStatus::BadModel) == ACCEL_BAD_MODEL &&
              u32(EngineStatus::Overflow) == ACCEL_OVERFLOW &&
              u32(EngineStatus::Cancelled) == ACCEL_CANCELLED && u32(EngineStatus::Reset) == ACCEL_RESET);

namespace {

const Accelerator::Params &checked(const Accelerator::Params &p) {
    if (!p.engine || !p.dma) throw ConfigError("Accelerator: engine and dma must both be given");
    if (!(p.clock >= 0.001 && p.clock <= 100))
        throw ConfigError("Accelerator: clock must lie between 1MHz and 100GHz");
    if (!std::has_single_bit(p.ring_entries) || p.ring_entries > 65536)
        throw ConfigError("Accelerator: ring_entries=" + std::to_string(p.ring_entries) +
                          "; it must be a power of two up to 65536");
    if (!std::has_single_bit(p.prefetch) || p.prefetch > 4)
        throw ConfigError("Accelerator: prefetch=" + std::to_string(p.prefetch) + "; it must be 1, 2 or 4");
    if (p.pool == 0 || p.pool > 1_GiB)
        throw ConfigError("Accelerator: pool=" + std::to_string(p.pool) + "; it must be 1 byte to 1GiB");
    return p;
}

}   // namespace

Accelerator::Accelerator(const Params &params)
    : params_(checked(params)), engine_(*params.engine), dma_(*params.dma) {}

void Accelerator::connect(const Connection &connection) {
    connection_ = connection;
    ratio_ = ClockRatio(connection.core_ghz, params_.clock);
    dma_.connect(*connection.memory);
    if (connection.pool_bytes) dma_.grant(connection.pool_bus, connection.pool_bytes, connection.pool);
}

void Accelerator::draw_on(DeviceTimeline &timeline) {
    timeline_ = &timeline;
    std::string name = path + " ";
    for (u64 bytes = engine_.identity(); bytes; bytes >>= 8) name += char(bytes);
    timeline.device(connection_.number, name);
    dma_.draw_on(timeline, connection_.number);
}

void Accelerator::settle(Cycle now) {
    if (now <= settled_) return;
    const Cycle time = now - settled_;
    settled_ = now;
    stats.cycles += time;
    stats.queued_cycles += time * queued();
    stats.busy_cycles += has_job_ ? time : 0;
    stats.waiting_cycles += waits_ ? time : 0;
    stats.stalled_cycles += is_stalled_ ? time : 0;
    dma_.settle(now);
}

void Accelerator::event(u64 argument, Cycle now) {
    if (argument >> 8 != epoch_) return;
    settle(now);
    switch (Event(argument & 0xff)) {
        case Advance:
            if (now == advance_cycle_) advance(now);
            return;
        case Slice: return end_slice(now);
        case Coalesce:
            coalesce_at_ = kNever;
            if (unreported_) raise_interrupt();
    }
}

void Accelerator::advance_at(Cycle at) {
    if (at >= advance_cycle_) return;
    advance_cycle_ = at;
    schedule(at, Advance);
}

// One step of the queue: everything that can go on, does.
void Accelerator::advance(Cycle now) {
    advance_cycle_ = kNever;
    if (is_resetting_) {
        if (dma_.idle()) end_reset();
        return;
    }
    if (job_ended_ && !has_completion_) {
        job_ended_ = has_job_ = false;
        post(job_.tag, u32(engine_.status()), job_.flags & ACCEL_SILENT);
    }
    while (!has_job_ && begin_next(now)) {
    }
    fetch();
    write_completion();
}

void Accelerator::fetch() {
    while (fetch_next_ != submission_.tail && fetch_next_ - taken_ < params_.prefetch) {
        const u32 place = fetch_next_ % params_.prefetch;
        const Address entry =
            submission_.base + u64(fetch_next_ % submission_.entries) * sizeof(accel_descriptor);
        if (!dma_.read(entry, reinterpret_cast<u8 *>(&descriptors_[place]), sizeof(accel_descriptor), *this,
                       place))
            return;
        slots_[place] = Slot::Fetching;
        ++fetch_next_;
    }
}

void Accelerator::fetched(u32 place, bool ok) {
    slots_[place] = ok ? Slot::Fetched : Slot::Failed;
    ++stats.descriptors;
    while (submission_.head != fetch_next_ && slots_[submission_.head % params_.prefetch] != Slot::Fetching)
        ++submission_.head;
    advance_soon();
}

// Takes the next descriptor, if it is there and its fate can be told. True: look for another.
bool Accelerator::begin_next(Cycle now) {
    if (overflows_ && !has_completion_) {
        --overflows_;
        engine_.load_cycles = engine_.compute_cycles = engine_.store_cycles = 0;
        post(ACCEL_NO_TAG, ACCEL_OVERFLOW, false);
        entry_is_job_ = false;
        return true;
    }
    if (taken_ == submission_.head) return false;
    const u32 place = taken_ % params_.prefetch;
    job_ = descriptors_[place];
    const u32 status = slots_[place] == Slot::Failed ? u32(ACCEL_BAD_ADDRESS) : check(job_);
    if (status != ACCEL_OK && has_completion_) return false;
    slots_[place] = Slot::Empty;
    ++taken_;
    if (status == ACCEL_OK) {
        begin_job(now);
        return false;
    }
    engine_.load_cycles = engine_.compute_cycles = engine_.store_cycles = 0;
    ++(status == ACCEL_CANCELLED ? stats.cancelled_jobs : stats.failed_jobs);
    chain_broken_ = job_.flags & ACCEL_CHAIN;
    post(job_.tag, status, false);
    return true;
}

// What the queue itself can say against a descriptor.
u32 Accelerator::check(const accel_descriptor &d) const {
    if (chain_broken_) return ACCEL_CANCELLED;
    if ((d.flags & ~ACCEL_FLAGS) || d.reserved) return ACCEL_BAD_DESCRIPTOR;
    const auto granted = [&](u64 bus, u32 bytes) { return bytes == 0 || dma_.is_granted(bus, bytes); };
    const bool all = granted(d.model, d.model_bytes) && granted(d.input, d.input_bytes) &&
                     granted(d.output, d.output_bytes);
    return all ? ACCEL_OK : ACCEL_BAD_ADDRESS;
}

// Hands a completion to the writer, which has room.
void Accelerator::post(u32 tag, u32 status, bool is_silent) {
    require(!has_completion_, "accelerator: a completion is posted while another one waits");
    entry_ = {tag, status, engine_.load_cycles, engine_.compute_cycles, engine_.store_cycles};
    entry_is_job_ = true;
    entry_is_silent_ = is_silent && status == ACCEL_OK;
    has_completion_ = true;
    write_completion();
}

void Accelerator::write_completion() {
    if (writer_ != Writer::Idle || !has_completion_) return;
    is_stalled_ = completion_.size() == completion_.entries;
    if (is_stalled_) return;   // until the driver moves the head
    const Address place = completion_.base + u64(completion_.tail % completion_.entries) * sizeof entry_;
    if (dma_.write(place, reinterpret_cast<const u8 *>(&entry_), sizeof entry_, *this, kCompletion))
        writer_ = Writer::Entry;
}

// The entry is visible; now the index is.
void Accelerator::completion_written(Cycle now) {
    ++completion_.tail;
    completed_ += entry_is_job_;
    stats.jobs += entry_is_job_;
    queue_changed();
    if (index_base_) return write_indices();
    end_completion(now);
}

void Accelerator::write_indices() {
    indices_ = {submission_.head, completion_.tail};
    writer_ = Writer::Indices;
    const bool taken =
        dma_.write(index_base_, reinterpret_cast<const u8 *>(&indices_), sizeof indices_, *this, kIndices);
    require(taken, "accelerator: no transfer is left for the queue's own writes");
}

void Accelerator::end_completion(Cycle now) {
    writer_ = Writer::Idle;
    has_completion_ = false;
    if (!entry_is_silent_) {
        ++unreported_;
        if (unreported_ >= coalesce_count_) raise_interrupt();
        else if (coalesce_cycles_ && coalesce_at_ == kNever) {
            coalesce_at_ = ratio_.core_cycle(ratio_.other_cycle(now) + coalesce_cycles_);
            schedule(coalesce_at_, Coalesce);
        }
    }
    advance_soon();
}

void Accelerator::raise_interrupt() {
    unreported_ = 0;
    interrupt_status_ |= ACCEL_INTERRUPT_COMPLETION;
    update_line();
}

void Accelerator::transfer_done(u32 tag, bool ok, Cycle now) {
    settle(now);
    if (is_resetting_) return advance_soon();
    if (tag < kMaxPrefetch) return fetched(tag, ok);
    if (!ok) refuse(ACCEL_ERROR_WRITE);
    if (tag == kCompletion) completion_written(now);
    else end_completion(now);
}

void Accelerator::begin_reset() {
    if (is_resetting_) return;
    ++stats.resets;
    ++epoch_;
    is_resetting_ = true;
    advance_cycle_ = coalesce_at_ = kNever;
    dma_.stop();
    engine_transfers_ -= u32(requests_.size());
    requests_.clear();
    dones_.clear();
    in_slice_ = waits_ = false;
    advance_soon();
}

void Accelerator::end_reset() {
    engine_.reset();
    is_resetting_ = is_stalled_ = has_job_ = job_ended_ = has_completion_ = chain_broken_ = false;
    writer_ = Writer::Idle;
    slots_.fill(Slot::Empty);
    submission_.head = submission_.tail = completion_.head = completion_.tail = 0;
    fetch_next_ = taken_ = completed_ = overflows_ = unreported_ = engine_transfers_ = 0;
    errors_ = interrupt_status_ = interrupt_enable_ = coalesce_count_ = coalesce_cycles_ = 0;
    update_line();
    queue_changed();
    if (timeline_) timeline_->instant(connection_.number, "reset", clock_->now);
}

}   // namespace sim
