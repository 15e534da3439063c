// Lists the regions of a zone file.
//
// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <cmath>
#include <iostream>
#include <string>

#include "meridian/geo/places.h"
#include "meridian/zones/region_edit.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/control/json_fields.h"
#include "server/sources/editable_zone.h"

namespace meridian::server {

namespace {

boost::json::object region_json(const std::string& file, const zones::WrittenRegion& region) {
    const geo::NearestPlace nearest = geo::nearest_place(region.at);
    return {{"name", region.name},
            {"file", file},
            {"line", region.position.line},
            {"state", region.is_drained ? "drained" : "active"},
            {"at", region.place},
            {"latitude", region.at.latitude},
            {"longitude", region.at.longitude},
            {"nearest_place", geo::city_and_country(*nearest.place)},
            {"nearest_place_km", std::round(nearest.km)},
            {"addresses", boost::json::array(region.addresses.begin(), region.addresses.end())},
            {"policies", boost::json::array(region.policies.begin(), region.policies.end())}};
}

void print_list(std::string_view title, const std::vector<std::string>& items) {
    std::string line = "    " + std::string(title);
    for (const std::string& item : items) {
        line += ' ' + item;
    }
    print_line(std::cout, line + (items.empty() ? " none" : ""));
}

/// `library` is empty for a region of the file itself.
void print_region(const std::string& library, const zones::WrittenRegion& region) {
    const geo::NearestPlace nearest = geo::nearest_place(region.at);
    const auto away_km = static_cast<std::size_t>(std::lround(nearest.km));
    print_line(std::cout, region.name + "  (" + (library.empty() ? "" : library + ", ") + "line " +
                              std::to_string(region.position.line) + ")");
    print_line(std::cout, "    at        " + (region.place.empty() ? "" : region.place + ": ") +
                              coordinates_text(region.at) + ", " +
                              (away_km == 0 ? "" : std::to_string(away_km) + " km from ") +
                              geo::city_and_country(*nearest.place));
    if (region.is_drained) { print_line(std::cout, "    state     drained"); }
    print_list("addresses", region.addresses);
    print_list("policies ", region.policies);
}

}  // namespace

int region_list(const RegionOptions& options) {
    const auto zone = open_editable_zone(options.zone_file);
    if (!zone) {
        print_diagnostics(zone.error());
        return kExitWrong;
    }
    boost::json::array all;
    const auto report = [&](const std::string& library, const zones::WrittenRegion& region) {
        if (options.json) {
            all.push_back(region_json(library.empty() ? zone->path : library, region));
        } else {
            print_region(library, region);
        }
    };
    for (const zones::WrittenRegion& region :
         zones::written_regions(zone->text, zone->document.root)) {
        report("", region);
    }
    for (const SharedRegion& shared : shared_regions(*zone)) {
        report(shared.file, shared.region);
    }
    if (options.json) {
        std::cout << json_line(
                         boost::json::object{{"file", zone->path}, {"regions", std::move(all)}})
                  << '\n';
    }
    return kExitOk;
}

}  // namespace meridian::server
