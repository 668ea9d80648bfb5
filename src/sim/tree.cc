// SPDX-License-Identifier: BSD-3-Clause
// Walks component trees through their schemas.
#include "sim/tree.hh"
#include <unordered_map>

namespace sim {

std::vector<TreeNode> component_tree(Component &root, const std::string &name) {
    return component_tree({{&root, name}});
}

std::vector<TreeNode> component_tree(const std::vector<std::pair<Component *, std::string>> &roots) {
    std::vector<TreeNode> tree;
    std::unordered_map<const Component *, u32> index;
    for (const auto &[root, name] : roots)
        if (index.try_emplace(root, u32(tree.size())).second) tree.push_back({root, name, {}});
    for (u32 i = 0; i < tree.size(); ++i) {
        const Component &parent = *tree[i].component;
        for (const Field &field : parent.param_schema()) {
            if (field.kind != Field::Kind::Child) continue;
            auto *child = std::get<Component *>(field.get(parent.param_values()));
            if (!child) continue;
            const auto [found, is_new] = index.try_emplace(child, u32(tree.size()));
            tree[i].children.emplace_back(field.name, found->second);
            if (is_new) tree.push_back({child, tree[i].path + "." + std::string(field.name), {}});
        }
    }
    return tree;
}

static void visit(const std::vector<TreeNode> &tree, u32 node, std::vector<bool> &seen,
                  std::vector<u32> &order) {
    if (seen[node]) return;
    seen[node] = true;
    for (const auto &[name, child] : tree[node].children) visit(tree, child, seen, order);
    order.push_back(node);
}

std::vector<u32> children_first(const std::vector<TreeNode> &tree) {
    std::vector<bool> seen(tree.size());
    std::vector<u32> order;
    for (u32 node = 0; node < tree.size(); ++node) visit(tree, node, seen, order);
    return order;
}

}  // namespace sim
