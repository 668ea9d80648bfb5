// SPDX-License-Identifier: BSD-3-Clause
// The process's life: loading, system calls, turns of threads, signals, and its end.
#include "program/linux_process.hh"
#include <csignal>
#include <cstdio>
#include "program/initial_stack.hh"
#include "program/messages.hh"
#include "program/system_calls.hh"
#include "sim/errors.hh"

namespace sim {

LinuxProcess::LinuxProcess(const Program &program, const ProgramOptions &options, Hart &hart)
    : program(program),
      options(options),
      space(memory_),
      files(program, options, random),
      time(options.clock_ghz),
      random(options.seed),
      threads(kProcessId) {
    check_options(options);
    std::signal(SIGPIPE, SIG_IGN);   // a closed pipe behind standard output becomes the guest's EPIPE
    memory_.device = this;
    load_program(hart);
}

void LinuxProcess::load_program(Hart &hart) {
    for (const Segment &segment : program.segments) {
        const Address start = page_down(segment.address), end = page_up(segment.address + segment.bytes);
        if (end > AddressSpace::kMappingTop)
            throw GuestError(program.file + ": segment at " + hex(segment.address) + " lies above " +
                             hex(AddressSpace::kMappingTop) +
                             ", where the stack goes; link the program lower");
        // Two segments may share a page, which then allows what either does.
        for (Address page = start; page < end; page += GuestMemory::kPageBytes) {
            const u8 before = memory_.flags()[page >> GuestMemory::kPageBits];
            if (before) space.protect(page, GuestMemory::kPageBytes, before | segment.flags);
            else space.map(page, GuestMemory::kPageBytes, segment.flags);
        }
        memory_.place(segment.address, segment.data.data(), segment.data.size());
    }
    const Segment &last = program.segments.back();
    space.start_break(page_up(last.address + last.bytes));
    if (TestDevice::is_wanted(program)) {
        if (!space.is_free(TestDevice::kBase, TestDevice::kBytes))
            throw GuestError(program.file +
                             ": defines __test_device but covers its page at 0x10000000; link it elsewhere");
        memory_.map(TestDevice::kBase, TestDevice::kBytes, kDevice);
        space.keep_out(TestDevice::kBase, TestDevice::kBytes);
    }
    map_devices();
    space.map(AddressSpace::kStackTop - AddressSpace::kStackBytes, AddressSpace::kStackBytes, kRead | kWrite);
    space.map(AddressSpace::kSigreturnCode, GuestMemory::kPageBytes, kRead | kExecute);
    const u32 sigreturn[] = {0x08b00893, 0x00000073};   // li a7,139; ecall: unwinders know these two words
    memory_.place(AddressSpace::kSigreturnCode, sigreturn, sizeof sigreturn);
    hart = Hart{};
    hart.pc = program.entry;
    hart.reg[kSp] = make_initial_stack(memory_, program, options, files.view.program_alias(), random);
}

void LinuxProcess::ecall(Hart &hart) {
    hart.reservation = 0;
    const Call call{hart,
                    hart.reg[kA7],
                    {hart.reg[10], hart.reg[11], hart.reg[12], hart.reg[13], hart.reg[14], hart.reg[15]}};
    const SystemCall *row = system_call(call.number);
    i64 result = -ENOSYS;
    if (row) result = row->run(*this, call);
    else report_unanswered(call.number, "");
    if (options.strace) trace_call(*this, call, result);
    if (result != kWaits && result != kNoReturn) {
        threads.current().repeats_call = false;
        hart.reg[kA0] = u64(result);
        hart.pc += 4;
    }
    if (yields_ && threads.next_is_ready()) {
        threads.save_current(hart);
        threads.resume_next(hart);
    }
    yields_ = false;
    settle(hart);
}

void LinuxProcess::report_unanswered(u64 number, const std::string &what) {
    if (number < reported_calls_.size()) {
        if (reported_calls_[number]) return;
        reported_calls_[number] = true;
    }
    std::fprintf(stderr, "%s: system call %s (%llu) is not implemented%s; the program gets ENOSYS\n",
                 program.file.c_str(), system_call_name(number).c_str(),
                 static_cast<unsigned long long>(number), what.c_str());
}

void LinuxProcess::settle(Hart &hart) {
    if (exited_) return;
    threads.wake_due(time.ns(hart));
    do {
        if (!threads.has_current() || threads.current().is_waiting()) run_another_thread(hart);
        if (asleep_) return;
        deliver_signals(hart);
    } while (!exited_ && threads.current().is_waiting());
    if (!threads.others_may_run()) next_interrupt_ = ~u64{0};
    else if (next_interrupt_ == ~u64{0} || next_interrupt_ <= hart.committed)
        next_interrupt_ = hart.committed + options.quantum;
}

void LinuxProcess::run_another_thread(Hart &hart) {
    if (threads.has_current() && !asleep_) threads.save_current(hart);
    asleep_ = false;
    next_interrupt_ = ~u64{0};   // the next thread gets a whole quantum
    while (!threads.resume_next(hart)) {
        const u64 wake = threads.earliest_wake();
        if (!devices.empty()) {   // whose time passes meanwhile
            asleep_ = true;
            wake_cycle_ = time.cycle_at(wake);
            return;
        }
        if (wake == VirtualTime::kNever) deadlock(hart);
        time.skip_to(wake, hart);
        threads.wake_due(wake);
    }
}

void LinuxProcess::interrupt(Hart &hart) {
    if (exited_) return;
    threads.wake_due(time.ns(hart));
    if (!devices.empty()) threads.wake_pipes();   // an interrupt may be what they wait for
    next_interrupt_ = ~u64{0};
    if (asleep_) {
        run_another_thread(hart);
    } else if (threads.next_is_ready()) {
        threads.save_current(hart);
        threads.resume_next(hart);
    }
    settle(hart);
}

void LinuxProcess::end_current_thread(Hart &hart) {
    Thread &thread = threads.current();
    hart.reservation = 0;
    if (thread.clear_child_tid) {
        put(*this, thread.clear_child_tid, u32{0});
        threads.wake_futex(thread.clear_child_tid, 1, ~u32{0});
    }
    threads.remove_current();
}

void LinuxProcess::send_signal(Hart &hart, Thread &thread, const SignalInfo &signal) {
    const u64 bit = signal_bit(signal.number);
    const bool is_blocked = thread.blocked_signals & bit;
    const bool is_awaited = thread.wait.what == Wait::For::Signal && (thread.wait.signals & bit);
    const SignalAction &action = actions[size_t(signal.number)];
    if (!is_blocked && !is_awaited && is_ignored(action, signal.number)) return;
    for (const SignalInfo &pending : thread.pending_signals)
        if (pending.number == signal.number && signal.number < 32) return;   // only real-time signals queue
    thread.pending_signals.push_back(signal);
    if (&thread == &threads.current() || !thread.is_waiting()) return;
    if (is_awaited) return threads.repeat_call(thread);   // rt_sigtimedwait finds it pending
    if (is_blocked) return;
    if (thread.wait.what == Wait::For::Time && thread.wait.remaining) {
        const u64 now = time.ns(hart);
        put(*this, thread.wait.remaining,
            from_ns(thread.wait.until_ns > now ? thread.wait.until_ns - now : 0));
    }
    if (thread.wait.restarts && (action.flags & SignalAction::kRestart)) threads.repeat_call(thread);
    else threads.finish_wait(thread, -EINTR);
}

void LinuxProcess::deliver_signals(Hart &hart) {
    Thread &thread = threads.current();
    while (!exited_ && !thread.is_waiting()) {
        auto &pending = thread.pending_signals;
        auto next = pending.end();   // the lowest number, and of its kind the oldest
        for (auto s = pending.begin(); s != pending.end(); ++s)
            if (!(thread.blocked_signals & signal_bit(s->number)) &&
                (next == pending.end() || s->number < next->number))
                next = s;
        if (next == pending.end()) break;
        const SignalInfo signal = *next;
        pending.erase(next);
        act_on(hart, signal);
    }
    if (!exited_ && thread.blocked_before_suspend &&
        !thread.is_waiting()) {   // sigsuspend ended without a handler
        thread.blocked_signals = *thread.blocked_before_suspend;
        thread.blocked_before_suspend.reset();
    }
}

bool LinuxProcess::act_on(Hart &hart, const SignalInfo &signal) {
    SignalAction &action = actions[size_t(signal.number)];
    if (is_ignored(action, signal.number)) return false;
    if (action.handler == SignalAction::kDefault) {
        default_action(hart, signal);
        return false;
    }
    if (!enter_handler(memory_, threads.current(), hart, signal, action))
        fail(hart, "no room on the stack for the handler of " + signal_name(signal.number));
    hart.reservation = 0;
    if (action.flags & SignalAction::kResetHand) action.handler = SignalAction::kDefault;
    return true;
}

void LinuxProcess::default_action(const Hart &hart, const SignalInfo &signal) {
    if (signal.number == kSigPipe) return exit(128 + kSigPipe);   // as quietly as in a shell pipeline
    fail(hart, "ended by " + signal_name(signal.number) + ", which it sent to itself,");
}

void LinuxProcess::raise_fault(Hart &hart, const SignalInfo &signal, const std::string &what) {
    hart.reservation = 0;
    const SignalAction &action = actions[size_t(signal.number)];
    const bool is_blocked = threads.current().blocked_signals & signal_bit(signal.number);
    if (is_blocked || action.handler <= SignalAction::kIgnore) fail(hart, what);
    act_on(hart, signal);
}

void LinuxProcess::ebreak(Hart &hart) {
    constexpr i32 kTrapBreakpoint = 1;
    raise_fault(hart, {kSigTrap, kTrapBreakpoint, hart.pc, 0, true},
                "breakpoint without a handler for SIGTRAP");
}

void LinuxProcess::fault(Hart &hart, Fault fault, Address address) {
    constexpr i32 kIllegalOpcode = 1, kNotMapped = 1, kNoPermission = 2, kMisaligned = 1;
    if (fault == Fault::IllegalInstruction)
        return raise_fault(hart, {kSigIll, kIllegalOpcode, hart.pc, 0, true}, "unknown instruction (SIGILL)");
    if (fault == Fault::Breakpoint) return ebreak(hart);
    if (fault == Fault::MisalignedAtomic)
        return raise_fault(hart, {kSigBus, kMisaligned, address, 0, true},
                           "misaligned atomic access to " + hex(address) + " (SIGBUS)");
    const bool is_mapped = memory_.allows(address, 1, kMapped);
    const char *verb = fault == Fault::LoadFault    ? "load from "
                       : fault == Fault::StoreFault ? "store to "
                                                    : "jump to ";
    const char *why = !is_mapped                   ? ", which is not mapped (SIGSEGV)"
                      : fault == Fault::LoadFault  ? ", which may not be read (SIGSEGV)"
                      : fault == Fault::StoreFault ? ", which may not be written (SIGSEGV)"
                                                   : ", which may not be executed (SIGSEGV)";
    raise_fault(hart, {kSigSegv, is_mapped ? kNoPermission : kNotMapped, address, 0, true},
                verb + hex(address) + why);
}

void LinuxProcess::deadlock(const Hart &hart) {
    const std::string what = threads.count() == 1 ? "the program waits" : "all threads of the program wait";
    fail(hart, what + " for something that cannot happen any more (deadlock)");
}

void LinuxProcess::fail(const Hart &hart, const std::string &what) const {
    throw GuestError(program.file + ": " + what + " at pc " + describe_place(program, memory_, hart.pc));
}

}  // namespace sim
