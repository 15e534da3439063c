// Says what the geo database is, and where it places addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include <boost/json.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meridian/geo/identity.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/control/json_fields.h"
#include "server/runtime/log_text.h"
#include "server/sources/database_source.h"

namespace meridian::server {

namespace {

using AtlasPointer = std::shared_ptr<const geo::Atlas>;

/// Null, with the complaint printed, when there is no database to ask.
AtlasPointer open_atlas(const GeoOptions& options) {
    std::vector<std::string> paths = options.databases;
    if (paths.empty()) {
        auto settings = settings_or_complaint(options.config_file);
        if (!settings) { return nullptr; }
        paths = std::move(settings->databases);
    }
    auto atlas = read_database(paths);
    if (!atlas) {
        print_error(atlas.error());
        return nullptr;
    }
    return std::move(atlas).value();
}

boost::json::object info_json(const geo::Atlas& atlas) {
    const geo::AtlasInfo& info = atlas.info();
    return {{"paths", boost::json::array(info.paths.begin(), info.paths.end())},
            {"type", info.type},
            {"built", date_text(info.build_epoch)},
            {"build_epoch", info.build_epoch},
            {"attribution", info.attribution},
            {"v4_networks", info.v4_networks},
            {"v6_networks", info.v6_networks},
            {"v4_leaves", atlas.leaf_count(Family::V4)},
            {"v6_leaves", atlas.leaf_count(Family::V6)},
            {"locations", atlas.locations().size()},
            {"has_coordinates", info.has_coordinates},
            {"has_subdivisions", info.has_subdivisions},
            {"has_cities", info.has_cities},
            {"memory_octets", atlas.memory_octets()}};
}

void print_info(const geo::Atlas& atlas) {
    const geo::AtlasInfo& info = atlas.info();
    for (const std::string& path : info.paths) {
        std::cout << "file         " << printable(path) << '\n';
    }
    const auto knows = [](bool known) { return known ? "yes" : "no"; };
    std::cout << "type         " << printable(info.type) << '\n'
              << "built        " << date_text(info.build_epoch) << '\n'
              << "networks     " << info.v4_networks << " IPv4, " << info.v6_networks << " IPv6\n"
              << "kept as      " << atlas.leaf_count(Family::V4) << " and "
              << atlas.leaf_count(Family::V6) << " leaves, " << atlas.locations().size()
              << " locations, " << (atlas.memory_octets() >> 10) << " KiB\n"
              << "coordinates  " << knows(info.has_coordinates) << '\n'
              << "subdivisions " << knows(info.has_subdivisions) << '\n'
              << "cities       " << knows(info.has_cities) << '\n';
    if (!info.attribution.empty()) {
        std::cout << "attribution  " << printable(info.attribution) << '\n';
    }
}

/// What is known of one address.
struct Found {
    IpAddress address;
    IpAddress looked_up;  ///< Itself, or the IPv4 address inside it.
    IpPrefix prefix;      ///< In the family of `looked_up`.
    geo::Location location;
    const geo::Country* country = nullptr;
    std::optional<geo::Coordinates> place;
};

Found look_up(const geo::Atlas& atlas, const IpAddress& address) {
    Found found;
    found.address = address;
    const auto embedded = geo::embedded_v4(address, address.width());
    found.looked_up = embedded ? embedded->address : address;
    const geo::AtlasLeaf leaf = atlas.find(found.looked_up);
    found.prefix = leaf.prefix;
    found.location = atlas.location(leaf.location);
    found.country = geo::find_country(found.location.country);
    found.place = geo::place_of(found.location);
    return found;
}

std::string_view continent_of(const Found& found) {
    return found.country == nullptr ? "" : geo::continent_text(found.country->continent);
}

std::string_view place_source(const Found& found) {
    if (!found.place) { return "none"; }
    return found.location.has_coordinates ? "database coordinates" : "country";
}

boost::json::object found_json(const geo::Atlas& atlas, const Found& found) {
    boost::json::object entry{{"address", found.address.to_string()},
                              {"looked_up", found.looked_up.to_string()},
                              {"prefix", found.prefix.to_string()},
                              {"country", found.location.country.text()},
                              {"continent", continent_of(found)},
                              {"subdivision", atlas.text(found.location.subdivision)},
                              {"city", atlas.text(found.location.city)},
                              {"place_source", place_source(found)}};
    if (found.place) {
        entry["latitude"] = found.place->latitude;
        entry["longitude"] = found.place->longitude;
    }
    if (found.location.accuracy_km != 0) { entry["accuracy_km"] = found.location.accuracy_km; }
    return entry;
}

void print_found(const geo::Atlas& atlas, const Found& found) {
    std::cout << found.address.to_string();
    if (found.looked_up != found.address) { std::cout << " is " << found.looked_up.to_string(); }
    std::cout << "  " << found.prefix.to_string() << "  ";
    if (!found.place) {
        std::cout << "unknown\n";
        return;
    }
    for (const std::string_view part :
         {atlas.text(found.location.city), atlas.text(found.location.subdivision),
          found.country == nullptr ? found.location.country.text() : found.country->name,
          continent_of(found)}) {
        if (!part.empty()) { std::cout << printable(part) << ", "; }
    }
    std::cout << coordinates_text(*found.place) << " (" << place_source(found);
    if (found.location.accuracy_km != 0) {
        std::cout << ", within " << found.location.accuracy_km << " km";
    }
    std::cout << ")\n";
}

}  // namespace

int geo_info(const GeoOptions& options) {
    const AtlasPointer atlas = open_atlas(options);
    if (atlas == nullptr) { return kExitWrong; }
    if (options.json) {
        std::cout << json_line(info_json(*atlas)) << '\n';
    } else {
        print_info(*atlas);
    }
    return kExitOk;
}

int geo_lookup(const GeoOptions& options) {
    std::vector<IpAddress> addresses;
    for (const std::string& text : options.addresses) {
        const auto address = IpAddress::parse(text);
        if (!address) {
            print_error(text + " is no IPv4 or IPv6 address");
            return kExitCannotRun;
        }
        addresses.push_back(*address);
    }
    const AtlasPointer atlas = open_atlas(options);
    if (atlas == nullptr) { return kExitWrong; }

    boost::json::array entries;
    int code = kExitOk;
    for (const IpAddress& address : addresses) {
        const Found found = look_up(*atlas, address);
        if (!found.place) { code = kExitWrong; }
        if (options.json) {
            entries.push_back(found_json(*atlas, found));
        } else {
            print_found(*atlas, found);
        }
    }
    if (options.json) { std::cout << json_line(entries) << '\n'; }
    return code;
}

}  // namespace meridian::server
