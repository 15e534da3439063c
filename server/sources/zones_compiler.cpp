// Compiles what a load changed, and leaves the other zones as they are.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zones_compiler.h"

#include <algorithm>
#include <cstddef>
#include <utility>

#include "meridian/octet_hash.h"
#include "server/sources/source_diagnostics.h"

namespace meridian::server {

namespace {

Digest digest_of_apexes(const ZonesByFile& files) {
    OctetHash hash;
    for (const auto& [path, file] : files) {
        for (const LoadedZone& zone : file->zones) {
            hash.add(zone.apex().wire());  // ends in the root label
        }
    }
    return hash.digest();
}

}  // namespace

std::span<const dns::Name> ZonesCompiler::below(const ZonesBelow& all, const dns::Name& apex) {
    const auto found = all.find(apex);
    return found == all.end() ? std::span<const dns::Name>() : std::span(found->second);
}

const zones::CompiledZone* ZonesCompiler::compile_early(const LoadedZone& zone) {
    auto compiled = compiler_.compile(*zone.model(), below(served_.zones_below, zone.apex()));
    if (!compiled) { return nullptr; }
    return fresh_.insert_or_assign(zone, std::move(compiled).value()).first->second.get();
}

/// Finds the zones below each zone that has some.
ZonesCompiler::ZonesBelow ZonesCompiler::find_zones_below(const FilesInOrder& files) {
    std::vector<dns::Name> apexes;
    for (const auto* file : files) {
        for (const LoadedZone& zone : file->second->zones) {
            apexes.push_back(zone.apex().lower_cased());
        }
    }
    std::vector<std::vector<dns::Name>> below = zones::zones_below(apexes);
    ZonesBelow found;
    for (std::size_t i = 0; i < apexes.size(); ++i) {
        if (!below[i].empty()) { found.emplace(std::move(apexes[i]), std::move(below[i])); }
    }
    return found;
}

ZonesCompiler::CompiledZones ZonesCompiler::compile(const FilesInOrder& ordered,
                                                    const ZonesByFile& files,
                                                    const ModelRecaller& recall,
                                                    zones::Diagnostics& diagnostics) {
    given_ = {};
    given_.apexes = digest_of_apexes(files);
    const bool is_same = given_.apexes == served_.apexes;
    given_.zones_below = is_same ? served_.zones_below : find_zones_below(ordered);
    made_.clear();
    CompiledZones compiled;
    for (const auto* entry : ordered) {
        const auto& [path, file] = *entry;
        for (const LoadedZone& zone : file->zones) {
            auto made = zone.compiled();
            if (made == nullptr || !is_same || served_.outdated.contains(zone)) {
                made = compile_zone(
                    zone, given_.zones_below, [&] { return recall(path, *file); }, diagnostics);
            }
            if (made == nullptr) { continue; }
            if (made != zone.compiled()) { made_.insert_or_assign(zone, made); }
            compiled.push_back(std::move(made));
        }
    }
    return compiled;
}

ZonesCompiler::CompiledZones ZonesCompiler::compile_edit(const ZonesByFile& edited,
                                                         zones::Diagnostics& diagnostics) {
    made_.clear();
    CompiledZones compiled;
    for (const auto& [path, file] : edited) {
        for (const LoadedZone& zone : file->zones) {
            auto made = compile_zone(zone, served_.zones_below, [] { return false; }, diagnostics);
            if (made == nullptr) { continue; }
            made_.insert_or_assign(zone, made);
            compiled.push_back(std::move(made));
        }
    }
    return compiled;
}

std::shared_ptr<const zones::CompiledZone> ZonesCompiler::compile_zone(
    const LoadedZone& zone, const ZonesBelow& all_below, const std::function<bool()>& recall,
    zones::Diagnostics& diagnostics) {
    const auto zones_below = below(all_below, zone.apex());
    const auto fresh = fresh_.find(zone);
    const auto& known = fresh != fresh_.end() ? fresh->second : zone.compiled();
    if (known != nullptr && std::ranges::equal(known->facts().zones_below, zones_below)) {
        return known;
    }
    if (zone.model() == nullptr && !recall()) {
        given_.outdated.insert(zone);
        diagnostics.push_back(zones::diagnostic_of(
            diagnostics::kZonesBelowUnknown, known->facts().file, {}, {}, {zone.apex().to_text()}));
        return known;
    }
    auto compiled = compiler_.compile(*zone.model(), zones_below);
    if (!compiled) {
        zones::append(diagnostics, std::move(compiled).error());
        return {};
    }
    return fresh_.insert_or_assign(zone, std::move(compiled).value()).first->second;
}

bool ZonesCompiler::can_mend(const ZonesByFile& files, const ModelRecaller& recall) const {
    bool can = false;
    if (served_.outdated.empty()) { return can; }
    for (const auto& [path, file] : files) {
        for (const LoadedZone& zone : file->zones) {
            if (!served_.outdated.contains(zone)) { continue; }
            can = zone.model() != nullptr || recall(path, *file) || can;
        }
    }
    return can;
}

void ZonesCompiler::accept() {
    hold_made();
    served_ = std::move(given_);
    reject();
}

void ZonesCompiler::accept_edit() {
    hold_made();
    reject();
}

void ZonesCompiler::hold_made() {
    for (auto& [zone, compiled] : made_) {
        zone.set_compiled(std::move(compiled));
    }
}

void ZonesCompiler::reject() {
    fresh_.clear();
    made_.clear();
    given_ = {};
}

}  // namespace meridian::server
