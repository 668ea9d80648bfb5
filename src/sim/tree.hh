// SPDX-License-Identifier: BSD-3-Clause
// The tree (with shared branches) that nested constructors made: who is whose child, and each component's one
// path.
#pragma once
#include <string>
#include <utility>
#include <vector>
#include "sim/component.hh"

namespace sim {

struct TreeNode {
    Component *component;
    std::string path;   // "core.l1d"; the shortest, then the first declared
    std::vector<std::pair<std::string, u32>> children;   // name, index into the tree; absent ones left out
};

// Breadth first from `root`, which is called `name`; a component that several others share appears once.
std::vector<TreeNode> component_tree(Component &root, const std::string &name);

// The same from several roots, which come first; a component below several of them belongs to the first.
std::vector<TreeNode> component_tree(const std::vector<std::pair<Component *, std::string>> &roots);

// Indices into the tree, every child before all of its parents.
std::vector<u32> children_first(const std::vector<TreeNode> &tree);

}  // namespace sim
