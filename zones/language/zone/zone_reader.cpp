// Reads a zone file into the zone model.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/zone_reader.h"

#include <string>
#include <utility>
#include <vector>

#include "meridian/clock.h"
#include "zones/language/zone/zone_parser.h"
#include "zones/model/checks.h"
#include "zones/model/maintenance_checks.h"

namespace meridian::zones {
namespace {

/// As operators name their zones.
std::string without_dot(std::string name) {
    if (name.size() > 1) { name.pop_back(); }
    return name;
}

/// The diagnostics of the libraries that the zones of a file use.
void report_libraries(const ZoneFile& file, Diagnostics& diagnostics) {
    for (const UsedLibrary& used : file.libraries) {
        for (const Diagnostic& diagnostic : used.library->diagnostics) {
            diagnostics.push_back(diagnostic);
            for (const ApexName& apex : file.apexes) {
                diagnostics.back().zones.push_back(without_dot(apex.name.to_text()));
            }
        }
    }
}

std::vector<Zone> read_zones(const ZoneText& source, ZoneFile& file) {
    Findings& findings = file.findings;
    std::vector<Zone> zones;
    for (const ApexName& apex : file.apexes) {
        if (findings.full()) { break; }
        findings.begin_zone(without_dot(apex.name.to_text()));
        auto parsed = parse_zone(source, apex, file);
        if (!parsed) { continue; }
        check_names(parsed->zone, parsed->index, parsed->positions, findings);
        if (parsed->policies_sound) { check_policies(parsed->zone, findings); }
        if (findings.error_count() == 0) {
            warn_of_unused_services(parsed->zone, findings);
            warn_of_drained_services(parsed->zone, findings);
            check_maintenance(parsed->zone, unix_seconds(SystemClock().wall()), findings);
        }
        if (findings.error_count() == 0) { zones.push_back(std::move(parsed->zone)); }
    }
    if (findings.error_count() > 0) { zones.clear(); }
    return zones;
}

}  // namespace

ZoneReading read_zone(const ZoneText& source) {
    auto file = open_zone_file(source);
    if (!file) { return {{}, std::move(file).error()}; }
    ZoneReading reading;
    if (file->apexes.empty()) {
        reading.library = read_library(source.file, source.text);
        reading.diagnostics = check_library(*reading.library);
        return reading;
    }
    if (file->libraries_sound) { reading.zones = read_zones(source, *file); }
    reading.diagnostics = file->findings.take();
    report_libraries(*file, reading.diagnostics);
    return reading;
}

}  // namespace meridian::zones
