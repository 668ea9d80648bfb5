// SPDX-License-Identifier: BSD-3-Clause
// C++ exceptions through five frames with destructors to run on the way, rethrown and caught by base class.
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

static int alive = 0, destroyed = 0;

struct Guard {
    int level;
    explicit Guard(int n) : level(n) { ++alive; }
    ~Guard() { --alive, ++destroyed; }
};

__attribute__((noinline)) static double five(int x) {
    Guard guard(5);
    if (x % 3 == 0) throw std::runtime_error("three divides " + std::to_string(x));
    if (x % 5 == 0) throw x;
    return x * 0.5;
}
__attribute__((noinline)) static double four(int x) {
    Guard guard(4);
    return five(x) + 1;
}
__attribute__((noinline)) static double three(int x) {
    Guard guard(3);
    try {
        return four(x) + 1;
    } catch (int n) {
        if (n % 2 == 0) throw std::out_of_range("even " + std::to_string(n));
        throw;
    }
}
__attribute__((noinline)) static double two(int x) {
    Guard guard(2);
    std::vector<int> held(x + 1, x);
    return three(held[x]) + 1;
}
__attribute__((noinline)) static double one(int x) {
    Guard guard(1);
    return two(x) + 1;
}

int main() {
    double sum = 0;
    for (int x = 1; x <= 16; ++x) {
        try {
            sum += one(x);
        } catch (const std::out_of_range &error) {
            std::printf("%d: out of range: %s\n", x, error.what());
        } catch (const std::exception &error) {
            std::printf("%d: %s\n", x, error.what());
        } catch (int n) {
            std::printf("%d: number %d\n", x, n);
        }
    }
    std::printf("sum %.1f, alive %d, destroyed %d\n", sum, alive, destroyed);
    try {
        std::vector<int>().at(3);
    } catch (const std::exception &error) {
        std::printf("library: %s\n", error.what());
    }
    return 0;
}
