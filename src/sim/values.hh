// SPDX-License-Identifier: BSD-3-Clause
// Turns what a script or an option says ("32KiB", "60ns", 64, True) into the value a declared field holds, or
// says why not.
#pragma once
#include <string>
#include <vector>
#include "sim/schema.hh"

namespace sim {

// `where` names the field in the error ("Cache.size"). Throws ConfigError; otherwise field.set takes the
// result, children apart, whose class only set() can check.
Value to_field(const Field &field, const Value &given, const std::string &where);

// Throws the ConfigError that `given` deserves.
[[noreturn]] void refuse(const Field &field, const Value &given, const std::string &where);

// What may be given, for errors and help: "a whole number of bytes or text such as \"32KiB\"".
std::string allowed(const Field &field);

// As a script would write it: 'text', True, 3.5, ['a', 'b'].
std::string written(const Value &value);

// "; did you mean 'hit_latency'?" where a name is near, otherwise "; it has a, b, c".
std::string suggestion(const std::string &wrong, const std::vector<std::string> &names);

}  // namespace sim
