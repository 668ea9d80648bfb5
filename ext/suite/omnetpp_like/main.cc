// SPDX-License-Identifier: BSD-3-Clause
// Discrete-event simulation of a campus Ethernet like SPEC's 471.omnetpp: hosts, hubs, switches, CSMA/CD,
// polymorphic modules and messages, and a future event set kept as a heap.
#include <cstdio>
#include <cstring>

#include "network.h"

namespace {

struct Size {
    const char *name;
    net::NetworkSize network;
    int milliseconds;  // of simulated time, each run
    int runs;
};

constexpr Size kSizes[] = {
    {"test", {1, 2, 4, 1}, 90, 1},
    {"train", {4, 3, 6, 2}, 180, 1},
    {"ref", {15, 4, 8, 3}, 110, 2},
};

int run(const Size &size)
{
    std::uint64_t checksum = 0xcbf29ce484222325ull;
    for (int number = 0; number < size.runs; ++number) {
        net::Simulation simulation(31 + static_cast<std::uint64_t>(number));
        net::Network network(simulation, size.network);
        network.start();
        simulation.run(size.milliseconds * net::kMillisecond);
        net::Report report;
        network.report(report);
        std::printf("run %d: %zu modules, %llu events, at most %zu pending\n", number, network.modules(),
                    static_cast<unsigned long long>(simulation.events()), simulation.longest_queue());
        report.print();
        checksum = (checksum ^ simulation.digest()) * 0x100000001b3ull;
        checksum = (checksum ^ report.digest()) * 0x100000001b3ull;
    }
    std::printf("checksum 0x%016llx\n", static_cast<unsigned long long>(checksum));
    return 0;
}

}  // namespace

int main(int argc, char **argv)
{
    if (argc == 2)
        for (const Size &size : kSizes)
            if (!std::strcmp(argv[1], size.name))
                return run(size);
    std::fprintf(stderr, "usage: %s test|train|ref\n", argv[0]);
    return 2;
}
