// SPDX-License-Identifier: BSD-3-Clause
// The simulator's command: runs the Python script it is given.
#include "python/interpreter.hh"

int main(int argc, char **argv) { return sim::run_python(argc, argv); }
