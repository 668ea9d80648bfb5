// SPDX-License-Identifier: BSD-3-Clause
// A copy of all statistics of a machine at one moment: two can be subtracted, and formulas hold on the
// difference.
#pragma once
#include <memory>
#include <string>
#include "sim/tree.hh"

namespace sim {

class Statistics {
  public:
    struct Group {   // of one component, in the tree's order
        std::string path;
        std::string_view type;
        const Schema *schema;
        StatsCopier copy;
        std::shared_ptr<void> values;
        std::vector<std::pair<std::string, u32>> children;
    };

    explicit Statistics(const std::vector<TreeNode> &tree);
    // What was counted since `before`, a copy of the same machine's; throws ConfigError where it is
    // another's.
    Statistics minus(const Statistics &before) const;
    // Of a difference the later copy, counted from the machine's start; of such a copy itself.
    const Statistics &until_end() const { return end_ ? *end_ : *this; }

    const std::vector<Group> &groups() const { return groups_; }
    std::string text() const;                       // aligned, in the tree's order, with units and sentences
    std::string text(u32 group) const;              // of one component

  private:
    std::vector<Group> groups_;
    std::shared_ptr<const Statistics> end_;   // null: counted from the start
};

}  // namespace sim
