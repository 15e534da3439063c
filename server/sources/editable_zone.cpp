// Reads a zone file before an edit, and checks the text that will replace it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/editable_zone.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>
#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/zone_reader.h"
#include "server/sources/named_files.h"
#include "server/sources/source_diagnostics.h"
#include "server/sources/zone_check.h"
#include "server/sources/zone_loader.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

zones::Diagnostics about(const zones::DiagnosticKind& kind, const std::string& path,
                         std::initializer_list<std::string_view> values = {}) {
    return {zones::diagnostic_of(kind, path, {}, {}, values)};
}

/// Those of a zone that choose among regions of which `region` is one.
std::vector<std::string> policies_with(const zones::Zone& zone, std::size_t region) {
    std::vector<std::string> names;
    for (const zones::Policy& policy : zone.policies) {
        if (std::ranges::find(policy.regions, region) != policy.regions.end()) {
            names.push_back(policy.name);
        }
    }
    return names;
}

}  // namespace

ZoneCheck check_zone_text(const std::string& path, const std::string& text) {
    LibraryShelf shelf;
    NamedFiles named(path, shelf);
    zones::ZoneReading reading =
        zones::read_zone({path, text, 0, named.reader(), named.library_reader()});
    ZoneCheck check;
    check.diagnostics = std::move(reading.diagnostics);
    if (reading.zones.empty()) { return check; }
    for (zones::Zone& zone : reading.zones) {
        check.zones.push_back(std::make_shared<const zones::Zone>(std::move(zone)));
    }
    zones::Diagnostics more = check_together(check.zones);
    if (zones::has_errors(more)) { check.zones.clear(); }
    zones::append(check.diagnostics, std::move(more));
    return check;
}

std::vector<SharedRegion> shared_regions(const EditableZone& zone) {
    std::vector<SharedRegion> shared;
    // All zones of a file have the same regions.
    if (zone.zones.empty()) { return shared; }
    const zones::Zone& first = *zone.zones.front();
    for (std::size_t i = 0; i < first.regions.size(); ++i) {
        const zones::Region& region = first.regions[i];
        if (region.file == zone.path) { continue; }
        zones::WrittenRegion written{.name = region.name,
                                     .position = region.position,
                                     .place = {},
                                     .at = region.at,
                                     .addresses = {},
                                     .policies = policies_with(first, i),
                                     .is_drained = region.is_drained};
        for (const IpAddress& address : region.addresses) {
            written.addresses.push_back(address.to_string());
        }
        shared.push_back({region.file, std::move(written)});
    }
    return shared;
}

Result<EditableZone, zones::Diagnostics> open_editable_zone(const std::string& path) {
    if (is_master_file(path)) { return Failure{about(diagnostics::kNotEditable, path)}; }
    EditableZone zone;
    zone.path = path;
    // Before the read, so that saving notices a change meanwhile.
    zone.file_state = file_state_of(path);
    auto file = read_file(path, kMaxTomlFileOctets);
    if (!file) { return Failure{about(diagnostics::kUnreadableZone, path, {file.error().text})}; }
    zone.text = std::move(file->text);
    ZoneCheck check = check_zone_text(path, zone.text);
    auto document = zones::read_toml(path, zone.text);
    if (!check.loads() || !document) { return Failure{std::move(check.diagnostics)}; }
    zone.document = std::move(document).value();
    zone.zones = std::move(check.zones);
    zone.warnings = std::move(check.diagnostics);
    return zone;
}

}  // namespace meridian::server
