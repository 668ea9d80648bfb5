// SPDX-License-Identifier: BSD-3-Clause
// Multiplies counts by prices and adds up.
#include "energy/accounting.hh"
#include <cmath>
#include <unordered_map>
#include "sim/errors.hh"

namespace sim {
namespace {

double rounded(double pj) { return std::round(pj / kEnergyGrain) * kEnergyGrain; }

// Statistics by the path of their component and their name, "../" leading to the component above.
class Counts {
  public:
    explicit Counts(const Statistics &statistics) {
        for (const Statistics::Group &group : statistics.groups()) groups_[group.path] = &group;
    }
    // False where there is no such statistic; of a vector, the element.
    bool find(std::string path, std::string_view name, u64 &count, u32 element = Action::kScalar) const {
        while (name.starts_with("../")) {
            name.remove_prefix(3);
            path.erase(std::min(path.rfind('.'), path.size()));
        }
        const auto group = groups_.find(path);
        if (group == groups_.end()) return false;
        for (const Field &field : *group->second->schema) {
            if (field.name != name || field.kind != Field::Kind::Stat) continue;
            if ((element == Action::kScalar) != (field.length == 0)) return false;
            const Value value = field.get(group->second->values.get());
            count = u64(field.length ? std::get<CountList>(value).at(element) : std::get<i64>(value));
            return true;
        }
        return false;
    }

  private:
    std::unordered_map<std::string, const Statistics::Group *> groups_;
};

class Account {
  public:
    Account(const Statistics &statistics, const EnergyOptions &options, std::vector<PricedStructure> structures)
        : counts_(statistics), until_end_(statistics.until_end()), root_(statistics.groups().front().path) {
        report_.structures = std::move(structures);
        const bool is_timed = counts_.find(root_, "cycles", report_.cycles) &&
                              counts_.find(root_, "committed_instructions", report_.instructions);
        if (!is_timed)
            throw ConfigError(root_ + ": energy needs the statistics cycles and committed_instructions of a timing "
                                      "core");
        report_.seconds = double(report_.cycles) / (options.clock_ghz * 1e9);
        ns_per_cycle_ = 1 / options.clock_ghz;
    }

    EnergyReport close(const std::vector<StructureList> &lists) {
        std::size_t next = 0;
        for (const StructureList &list : lists)
            for (const Structure &structure : list) add(structure, report_.structures[next++]);
        return std::move(report_);
    }

  private:
    void add(const Structure &structure, const PricedStructure &priced) {
        u64 uses = 0;
        for (const Action &action : structure.actions) uses += add(action, priced);
        const Price &price = priced.price;
        const u64 clocked = report_.cycles * priced.copies;
        if (price.idle_pj > 0 && clocked > uses)
            add_row(priced, "idle", clocked - uses, price.idle_pj, 0, false);
        if (price.leakage_mw > 0 && priced.copies)   // mW x ns = pJ
            add_row(priced, "leakage", report_.cycles, price.leakage_mw * priced.copies * ns_per_cycle_, 0, true);
        report_.area_mm2 += price.area_mm2 * priced.copies;
        if (!priced.is_cache) report_.core_area_mm2 += price.area_mm2 * priced.copies;
    }

    // Returns the uses.
    u64 add(const Action &action, const PricedStructure &priced) {
        u64 count = 0, squashed = 0;
        if (!counts_.find(priced.component, action.stat, count, action.element))
            throw SimulatorBug(priced.component + ": '" + priced.name + "' is used by the statistic '" +
                               std::string(action.stat) + "', which is not there");
        if (!action.squashed.empty() && counts_.find(priced.component, action.squashed, squashed))
            check(action, priced);
        const double each = priced.price.of(action.verb) * action.times;
        add_row(priced, action_name(action), count, each, squashed, false);
        return u64(std::llround(double(count) * action.times));
    }

    // Every use is counted before its instruction can be squashed: from the start of the machine there are no more of
    // the latter. In a phase there can be, by what was in flight when it began.
    void check(const Action &action, const PricedStructure &priced) const {
        u64 count = 0, squashed = 0;
        until_end_.find(priced.component, action.stat, count, action.element);
        until_end_.find(priced.component, action.squashed, squashed);
        if (squashed > count)
            throw SimulatorBug(priced.component + ": '" + priced.name + "', " + action_name(action) + ": " +
                               std::to_string(squashed) + " of " + std::to_string(count) + " were squashed");
    }

    void add_row(const PricedStructure &priced, std::string action, u64 count, double each, u64 squashed, bool leaks) {
        if (!count && !squashed) return;
        const double pj = rounded(double(count) * each), squashed_pj = rounded(double(squashed) * each);
        report_.rows.push_back({priced.component, priced.name, std::move(action), priced.stage, count, squashed,
                                each, pj, squashed_pj, priced.is_cache, leaks, priced.is_published,
                                priced.is_scaled});
        report_.total_pj += pj;
        report_.squashed_pj += squashed_pj;
        report_.stages[unsigned(priced.stage)] += pj;
        report_.squashed_stages[unsigned(priced.stage)] += squashed_pj;
        if (leaks) report_.leakage_pj += pj;
        if (!priced.is_cache) report_.core_pj += pj;
    }

    const Counts counts_, until_end_;
    const std::string root_;
    double ns_per_cycle_ = 0;
    EnergyReport report_;
};

}  // namespace

EnergyReport account(const std::vector<TreeNode> &tree, const Statistics &statistics, const EnergyOptions &options) {
    if (!(options.clock_ghz > 0)) throw ConfigError("energy: the clock must be more than 0 GHz");
    const std::vector<StructureList> lists = list_tree(tree, options);
    return Account(statistics, options, price_structures(tree, lists, options)).close(lists);
}

std::string_view stage_name(Stage stage) {
    constexpr std::string_view names[kStages] = {"fetch",         "branch_prediction", "decode_rename", "issue",
                                                 "execute",       "memory",            "register_file", "commit",
                                                 "wire",          "stage_registers"};
    return names[unsigned(stage)];
}

std::string action_name(const Action &action) {
    std::string_view stat = action.stat;
    stat.remove_prefix(stat.rfind('/') == stat.npos ? 0 : stat.rfind('/') + 1);
    const std::string element = action.element == Action::kScalar ? "" : "[" + std::to_string(action.element) + "]";
    return std::string(verb_name(action.verb)) + " " + std::string(stat) + element;
}

std::string_view verb_name(Verb verb) {
    constexpr std::string_view names[] = {"read", "write", "search", "use", "activate", "precharge", "refresh", "idle"};
    return names[unsigned(verb)];
}

}  // namespace sim
