// Says what the geo database is, and where it places addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meridian/geo/special_addresses.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/control/json_fields.h"
#include "server/sources/database_source.h"
#include "server/sources/guards.h"

namespace meridian::server {

namespace {

constexpr std::size_t kMaxPartsShown = 256;  // of a prefix; a longer list does not help an operator

using AtlasPointer = std::shared_ptr<const geo::Atlas>;

/// Null, with the error printed, where no database can be read.
AtlasPointer open_atlas(const GeoOptions& options) {
    std::vector<std::string> paths = options.databases;
    if (paths.empty()) {
        auto settings = load_settings_or_print(options.config_file);
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
    const auto warnings = shortcomings_of(info);
    return {{"warnings", boost::json::array(warnings.begin(), warnings.end())},
            {"paths", boost::json::array(info.paths.begin(), info.paths.end())},
            {"type", info.type},
            {"built", date_text(info.build_epoch)},
            {"build_epoch", info.build_epoch},
            {"attribution", info.attribution},
            {"v4_networks", info.v4_networks},
            {"v6_networks", info.v6_networks},
            {"v4_leaves", atlas.leaf_count(Family::V4)},
            {"v6_leaves", atlas.leaf_count(Family::V6)},
            {"locations", atlas.locations().size()},
            {"v4_placed", info.v4_placed},
            {"v6_placed", info.v6_placed},
            {"unread_records", info.unread_records},
            {"has_coordinates", info.has_coordinates},
            {"has_subdivisions", info.has_subdivisions},
            {"has_cities", info.has_cities},
            {"memory_octets", atlas.memory_octets()}};
}

void print_info(const geo::Atlas& atlas) {
    const geo::AtlasInfo& info = atlas.info();
    for (const std::string& path : info.paths) {
        print_line(std::cout, "file         " + path);
    }
    const auto knows = [](bool known) { return known ? "yes" : "no"; };
    print_line(std::cout, "type         " + info.type);
    std::cout << "built        " << date_text(info.build_epoch) << '\n'
              << "networks     " << info.v4_networks << " IPv4, " << info.v6_networks << " IPv6\n"
              << "compiled to  " << atlas.leaf_count(Family::V4) << " and "
              << atlas.leaf_count(Family::V6) << " leaves, " << atlas.locations().size()
              << " locations, " << (atlas.memory_octets() >> 10) << " KiB\n"
              << "coordinates  " << knows(info.has_coordinates) << ", of " << info.v4_placed
              << " and " << info.v6_placed << " networks\n"
              << "subdivisions " << knows(info.has_subdivisions) << '\n'
              << "cities       " << knows(info.has_cities) << '\n';
    if (!info.attribution.empty()) { print_line(std::cout, "attribution  " + info.attribution); }
    for (const std::string& sentence : shortcomings_of(info)) {
        print_line(std::cout, "warning      " + sentence);
    }
}

/// What is known of one leaf of the database.
struct Lookup {
    std::string asked;    ///< As it was asked for.
    IpAddress looked_up;  ///< The address, or the IPv4 address inside it, or where a leaf begins.
    IpPrefix prefix;      ///< In the family of `looked_up`.
    geo::Location location;
    const geo::Country* country = nullptr;
    std::optional<geo::Coordinates> place;
    std::string ignored;  ///< Why steering ignores the database here; empty where it does not.
};

/// What steering does with an address whatever the database says.
std::string why_ignored(const IpAddress& address, const geo::Location& location) {
    const auto holds = [&address](const IpPrefix& block) { return block.contains(address); };
    if (std::ranges::any_of(geo::placeless_blocks(address.family()), holds)) {
        return "reserved space: steering asks for the resolver's address instead";
    }
    if (address.family() == Family::V6 && std::ranges::any_of(geo::embedding_blocks(), holds)) {
        return "IPv4 inside IPv6: steering goes by the IPv4 address, or else by the resolver's";
    }
    if (!geo::place_of(location)) {
        return "no place is known: steering takes the default order of the policy";
    }
    return {};
}

Lookup found_at(const geo::Atlas& atlas, std::string asked, const IpAddress& looked_up) {
    Lookup found;
    found.asked = std::move(asked);
    found.looked_up = looked_up;
    const geo::AtlasLeaf leaf = atlas.find(looked_up);
    found.prefix = leaf.prefix;
    found.location = atlas.location(leaf.location);
    found.country = geo::find_country(found.location.country);
    found.place = geo::place_of(found.location);
    found.ignored = why_ignored(looked_up, found.location);
    return found;
}

Lookup look_up(const geo::Atlas& atlas, const IpAddress& address) {
    const auto embedded = geo::embedded_v4(address, address.width());
    return found_at(atlas, address.to_string(), embedded ? embedded->address : address);
}

/// What the database has of each part of a prefix, up to a bound; `is_cut` where there is more.
std::vector<Lookup> look_up(const geo::Atlas& atlas, const IpPrefix& prefix, bool& is_cut) {
    std::vector<Lookup> parts;
    std::optional<IpAddress> at = prefix.address;
    while (at && prefix.contains(*at)) {
        if (parts.size() == kMaxPartsShown) {
            is_cut = true;
            break;
        }
        parts.push_back(found_at(atlas, prefix.to_string(), *at));
        at = geo::address_behind(parts.back().prefix);
    }
    return parts;
}

std::string_view continent_of(const Lookup& found) {
    return geo::continent_text(geo::continent_of(found.location));
}

std::string_view place_source(const Lookup& found) {
    if (!found.place) { return "none"; }
    if (found.location.has_coordinates) { return "database coordinates"; }
    return found.country != nullptr ? "country" : "continent";
}

boost::json::object found_json(const geo::Atlas& atlas, const Lookup& found) {
    boost::json::object entry{{"address", found.asked},
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
    if (!found.ignored.empty()) { entry["steering"] = found.ignored; }
    return entry;
}

/// Where the place comes from, in words.
std::string place_words(const Lookup& found) {
    const std::string at = coordinates_text(*found.place);
    if (!found.location.has_coordinates) {
        return "only the " + std::string(place_source(found)) + " is known, steered as from " + at;
    }
    std::string words = at + " (database coordinates";
    if (found.location.accuracy_km != 0) {
        words += ", within " + std::to_string(found.location.accuracy_km) + " km";
    }
    return words + ")";
}

void print_found(const geo::Atlas& atlas, const Lookup& found) {
    std::string line = found.asked;
    const bool is_part = found.asked.find('/') != std::string::npos;
    if (!is_part && found.looked_up.to_string() != found.asked) {
        line += " is " + found.looked_up.to_string();
    }
    line += "  " + found.prefix.to_string() + "  ";
    if (found.place) {
        for (const std::string_view part :
             {atlas.text(found.location.city), atlas.text(found.location.subdivision),
              found.country == nullptr ? found.location.country.text() : found.country->name,
              continent_of(found)}) {
            if (!part.empty()) { line += std::string(part) + ", "; }
        }
        line += place_words(found);
    } else {
        line += "unknown";
    }
    if (!found.ignored.empty()) { line.append("; ").append(found.ignored); }
    print_line(std::cout, line);
}

/// Something to look up: an address or a prefix.
struct Asked {
    std::optional<IpAddress> address;
    std::optional<IpPrefix> prefix;
};

std::optional<Asked> parse_asked(const std::string& text) {
    if (const auto address = IpAddress::parse(text)) { return Asked{address, {}}; }
    if (const auto prefix = IpPrefix::parse(text)) { return Asked{{}, prefix}; }
    return {};
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
    std::vector<Asked> all_asked;
    for (const std::string& text : options.addresses) {
        const auto asked = parse_asked(text);
        if (!asked) {
            print_error(text +
                        " is no IPv4 or IPv6 address, and no prefix (192.0.2.0/24, with "
                        "zeros behind its length)");
            return kExitCannotRun;
        }
        all_asked.push_back(*asked);
    }
    const AtlasPointer atlas = open_atlas(options);
    if (atlas == nullptr) { return kExitWrong; }

    boost::json::array entries;
    int code = kExitOk;
    for (const Asked& asked : all_asked) {
        bool is_cut = false;
        const std::vector<Lookup> parts = asked.address
                                              ? std::vector{look_up(*atlas, *asked.address)}
                                              : look_up(*atlas, *asked.prefix, is_cut);
        for (const Lookup& found : parts) {
            if (!found.place) { code = kExitWrong; }
            if (options.json) {
                entries.push_back(found_json(*atlas, found));
            } else {
                print_found(*atlas, found);
            }
        }
        if (is_cut) {
            print_error(asked.prefix->to_string() + " has more parts: these are its first " +
                        std::to_string(kMaxPartsShown));
        }
    }
    if (options.json) { std::cout << boost::json::serialize(entries) << '\n'; }
    return code;
}

}  // namespace meridian::server
