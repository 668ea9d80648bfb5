// SPDX-License-Identifier: BSD-3-Clause
// The open list of A*: a binary min-heap of nodes that knows where each node stands, so a better way to a
// node already open moves that node up instead of inserting it twice.
#pragma once
#include <cstdint>
#include <vector>

namespace astar {

class OpenHeap {
  public:
    explicit OpenHeap(int nodes) : place_(nodes, -1) { entries_.reserve(1024); }

    bool empty() const { return entries_.empty(); }

    void clear()
    {
        for (const Entry &entry : entries_)
            place_[entry.node] = -1;
        entries_.clear();
    }

    // Inserts the node or lowers its key.
    void push(int node, std::uint32_t key)
    {
        int hole = place_[node];
        if (hole < 0) {
            hole = static_cast<int>(entries_.size());
            entries_.push_back({key, node});
        }
        while (hole > 0) {
            const int parent = (hole - 1) / 2;
            if (entries_[parent].key <= key)
                break;
            put(hole, entries_[parent]);
            hole = parent;
        }
        put(hole, {key, node});
    }

    int pop()
    {
        const int top = entries_[0].node;
        place_[top] = -1;
        const Entry last = entries_.back();
        entries_.pop_back();
        if (!entries_.empty())
            sift_down(last);
        return top;
    }

  private:
    struct Entry {
        std::uint32_t key;
        std::int32_t node;
    };

    void put(int hole, Entry entry)
    {
        entries_[hole] = entry;
        place_[entry.node] = hole;
    }

    void sift_down(Entry entry)
    {
        const int size = static_cast<int>(entries_.size());
        int hole = 0;
        for (int child = 1; child < size; child = 2 * hole + 1) {
            if (child + 1 < size && entries_[child + 1].key < entries_[child].key)
                ++child;
            if (entries_[child].key >= entry.key)
                break;
            put(hole, entries_[child]);
            hole = child;
        }
        put(hole, entry);
    }

    std::vector<Entry> entries_;
    std::vector<std::int32_t> place_;  // node -> index in entries_, -1 when the node is not open
};

}  // namespace astar
