// Reads the regions of a zone and the policies that rank them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/region_reader.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <string>
#include <vector>

#include "meridian/geo/places.h"
#include "meridian/limits.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kBuiltInPolicy = "nearest";

std::string line_of(TextPosition position) {
    return "line " + std::to_string(position.line);
}

std::optional<double> number_in(const TomlValue& value) {
    if (const auto* integer = value.get<std::int64_t>()) { return static_cast<double>(*integer); }
    const auto* number = value.get<double>();
    return number == nullptr ? std::nullopt : std::optional(*number);
}

bool within(double value, double limit) {
    return std::isfinite(value) && std::abs(value) <= limit;
}

std::optional<geo::Coordinates> read_coordinates(const TomlValue& value, const std::string& key,
                                                 Findings& findings) {
    const std::vector<TomlValue>& items = value.get<TomlArray>()->items;
    const auto latitude = items.size() == 2 ? number_in(items[0]) : std::nullopt;
    const auto longitude = items.size() == 2 ? number_in(items[1]) : std::nullopt;
    if (!latitude || !longitude) {
        findings.error(value.span.at, key, "expected [latitude, longitude], two numbers",
                       "such as [38.95, -77.45]");
        return {};
    }
    if (!within(*latitude, 90)) {
        const bool swapped = within(*latitude, 180) && within(*longitude, 90);
        findings.error(items[0].span.at, key, "the latitude is out of range",
                       swapped ? "expected -90 to 90; it comes first; are the two swapped?"
                               : "expected -90 to 90");
        return {};
    }
    if (!within(*longitude, 180)) {
        findings.error(items[1].span.at, key, "the longitude is out of range",
                       "expected -180 to 180");
        return {};
    }
    return geo::Coordinates{*latitude, *longitude};
}

std::optional<geo::Coordinates> read_place(const TomlValue& value, const std::string& key,
                                           Findings& findings) {
    if (value.get<TomlArray>() != nullptr) { return read_coordinates(value, key, findings); }
    const auto* text = value.get<std::string>();
    if (text == nullptr) {
        findings.error(value.span.at, key,
                       "expected a place, found " + std::string(describe(value.kind())),
                       "such as [38.95, -77.45], \"FRA\" or \"Frankfurt, DE\"");
        return {};
    }
    if (const geo::Place* place = geo::find_place(*text)) { return place->at; }
    const std::string nearest = geo::nearest_place_spelling(*text);
    findings.error(value.span.at, key, "no place is known as " + quoted(*text),
                   (nearest.empty() ? "" : "did you mean " + quoted(nearest) + "? ") +
                       "an IATA code, \"City, CC\" or [latitude, longitude]");
    return {};
}

/// Why no client could be sent there; empty when one can.
std::string_view useless(const IpAddress& address) {
    const auto octets = address.octets();
    if (address.is_v4()) {
        if (octets[0] == 0) { return "is in the network 0.0.0.0/8, which is nobody's"; }
        return octets[0] >= 224 ? "is not the address of one host" : "";
    }
    if (octets[0] == 0xff) { return "is not the address of one host"; }
    if (address.high() == 0 && address.low() == 0) { return "is nobody's"; }
    if (address.high() == 0 && address.low() >> 32 == 0xffff) {
        return "is an IPv4 address written as IPv6";
    }
    return "";
}

class AddressReader {
public:
    explicit AddressReader(Findings& findings) : findings_(findings) {}

    void read(const TomlTable& table, const std::string& key, Region& region) {
        const std::vector<const TomlValue*> items = table.list("addresses");
        if (items.size() > kMaxRegionAddresses) {
            findings_.error(table.find("addresses")->key_span.at, key,
                            std::to_string(items.size()) + " addresses; a region has at most " +
                                std::to_string(kMaxRegionAddresses));
            return;
        }
        for (const TomlValue* item : items) {
            const auto* text = item->get<std::string>();
            if (text != nullptr) { read_one(*text, item->span.at, key, region); }
        }
    }

private:
    void read_one(const std::string& text, TextPosition at, const std::string& key,
                  Region& region) {
        const auto address = IpAddress::parse(text);
        if (!address) {
            findings_.error(at, key, quoted(text) + " is no IP address",
                            "expected one such as \"192.0.2.10\" or \"2001:db8:1::10\"");
            return;
        }
        if (const std::string_view why = useless(*address); !why.empty()) {
            findings_.error(at, key, quoted(text) + " " + std::string(why));
            return;
        }
        const auto [first, added] = seen_.try_emplace(*address, Seen{region.name, at});
        if (added) {
            region.addresses.push_back(*address);
        } else if (first->second.region == region.name) {
            findings_.error(at, key, quoted(text) + " is given twice",
                            "the first one is at " + line_of(first->second.at));
        } else {
            region.addresses.push_back(*address);
            findings_.warning(
                at, key,
                quoted(text) + " is an address of region " + quoted(first->second.region) + " too",
                "that one is at " + line_of(first->second.at));
        }
    }

    struct Seen {
        std::string region;
        TextPosition at;
    };
    Findings& findings_;
    std::map<IpAddress, Seen> seen_;
};

std::vector<std::string_view> region_names(const Zone& zone) {
    std::vector<std::string_view> names;
    for (const Region& region : zone.regions) {
        names.push_back(region.name);
    }
    return names;
}

/// Indices of the regions that `table` names at `key`, each once; whatever is wrong is told.
class RegionList {
public:
    RegionList(const Zone& zone, Findings& findings) : zone_(zone), findings_(findings) {
        for (std::size_t i = 0; i < zone.regions.size(); ++i) {
            index_.emplace(zone.regions[i].name, i);
        }
    }

    std::vector<std::size_t> read(const TomlTable& table, std::string_view key,
                                  const std::string& path) const {
        std::vector<std::size_t> result;
        for (const TomlValue* item : table.list(key)) {
            const auto* name = item->get<std::string>();
            if (name == nullptr) { continue; }
            const auto found = index_.find(*name);
            if (found == index_.end()) {
                unknown(*name, item->span.at, key_path(path, key));
            } else if (std::find(result.begin(), result.end(), found->second) != result.end()) {
                findings_.error(item->span.at, key_path(path, key),
                                "region " + quoted(*name) + " is named twice");
            } else {
                result.push_back(found->second);
            }
        }
        return result;
    }

private:
    void unknown(const std::string& name, TextPosition at, const std::string& key) const {
        const std::vector<std::string_view> names = region_names(zone_);
        std::string hint = "this zone has no regions";
        if (!names.empty() && !findings_.full()) {
            hint = spelling_hint(name, "regions here", names);
        }
        findings_.error(at, key, "no region is called " + quoted(name), hint);
    }

    const Zone& zone_;
    Findings& findings_;
    std::map<std::string, std::size_t, std::less<>> index_;
};

/// Takes the named regions first, then the others in the order of the policy.
void complete_default_order(const TomlTable& table, const std::string& path, const Zone& zone,
                            Policy& policy, Findings& findings) {
    const std::vector<std::size_t> named = RegionList(zone, findings).read(table, "default", path);
    for (const std::size_t region : named) {
        if (std::find(policy.regions.begin(), policy.regions.end(), region) ==
            policy.regions.end()) {
            findings.error(table.find("default")->value.span.at, key_path(path, "default"),
                           "region " + quoted(zone.regions[region].name) +
                               " is not among the policy's regions",
                           "add it to " + key_path(path, "regions") + " or leave it out here");
            continue;
        }
        policy.default_order.push_back(region);
    }
    for (const std::size_t region : policy.regions) {
        if (std::find(named.begin(), named.end(), region) == named.end()) {
            policy.default_order.push_back(region);
        }
    }
}

std::vector<std::size_t> all_regions(const Zone& zone) {
    std::vector<std::size_t> all(zone.regions.size());
    std::iota(all.begin(), all.end(), std::size_t{0});
    return all;
}

}  // namespace

void read_regions(const TomlTable& file, Zone& zone, Findings& findings) {
    const TomlTable* regions = file.table("regions");
    if (regions == nullptr) { return; }
    AddressReader addresses(findings);
    for (const TomlEntry& entry : regions->entries()) {
        const auto* table = entry.value.get<TomlTable>();
        if (table == nullptr) { continue; }
        if (zone.regions.size() == kMaxRegions) {
            findings.error(entry.key_span.at, key_path("regions", entry.key),
                           "a zone has at most " + std::to_string(kMaxRegions) + " regions");
            return;
        }
        Region region{entry.key, {}, {}, entry.key_span.at};
        const std::string path = key_path("regions", entry.key);
        if (const TomlEntry* at = table->find("at")) {
            region.at =
                read_place(at->value, key_path(path, "at"), findings).value_or(geo::Coordinates{});
        }
        addresses.read(*table, key_path(path, "addresses"), region);
        zone.regions.push_back(std::move(region));
    }
}

void read_policies(const TomlTable& file, Zone& zone, Findings& findings) {
    const TomlTable* policies = file.table("policies");
    if (policies == nullptr) { return; }
    for (const TomlEntry& entry : policies->entries()) {
        const auto* table = entry.value.get<TomlTable>();
        if (table == nullptr) { continue; }
        const std::string path = key_path("policies", entry.key);
        if (zone.policies.size() == kMaxPolicies) {
            findings.error(entry.key_span.at, path,
                           "a zone has at most " + std::to_string(kMaxPolicies) + " policies");
            return;
        }
        Policy policy;
        policy.name = entry.key;
        policy.position = entry.key_span.at;
        policy.regions = table->find("regions") == nullptr
                             ? all_regions(zone)
                             : RegionList(zone, findings).read(*table, "regions", path);
        complete_default_order(*table, path, zone, policy, findings);
        policy.max_addresses =
            static_cast<std::uint16_t>(table->integer("max_addresses").value_or(4));
        policy.client_subnet = table->boolean("client_subnet").value_or(true);
        if (const std::string* missing = table->text("missing_family")) {
            policy.missing_family = *missing == "next" ? MissingFamily::Next : MissingFamily::Omit;
        }
        zone.policies.push_back(std::move(policy));
    }
}

std::optional<std::size_t> find_policy(std::string_view name, TextPosition asked_at, Zone& zone) {
    for (std::size_t i = 0; i < zone.policies.size(); ++i) {
        if (zone.policies[i].name == name) { return i; }
    }
    if (name != kBuiltInPolicy) { return {}; }
    Policy nearest;
    nearest.name = name;
    nearest.regions = all_regions(zone);
    nearest.default_order = nearest.regions;
    nearest.position = asked_at;
    zone.policies.push_back(std::move(nearest));
    return zone.policies.size() - 1;
}

}  // namespace meridian::zones
