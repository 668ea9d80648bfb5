// SPDX-License-Identifier: BSD-3-Clause
// Conversions between text and numbers, and the hash table.
#include "value.hh"

namespace script {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

uint32_t hash_of(string_view key) {
    uint32_t hash = 0;
    for (char c : key) {            // Jenkins one at a time
        hash += static_cast<uint8_t>(c);
        hash += hash << 10;
        hash ^= hash >> 6;
    }
    hash += hash << 3;
    hash ^= hash >> 11;
    return hash + (hash << 15);
}

}  // namespace

void append_fixed(string& out, double value, int decimals) {
    if (value != value || value > 9e12 || value < -9e12) {
        out += value != value ? "nan" : "inf";
        return;
    }
    uint64_t unit = 1;
    for (int i = 0; i < decimals; ++i)
        unit *= 10;
    uint64_t scaled = static_cast<uint64_t>((value < 0 ? -value : value) * static_cast<double>(unit) + 0.5);
    if (value < 0 && scaled)
        out += '-';
    out += std::to_string(scaled / unit);
    if (decimals == 0)
        return;
    string digits = std::to_string(scaled % unit);
    out += '.';
    out.append(decimals - digits.size(), '0');
    out += digits;
}

Value parse_number(string_view text) {
    size_t at = 0;
    while (at < text.size() && (text[at] == ' ' || text[at] == '\t' || text[at] == '\n'))
        ++at;
    bool negative = at < text.size() && text[at] == '-';
    at += negative;
    uint64_t whole = 0;
    for (; at < text.size() && is_digit(text[at]); ++at)
        whole = whole * 10 + static_cast<uint64_t>(text[at] - '0');
    if (at + 1 >= text.size() || text[at] != '.' || !is_digit(text[at + 1]))
        return static_cast<int64_t>(negative ? 0 - whole : whole);
    double value = static_cast<double>(whole), scale = 1;
    for (++at; at < text.size() && is_digit(text[at]); ++at, scale *= 10)
        value = value * 10 + (text[at] - '0');
    return (negative ? -value : value) / scale;
}

bool Value::truth() const {
    switch (type) {
    case Type::Integer: return integer != 0;
    case Type::Number: return number < 0 || number > 0;
    case Type::Text: return !text.empty() && text != "0";
    default: return false;
    }
}

void Value::append_to(string& out) const {
    if (type == Type::Text) {
        out += text;
    } else if (type == Type::Integer) {
        out += std::to_string(integer);
    } else if (type == Type::Number) {
        string digits;
        append_fixed(digits, number, 6);
        if (digits.find('.') != string::npos) {
            while (digits.back() == '0')
                digits.pop_back();
            if (digits.back() == '.')
                digits.pop_back();
        }
        out += digits;
    }
}

Value Value::numeric() const {
    return type == Type::Text ? parse_number(text) : type == Type::Undefined ? Value(0) : *this;
}

double Value::num() const {
    if (type == Type::Text) {
        Value value = parse_number(text);
        return value.type == Type::Number ? value.number : static_cast<double>(value.integer);
    }
    return type == Type::Number ? number : static_cast<double>(integer);
}

int64_t Value::whole() const {
    if (type == Type::Integer)
        return integer;
    Value value = numeric();
    if (value.type != Type::Number)
        return value.integer;
    return value.number > -9e18 && value.number < 9e18 ? static_cast<int64_t>(value.number) : 0;
}

int Hash::locate(string_view key, uint32_t hash) const {
    size_t mask = slots_.size() - 1, slot = hash & mask;
    for (; slots_[slot] >= 0; slot = (slot + 1) & mask) {
        const Entry& entry = entries_[slots_[slot]];
        if (entry.hash == hash && entry.live && entry.key == key)
            break;
    }
    return static_cast<int>(slot);
}

void Hash::rebuild(size_t slots) {
    std::vector<Entry> kept;
    for (Entry& entry : entries_)
        if (entry.live)
            kept.push_back(std::move(entry));
    entries_.swap(kept);
    slots_.assign(slots, -1);
    for (size_t i = 0; i < entries_.size(); ++i) {
        size_t slot = entries_[i].hash & (slots - 1);
        while (slots_[slot] >= 0)
            slot = (slot + 1) & (slots - 1);
        slots_[slot] = static_cast<int>(i);
    }
}

Value& Hash::operator[](string_view key) {
    if (entries_.size() * 2 >= slots_.size())
        rebuild(live_ * 4 < 8 ? 16 : slots_.size() * (live_ * 3 > slots_.size() ? 2 : 1));
    uint32_t hash = hash_of(key);
    int slot = locate(key, hash);
    if (slots_[slot] < 0) {
        slots_[slot] = static_cast<int>(entries_.size());
        entries_.push_back({string(key), Value(), hash, true});
        ++live_;
    }
    return entries_[slots_[slot]].value;
}

const Value* Hash::find(string_view key) const {
    if (slots_.empty())
        return nullptr;
    int slot = locate(key, hash_of(key));
    return slots_[slot] < 0 ? nullptr : &entries_[slots_[slot]].value;
}

bool Hash::erase(string_view key) {
    if (slots_.empty())
        return false;
    int slot = locate(key, hash_of(key));
    if (slots_[slot] < 0)
        return false;
    entries_[slots_[slot]].live = false;
    entries_[slots_[slot]].value = Value();
    --live_;
    return true;
}

void Hash::clear() {
    entries_.clear();
    slots_.clear();
    live_ = 0;
}

}  // namespace script
