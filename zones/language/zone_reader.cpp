// Reads a zone file into the zone model.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/zone_reader.h"

#include <string>
#include <utility>

#include "zones/language/zone_parser.h"
#include "zones/model/checks.h"

namespace meridian::zones {
namespace {

/// As operators name their zones.
std::string without_dot(std::string name) {
    if (name.size() > 1) { name.pop_back(); }
    return name;
}

}  // namespace

ZoneReading read_zone(const ZoneText& source) {
    auto file = open_zone_file(source);
    if (!file) { return {{}, std::move(file).error()}; }
    Findings& findings = file->findings;
    ZoneReading reading;
    for (const ApexName& apex : file->apexes) {
        if (findings.full()) { break; }
        findings.begin_zone(without_dot(apex.name.to_text()));
        auto parsed = parse_zone(source, apex, *file);
        if (!parsed) { continue; }
        check_names(parsed->zone, parsed->index, findings);
        if (parsed->policies_sound) { check_policies(parsed->zone, findings); }
        if (findings.error_count() == 0) { reading.zones.push_back(std::move(parsed->zone)); }
    }
    if (findings.error_count() > 0) { reading.zones.clear(); }
    reading.diagnostics = findings.take();
    return reading;
}

}  // namespace meridian::zones
