// SPDX-License-Identifier: BSD-3-Clause
// The C++ library's threads: futures, exceptions that cross threads, shared locks, call_once, joining at
// scope end.
// flags: -pthread
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <mutex>
#include <numeric>
#include <shared_mutex>
#include <stdexcept>
#include <thread>
#include <vector>

static std::once_flag once;
static std::atomic<int> initialised{0};
static std::shared_mutex shared;
static long table[64];

static long sum_slice(const std::vector<int> &v, size_t from, size_t to) {
    std::call_once(once, [] { ++initialised; });
    if (from == to) throw std::invalid_argument("empty slice");
    return std::accumulate(v.begin() + long(from), v.begin() + long(to), 0L);
}

int main() {
    std::vector<int> values(10000);
    std::iota(values.begin(), values.end(), 1);
    std::vector<std::future<long>> parts;
    for (size_t i = 0; i < 8; ++i)
        parts.push_back(
            std::async(std::launch::async, sum_slice, std::cref(values), i * 1250, (i + 1) * 1250));
    long total = 0;
    for (auto &part : parts) total += part.get();
    std::printf("total %ld, initialised %d\n", total, initialised.load());

    auto failing = std::async(std::launch::async, sum_slice, std::cref(values), 5, 5);
    try {
        failing.get();
    } catch (const std::invalid_argument &error) {
        std::printf("from the other thread: %s\n", error.what());
    }

    std::vector<std::thread> workers;
    std::atomic<long> reads{0};
    for (int t = 0; t < 3; ++t)
        workers.emplace_back([t, &reads] {
            for (int i = 0; i < 200; ++i) {
                if (i % 4 == t % 4) {
                    std::unique_lock lock(shared);
                    table[i % 64] += t + 1;
                } else {
                    std::shared_lock lock(shared);
                    reads += table[i % 64] >= 0;
                }
            }
        });
    for (auto &worker : workers) worker.join();
    std::printf("reads %ld, table %ld\n", reads.load(), std::accumulate(table, table + 64, 0L));

    const auto before = std::chrono::steady_clock::now();
    std::this_thread::sleep_for(std::chrono::milliseconds(15));
    const bool slept = std::chrono::steady_clock::now() - before >= std::chrono::milliseconds(15);
    std::printf("slept long enough: %d\n", slept);
    std::mutex m;
    std::condition_variable c;
    std::unique_lock lock(m);
    std::printf("timed out: %d\n", c.wait_for(lock, std::chrono::milliseconds(3)) == std::cv_status::timeout);
    return 0;
}
