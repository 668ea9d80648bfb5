// SPDX-License-Identifier: BSD-3-Clause
// Finds a system call's row by number and prints calls for --strace.
#include "program/system_calls.hh"
#include <algorithm>
#include <cstdio>
#include <cstring>

namespace sim {

namespace {

using Table = std::array<const SystemCall *, kSystemCalls>;

Table gather() {
    Table table{};
    for (const auto &topic : {file_calls(), folder_calls(), descriptor_calls(), memory_calls(),
                              process_calls(), signal_calls(), thread_calls(), time_calls()})
        for (const SystemCall &call : topic) table[call.number] = &call;
    return table;
}

std::string quoted(const char *text, u64 bytes, bool more) {
    std::string out = "\"";
    for (u64 i = 0; i < bytes; ++i) {
        const u8 c = u8(text[i]);
        char escape[8];
        if (c == '"' || c == '\\') out += '\\', out += char(c);
        else if (c == '\n') out += "\\n";
        else if (c >= 32 && c < 127) out += char(c);
        else std::snprintf(escape, sizeof escape, "\\x%02x", c), out += escape;
    }
    return out + (more ? "\"..." : "\"");
}

std::string number(const char *format, u64 v) {
    char text[40];
    std::snprintf(text, sizeof text, format, static_cast<unsigned long long>(v));
    return text;
}

std::string show(LinuxProcess &process, const Call &call, size_t index, char kind) {
    const u64 v = call.argument[index];
    std::string text;
    switch (kind) {
        case 'd': return number("%lld", v);
        case 'f': return i32(v) == -100 ? "AT_FDCWD" : std::to_string(i32(v));
        case 'u': return number("%llu", v);
        case 'o': return number("0%llo", v);
        case 'g': return signal_name(i32(v));
        case 's':
            if (process.memory().read_string(v, text)) return quoted(text.data(), text.size(), false);
            break;
        case 'b': {
            const u64 bytes = std::min<u64>(call.argument[index + 1], 48);
            text.resize(bytes);
            if (process.memory().read(v, text.data(), bytes))
                return quoted(text.data(), bytes, bytes < call.argument[index + 1]);
            break;
        }
        default: break;
    }
    return v == 0 && kind != 'x' ? "NULL" : number("0x%llx", v);
}

}  // namespace

const SystemCall *system_call(u64 number) {
    static const Table table = gather();
    return number < table.size() ? table[number] : nullptr;
}

void trace_call(LinuxProcess &process, const Call &call, i64 result) {
    const SystemCall *row = system_call(call.number);
    std::string line = row ? row->name : system_call_name(call.number);
    line += '(';
    const char *kinds = row ? row->arguments : "xxxxxx";
    for (size_t i = 0; kinds[i]; ++i) line += (i ? ", " : "") + show(process, call, i, kinds[i]);
    line += ") = ";
    if (result == kWaits) line += "? (waits)";
    else if (result == kNoReturn) line += "?";
    else if (result < 0) line += std::to_string(result) + " (" + std::strerror(int(-result)) + ")";
    else line += result > 0xffff ? number("0x%llx", u64(result)) : std::to_string(result);
    std::fprintf(stderr, "[strace] %s\n", line.c_str());
}

}  // namespace sim
