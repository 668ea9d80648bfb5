// SPDX-License-Identifier: BSD-3-Clause
// Throws an exception that nobody catches.
// status: 126
// error: ended by SIGABRT, which it sent to itself, at pc 0x
#include <stdexcept>
int main() { throw std::runtime_error("nobody listens"); }
