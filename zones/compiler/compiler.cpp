// Compiles zones, and links compiled zones and an atlas to a snapshot.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/compiler.h"

#include <algorithm>
#include <utility>

#include "meridian/dns/wire/name_hash.h"
#include "zones/compiler/edit_linker.h"
#include "zones/compiler/linker.h"
#include "zones/compiler/policy_pool.h"
#include "zones/compiler/zone_compiler.h"
#include "zones/snapshot/apex_table.h"

namespace meridian::zones {

struct Compiler::State {
    std::uint64_t hash_seed;
    PolicyPool policies;
};

Compiler::Compiler() : Compiler(dns::random_hash_seed()) {}
Compiler::Compiler(std::uint64_t hash_seed)
    : state_(std::make_unique<State>(State{hash_seed, {}})) {}
Compiler::~Compiler() = default;

Result<std::shared_ptr<const CompiledZone>, Diagnostics> Compiler::compile(
    const Zone& zone, std::span<const dns::Name> zones_below) {
    return ZoneCompiler(zone, zones_below, state_->hash_seed, state_->policies).run();
}

Result<std::shared_ptr<const Snapshot>, Diagnostics> Compiler::link(const LinkInput& input) {
    state_->policies.tidy();
    return link_zones(input, state_->hash_seed);
}

Result<std::shared_ptr<const Snapshot>, Diagnostics> Compiler::link_edit(const LinkInput& edit) {
    state_->policies.tidy_if_many();
    return zones::link_edit(edit, state_->hash_seed);
}

std::vector<std::vector<dns::Name>> zones_below(std::span<const dns::Name> apexes) {
    const ApexTable table(dns::random_hash_seed(), apexes);
    std::vector<std::vector<dns::Name>> below(apexes.size());
    for (std::uint32_t number = 0; number < apexes.size(); ++number) {
        const auto parent = table.above(number);
        if (parent && table.find(apexes[number]) == number) {
            below[*parent].push_back(apexes[number]);
        }
    }
    for (auto& names : below) {
        std::ranges::sort(names);
    }
    return below;
}

Result<std::shared_ptr<const Snapshot>, Diagnostics> compile(const CompileInput& input) {
    std::vector<dns::Name> apexes;
    for (const auto& zone : input.zones) {
        apexes.push_back(zone->apex.lower_cased());
    }
    const auto below = zones_below(apexes);
    Compiler compiler(input.hash_seed.value_or(dns::random_hash_seed()));
    LinkInput linked{input, {}};
    Diagnostics diagnostics;
    for (std::size_t i = 0; i < input.zones.size(); ++i) {
        auto zone = compiler.compile(*input.zones[i], below[i]);
        if (zone) {
            linked.zones.push_back(std::move(zone).value());
        } else {
            append(diagnostics, std::move(zone).error());
        }
    }
    if (!diagnostics.empty()) { return Failure{std::move(diagnostics)}; }
    return compiler.link(linked);
}

}  // namespace meridian::zones
