// SPDX-License-Identifier: BSD-3-Clause
// The simulator's command: runs the Python script it is given.
#include "python/interpreter.hh"

#ifdef __SANITIZE_ADDRESS__
// Python keeps what it allocates until the process ends.
extern "C" const char *__asan_default_options() { return "detect_leaks=0"; }
#endif

int main(int argc, char **argv) { return sim::run_python(argc, argv); }
