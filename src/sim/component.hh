// SPDX-License-Identifier: BSD-3-Clause
// What every part of a machine has: a path, children, statistics, and a clock once it belongs to a machine.
#pragma once
#include <memory>
#include <string>
#include <vector>
#include "sim/clock.hh"
#include "sim/errors.hh"
#include "sim/schema.hh"

namespace sim {

struct Structure;   // energy/structures.hh

using StatsCopier = std::shared_ptr<void> (*)(const void *stats);

class Component {
  public:
    virtual ~Component() = default;
    virtual const Schema &stat_schema() const = 0;
    virtual const void *stat_values() const = 0;
    virtual void *stat_values() = 0;
    virtual StatsCopier stats_copier() const = 0;
    virtual const Schema &param_schema() const = 0;
    virtual const void *param_values() const = 0;
    virtual std::string_view type_name() const = 0;

    // Called once, children first, when a Machine takes the tree in: from now on there is a clock.
    virtual void attach(Clock &clock) { clock_ = &clock; }
    bool is_attached() const { return clock_ != nullptr; }

    // Adds the circuits that it is built of, with the statistics that count their uses, for pricing.
    virtual void list_structures(std::vector<Structure> &) const {}
    // The same at a node (nm), for components whose lengths follow from the sizes of their circuits.
    virtual void list_structures_at(u32 /*node*/, std::vector<Structure> &list) const { list_structures(list); }

    std::string path = "unattached";   // "core.l1d": attribute names from the machine down

  protected:
    Clock *clock_ = nullptr;
};

struct ComponentType {
    std::string_view name, doc;
    std::string_view offers;   // interface it serves as a child: "Memory", "Core"; "Component" where none
    const Schema *params, *stats;
    std::shared_ptr<void> (*new_params)();
    std::unique_ptr<Component> (*create)(const void *params);
};

// Every type declared with COMPONENT, in no particular order; readers sort by name.
inline std::vector<ComponentType> &component_types() {
    static std::vector<ComponentType> types;
    return types;
}
template <class C> inline std::string_view component_name;

// Base of a concrete component `Self` that offers `Interface`. Self has nested Params and Stats, a member
// `const Params params_` reachable as `params()`, and a public member `stats`.
template <class Self, class Interface> class Model : public Interface {
  public:
    using Offers = Interface;
    const Schema &stat_schema() const override { return Self::Stats::schema(); }
    const void *stat_values() const override { return &static_cast<const Self *>(this)->stats; }
    void *stat_values() override { return &static_cast<Self *>(this)->stats; }
    StatsCopier stats_copier() const override {
        return [](const void *stats) -> std::shared_ptr<void> {
            using Stats = typename Self::Stats;
            return std::make_shared<Stats>(*static_cast<const Stats *>(stats));
        };
    }
    const Schema &param_schema() const override { return Self::Params::schema(); }
    const void *param_values() const override { return &static_cast<const Self *>(this)->params(); }
    std::string_view type_name() const override { return component_name<Self>; }
};

template <class C> bool declare_component(std::string_view name, std::string_view doc) {
    component_name<C> = name;
    component_types().push_back(
        {name, doc, detail::class_name<typename C::Offers>(), &C::Params::schema(), &C::Stats::schema(),
         [] { return std::shared_ptr<void>(std::make_shared<typename C::Params>()); },
         [](const void *p) -> std::unique_ptr<Component> {
             return std::make_unique<C>(*static_cast<const typename C::Params *>(p));
         }});
    return true;
}

}  // namespace sim

#define COMPONENT(type, doc) static const bool type##_component = ::sim::declare_component<type>(#type, doc)
