// SPDX-License-Identifier: BSD-3-Clause
// perl_like (after SPEC CPU2006 400.perlbench): scalars, arrays and insertion-ordered hashes.
#pragma once
#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace script {

using std::string;
using std::string_view;

struct ScriptError : std::runtime_error {
    using std::runtime_error::runtime_error;
};

enum class Type : uint8_t { Undefined, Integer, Number, Text };

// A scalar. Text that looks like a number is converted each time it is used as one.
struct Value {
    Type type = Type::Undefined;
    int64_t integer = 0;
    double number = 0;
    string text;

    Value() = default;
    Value(int64_t value) : type(Type::Integer), integer(value) {}
    Value(int value) : type(Type::Integer), integer(value) {}
    Value(size_t value) : type(Type::Integer), integer(static_cast<int64_t>(value)) {}
    Value(bool value) : type(Type::Integer), integer(value) {}
    Value(double value) : type(Type::Number), number(value) {}
    Value(string value) : type(Type::Text), text(std::move(value)) {}

    bool truth() const;
    void append_to(string& out) const;
    string str() const { string out; append_to(out); return out; }
    double num() const;
    int64_t whole() const;
    // Integers stay exact; anything else becomes a Number.
    Value numeric() const;
};

void append_fixed(string& out, double value, int decimals);
Value parse_number(string_view text);

using Array = std::vector<Value>;

// Open addressing over an entry list, so that iteration order is insertion order on every machine.
class Hash {
public:
    Value& operator[](string_view key);
    const Value* find(string_view key) const;
    bool erase(string_view key);
    void clear();
    size_t size() const { return live_; }
    template <class Visit> void each(Visit visit) const {
        for (const Entry& entry : entries_)
            if (entry.live)
                visit(entry.key, entry.value);
    }

private:
    struct Entry {
        string key;
        Value value;
        uint32_t hash;
        bool live;
    };
    int locate(string_view key, uint32_t hash) const;
    void rebuild(size_t slots);
    std::vector<Entry> entries_;
    std::vector<int> slots_;
    size_t live_ = 0;
};

}  // namespace script
