// SPDX-License-Identifier: BSD-3-Clause
// Declares a component's parameters, children and statistics once; Python, documentation and output follow.
#pragma once
#include <algorithm>
#include <array>
#include <concepts>
#include <limits>
#include <string>
#include <string_view>
#include <type_traits>
#include <variant>
#include <vector>
#include "sim/types.hh"

namespace sim {

class Component;
using TextList = std::vector<std::string>;
using CountList = std::vector<i64>;   // of a STAT_VECTOR
using Value = std::variant<bool, i64, double, std::string, TextList, Component *, CountList>;

enum Need : bool { required, optional };   // of a child

// One declared field, with its owner's type erased. Only cold code goes through it.
struct Field {
    enum class Kind : u8 { Param, Child, Stat, Formula } kind;
    std::string_view name, unit, doc;
    Value initial;
    Need need;
    std::string_view type;   // bool, integer, number, text, texts, or the class that a child must be
    u64 maximum;             // of an "integer"
    Value (*get)(const void *owner);
    void (*set)(void *owner, const Value &);   // throws std::bad_variant_access on a wrong type
    u32 length = 0;          // of a vector of counters; 0: one value
};
using Schema = std::vector<Field>;

namespace detail {

template <class T> struct ArrayLength : std::integral_constant<u32, 0> {};
template <std::size_t n> struct ArrayLength<std::array<u64, n>> : std::integral_constant<u32, n> {};
template <class T> constexpr u32 array_length = ArrayLength<T>::value;   // 0: no array

// "Cache" for sim::Cache.
template <class T> constexpr std::string_view class_name() {
    std::string_view text = __PRETTY_FUNCTION__;
    text.remove_prefix(text.find("T = ") + 4);
    text = text.substr(0, text.find_first_of(";]"));
    const auto scope = text.rfind("::");
    return scope == text.npos ? text : text.substr(scope + 2);
}
template <class T> constexpr std::string_view type_name() {
    if constexpr (std::is_same_v<T, bool>) return "bool";
    else if constexpr (std::is_same_v<T, std::string>) return "text";
    else if constexpr (std::is_same_v<T, TextList>) return "texts";
    else if constexpr (array_length<T> > 0) return "integers";
    else if constexpr (std::is_pointer_v<T>) return class_name<std::remove_pointer_t<T>>();
    else if constexpr (std::floating_point<T>) return "number";
    else return "integer";
}
template <class T> constexpr u64 largest() {
    if constexpr (std::is_integral_v<T>) return std::min<u64>(std::numeric_limits<T>::max(), ~u64{0} >> 1);
    else return 0;
}

template <class T> Value box(const T &v) {
    if constexpr (std::is_same_v<T, bool> || std::is_same_v<T, std::string> || std::is_same_v<T, TextList>)
        return v;
    else if constexpr (array_length<T> > 0) return CountList(v.begin(), v.end());
    else if constexpr (std::is_pointer_v<T>) return static_cast<Component *>(v);
    else if constexpr (std::floating_point<T>) return double(v);
    else return i64(v);
}
template <class T> T unbox(const Value &v) {
    if constexpr (std::is_same_v<T, std::string> || std::is_same_v<T, TextList>) return std::get<T>(v);
    else if constexpr (array_length<T> > 0) {
        const auto &counts = std::get<CountList>(v);
        if (counts.size() != array_length<T>) throw std::bad_variant_access();
        T made{};
        std::copy(counts.begin(), counts.end(), made.begin());
        return made;
    } else if constexpr (std::is_pointer_v<T>) {
        auto *any = std::get<Component *>(v);
        auto *typed = dynamic_cast<T>(any);
        if (any && !typed) throw std::bad_variant_access();
        return typed;
    } else if constexpr (std::is_same_v<T, bool>) return std::get<bool>(v);
    else if constexpr (std::floating_point<T>) {
        auto *whole = std::get_if<i64>(&v);
        return whole ? T(*whole) : T(std::get<double>(v));
    } else {
        const i64 whole = std::get<i64>(v);
        if (whole < 0 || i64(T(whole)) != whole) throw std::bad_variant_access();
        return T(whole);
    }
}

}  // namespace detail

// Base of every Params and Stats struct: owns the list that the macros below append to.
template <class Owner> struct Described {
    using Self = Owner;
    static Schema &schema() {
        static Schema s;
        return s;
    }
    template <auto Member, class T>
    static bool describe(Field::Kind kind, std::string_view name, std::string_view unit, std::string_view doc,
                         const T &initial, Need need = required) {
        schema().push_back({kind, name, unit, doc, detail::box(initial), need,
                            detail::type_name<T>(), detail::largest<T>(),
                            [](const void *o) { return detail::box(static_cast<const Owner *>(o)->*Member); },
                            [](void *o, const Value &v) {
                                static_cast<Owner *>(o)->*Member = detail::unbox<T>(v);
                            },
                            detail::array_length<T>});
        return true;
    }
    template <auto Function>
    static bool derive(std::string_view name, std::string_view unit, std::string_view doc) {
        schema().push_back(
            {Field::Kind::Formula, name, unit, doc, 0.0, required, "number", 0,
             [](const void *o) -> Value { return (static_cast<const Owner *>(o)->*Function)(); }, nullptr});
        return true;
    }
};

}  // namespace sim

// Integers are unsigned; sizes take text such as "32KiB" (unit "bytes"), times "60ns" (unit "ns"), clocks
// "2GHz" (unit "GHz").
#define PARAM(type, name, initial, unit, doc)  \
    type name = initial;                       \
    inline static const bool name##_declared = \
        Self::template describe<&Self::name, type>(::sim::Field::Kind::Param, #name, unit, doc, type(initial))
#define CHILD(type, name, need, doc)           \
    type *name = nullptr;                      \
    inline static const bool name##_declared = Self::template describe<&Self::name, type *>( \
        ::sim::Field::Kind::Child, #name, "", doc, static_cast<type *>(nullptr), ::sim::need)
#define STAT(name, unit, doc)                  \
    ::sim::u64 name = 0;                       \
    inline static const bool name##_declared = Self::template describe<&Self::name, ::sim::u64>( \
        ::sim::Field::Kind::Stat, #name, unit, doc, ::sim::u64{0})
// As many counters beside each other; one that is counted is stats.name[k].
#define STAT_VECTOR(name, length, unit, doc)   \
    std::array<::sim::u64, length> name{};     \
    inline static const bool name##_declared = Self::template describe<&Self::name, std::array<::sim::u64, length>>( \
        ::sim::Field::Kind::Stat, #name, unit, doc, std::array<::sim::u64, length>{})
#define FORMULA(name, unit, doc, expression)           \
    double name() const { return double(expression); } \
    inline static const bool name##_declared = Self::template derive<&Self::name>(#name, unit, doc)
