// Saves the compiled database and the tables of policies for the next start.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/compiled_copies.h"

#include <map>
#include <span>
#include <utility>

#include "meridian/geo/atlas_copy.h"
#include "meridian/geo/route_map_copy.h"

namespace meridian::server {

namespace {

std::string table_file(const Digest& key) {
    return std::string(kRoutesFiles) + key.to_text();
}

geo::CopySource source_of(FileReader& file) {
    return {file.octets(), [&file](std::span<std::uint8_t> into) { return file.read(into); }};
}

/// The tables to save by file name, taken in the order of the policies. A table that policies share
/// fits only the same set of policies, so it is not saved and each start compiles it.
std::map<std::string, zones::ServedRouteMap> wanted_tables(const Digest& atlas_key,
                                                           const zones::Snapshot& snapshot) {
    std::map<std::string, zones::ServedRouteMap> wanted;
    for (zones::ServedRouteMap& table : snapshot.route_maps()) {
        if (wanted.size() == kMaxSavedTables) { break; }
        if (table.routes->is_joint()) { continue; }
        wanted.emplace(table_file(geo::route_map_key(atlas_key, table.policy)), std::move(table));
    }
    return wanted;
}

}  // namespace

bool CompiledCopies::has_atlas(const StateDirectory& state) {
    const auto file = state.open(kAtlasFile);
    return file.ok() || file.error().kind != FileFailure::Missing;
}

std::optional<FileReader> CompiledCopies::open(const StateDirectory& state, std::string_view name) {
    auto file = state.open(name);
    if (!file) {
        if (file.error().kind != FileFailure::Missing) {
            warnings_.push_back(file.error().text + "; it is compiled anew");
        }
        return {};
    }
    if (file->octets() > kMaxCopyOctets) {
        warn(state, name, {.is_outdated = false, .text = "it is too large"});
        return {};
    }
    return std::move(file).value();
}

void CompiledCopies::warn(const StateDirectory& state, std::string_view name,
                          const geo::CopyFailure& failure) {
    if (failure.is_outdated) { return; }
    warnings_.push_back("cannot use " + state.path() + "/" + std::string(name) + ": " +
                        failure.text + "; it is compiled anew");
}

std::shared_ptr<const geo::Atlas> CompiledCopies::find_atlas(
    const StateDirectory& state, const std::optional<Digest>& key,
    const std::vector<std::string>& paths) {
    auto file = open(state, kAtlasFile);
    if (!file) { return {}; }
    auto atlas = geo::read_atlas_copy(source_of(*file), key, paths);
    if (!atlas) {
        warn(state, kAtlasFile, atlas.error());
        atlas_key_.reset();
        return {};
    }
    atlas_key_ = key;
    ++atlases_used_;
    return std::make_shared<const geo::Atlas>(std::move(atlas).value());
}

std::shared_ptr<const geo::RouteMap> CompiledCopies::find_table(const StateDirectory& state,
                                                                const Digest& atlas_key,
                                                                const geo::Policy& policy) {
    const Digest key = geo::route_map_key(atlas_key, policy);
    const std::string name = table_file(key);
    auto file = open(state, name);
    if (!file) { return {}; }
    auto table = geo::read_route_map_copy(source_of(*file), key, policy);
    if (!table) {
        warn(state, name, table.error());
        good_tables_.erase(name);
        return {};
    }
    good_tables_.insert(name);
    ++tables_used_;
    return std::make_shared<const geo::RouteMap>(std::move(table).value());
}

std::vector<std::string> CompiledCopies::take_warnings() {
    return std::exchange(warnings_, {});
}

std::string CompiledCopies::used_text() const {
    if (atlases_used_ == 0) { return "none"; }
    return "atlas, " + std::to_string(tables_used_) + (tables_used_ == 1 ? " table" : " tables");
}

Result<Unit, std::string> CompiledCopies::save_file(const StateDirectory& state,
                                                    const std::string& name,
                                                    const std::vector<std::uint8_t>& octets) {
    if (octets.size() > kMaxCopyOctets) { return Unit{}; }
    return state.write(name, {reinterpret_cast<const char*>(octets.data()), octets.size()});
}

void CompiledCopies::remove_unwanted(const StateDirectory& state, const TablesByFile& wanted) {
    for (const std::string& name : state.list("")) {
        if (name.starts_with(kRoutesFiles) && !wanted.contains(name)) { state.remove(name); }
    }
    std::erase_if(good_tables_, [&](const std::string& name) { return !wanted.contains(name); });
}

Result<Unit, std::string> CompiledCopies::save(const StateDirectory& state,
                                               const std::optional<Digest>& atlas_key,
                                               const zones::Snapshot& snapshot) {
    if (!state.saves() || !atlas_key) { return Unit{}; }
    const geo::Atlas& atlas = snapshot.atlas();
    const std::uint64_t leaves = atlas.leaf_count(Family::V4) + atlas.leaf_count(Family::V6);
    const TablesByFile wanted =
        leaves < least_leaves_ ? TablesByFile() : wanted_tables(*atlas_key, snapshot);
    remove_unwanted(state, wanted);  // first, to free space on a small disk
    if (atlas_key_ != atlas_key) {
        auto saved = save_file(state, std::string(kAtlasFile),
                               geo::write_atlas_copy(snapshot.atlas(), *atlas_key));
        if (!saved) { return saved; }
        atlas_key_ = atlas_key;
    }
    for (const auto& [name, table] : wanted) {
        if (good_tables_.contains(name)) { continue; }
        const Digest key = geo::route_map_key(*atlas_key, table.policy);
        auto saved = save_file(state, name, geo::write_route_map_copy(*table.routes, key));
        if (!saved) { return saved; }
        good_tables_.insert(name);
    }
    return Unit{};
}

}  // namespace meridian::server
