// Checks zones that are not served yet.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/zone_check.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

#include "meridian/zones/compiler.h"
#include "server/sources/broken_zones.h"
#include "server/sources/library_shelf.h"
#include "server/sources/signed_zones.h"
#include "server/sources/zone_loader.h"
#include "server/sources/zone_parts.h"
#include "server/sources/zones_reader.h"

namespace meridian::server {

namespace {

/// Adds what shows only with all of `read` together. Not all files need be without an error.
void add_check_together(const ZonesByFile& read, FilesCheck& check) {
    std::vector<std::shared_ptr<const zones::Zone>> zones;
    for (const auto& [file, loaded] : read) {
        std::ranges::transform(loaded->zones, std::back_inserter(zones), &LoadedZone::model);
    }
    check.zone_count = zones.size();
    zones::append(check.diagnostics, check_together(std::move(zones)));
}

}  // namespace

std::shared_ptr<const geo::Atlas> world_of_no_places() {
    return std::make_shared<const geo::Atlas>(geo::AtlasBuilder().build());
}

zones::Diagnostics check_together(std::vector<std::shared_ptr<const zones::Zone>> zones) {
    zones::CompileInput input;
    input.zones = std::move(zones);
    input.atlas = world_of_no_places();
    auto compiled = zones::compile(input);
    return compiled ? zones::check_delegations(**compiled) : compiled.error();
}

FilesCheck check_zone_files(const std::vector<std::string>& files, const KnownCommands& commands) {
    FilesCheck check;
    ZonesByFile read;
    BrokenZones broken;
    const SerialStore none;
    LibraryShelf shelf;
    for (const bool master_files : {false, true}) {
        const ZoneParts parts(read);
        for (const std::string& file : files) {
            if (is_master_file(file) != master_files) { continue; }
            if (master_files && parts.whole_of(file) != nullptr) { continue; }
            if (const std::string* zone = broken.wanting(file); master_files && zone != nullptr) {
                check.not_read.push_back({file, *zone});
                continue;
            }
            ZoneLoading loading = load_zone(file, nullptr, {none}, shelf, {}, {}, commands);
            judge_signatures(loading, {nullptr, nullptr, none});
            zones::append(check.diagnostics, std::move(loading.diagnostics));
            if (loading.loaded) {
                read.emplace(file, std::move(loading.loaded));
            } else if (!master_files && !loading.is_library) {
                broken.add(file);
            }
        }
    }
    check.diagnostics = zones::merged_by_position(std::move(check.diagnostics));
    add_check_together(read, check);
    return check;
}

FilesCheck check_zones_directory(const std::string& directory, const KnownCommands& commands) {
    const ZonesByFile nothing_runs;
    const SavedFiles nothing_saved;
    const SerialStore none;
    const FileIds nothing_unfinished;
    SourceLook seen;
    LoadReport report;
    ZonesReader reader(
        nothing_runs, nothing_saved, {none}, nothing_unfinished, seen, [](const LoadedFile&) {},
        commands);
    const ZonesInDirectory read = reader.read(directory, report);
    FilesCheck check{std::move(report.diagnostics), std::move(report.not_read)};
    add_check_together(read.zones, check);
    return check;
}

FilesCheck check_master_file(const std::string& file, const std::string& apex) {
    FilesCheck check;
    const SerialStore none;
    ZoneLoading loading = load_master_zone(file, apex, {none});
    judge_signatures(loading, {nullptr, nullptr, none});
    check.diagnostics = std::move(loading.diagnostics);
    if (!loading.loaded) { return check; }
    ZonesByFile read;
    read.emplace(file, std::move(loading.loaded));
    add_check_together(read, check);
    return check;
}

}  // namespace meridian::server
