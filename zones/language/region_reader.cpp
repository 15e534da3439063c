// Reads the tables of regions and of the policies that rank them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/region_reader.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "meridian/geo/places.h"
#include "meridian/limits.h"
#include "zones/model/messages.h"

namespace meridian::zones {
namespace {

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
        findings.tell(messages::kNoCoordinates, value.span.at, key);
        return {};
    }
    if (!within(*latitude, 90)) {
        const bool swapped = within(*latitude, 180) && within(*longitude, 90);
        findings.tell(swapped ? messages::kCoordinatesSwapped : messages::kLatitudeOutOfRange,
                      items[0].span.at, key);
        return {};
    }
    if (!within(*longitude, 180)) {
        findings.tell(messages::kLongitudeOutOfRange, items[1].span.at, key);
        return {};
    }
    return geo::Coordinates{*latitude, *longitude};
}

std::optional<geo::Coordinates> read_place(const TomlValue& value, const std::string& key,
                                           Findings& findings) {
    if (value.get<TomlArray>() != nullptr) { return read_coordinates(value, key, findings); }
    const auto* text = value.get<std::string>();
    if (text == nullptr) {
        findings.tell(messages::kPlaceExpected, value.span.at, key, {describe(value.kind())});
        return {};
    }
    if (const geo::Place* place = geo::find_place(*text)) { return place->at; }
    const std::string nearest = geo::nearest_place_spelling(*text);
    findings.tell(messages::kUnknownPlace, value.span.at, key,
                  {quoted(*text), nearest.empty() ? "" : "did you mean " + quoted(nearest) + "? "});
    return {};
}

/// What to tell of an address that no client could be sent to; null when one can.
const Message* useless(const IpAddress& address) {
    const auto octets = address.octets();
    if (address.is_v4()) {
        if (octets[0] == 0) { return &messages::kNobodysAddress; }
        return octets[0] >= 224 ? &messages::kNoHostAddress : nullptr;
    }
    if (octets[0] == 0xff) { return &messages::kNoHostAddress; }
    return address.high() == 0 && address.low() == 0 ? &messages::kNobodysAddress : nullptr;
}

/// The IPv4 address that an IPv6 one only wraps, such as ::ffff:192.0.2.1 (RFC 4291 §2.5.5.2).
std::optional<IpAddress> wrapped(const IpAddress& address) {
    const bool mapped = !address.is_v4() && address.high() == 0 && address.low() >> 32 == 0xffff;
    if (!mapped) { return {}; }
    return IpAddress::v4(static_cast<std::uint32_t>(address.low()));
}

class AddressReader {
public:
    explicit AddressReader(Findings& findings) : findings_(findings) {}

    void read(const TomlTable& table, const std::string& key, Region& region) {
        const std::vector<const TomlValue*> items = table.list("addresses");
        if (items.size() > kMaxRegionAddresses) {
            findings_.tell(messages::kTooManyAddresses, table.find("addresses")->key_span.at, key,
                           {std::to_string(items.size()), std::to_string(kMaxRegionAddresses)});
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
        if (!address) { return findings_.tell(messages::kNoAddress, at, key, {quoted(text)}); }
        if (const Message* why = useless(*address)) {
            return findings_.tell(*why, at, key, {quoted(text)});
        }
        if (const auto inner = wrapped(*address)) {
            return findings_.tell(messages::kMappedAddress, at, key,
                                  {quoted(text), quoted(inner->to_string())});
        }
        const auto [first, added] = seen_.try_emplace(*address, Seen{region.name, at});
        if (added) {
            region.addresses.push_back(*address);
        } else if (first->second.region == region.name) {
            findings_.tell(messages::kAddressTwice, at, key,
                           {quoted(text), line_of(first->second.at)});
        } else {
            region.addresses.push_back(*address);
            findings_.tell(messages::kSharedAddress, at, key,
                           {quoted(text), quoted(first->second.region), line_of(first->second.at)});
        }
    }

    struct Seen {
        std::string region;
        TextPosition at;
    };
    Findings& findings_;
    std::map<IpAddress, Seen> seen_;
};

std::vector<WrittenName> names_at(const TomlTable& table, std::string_view key) {
    std::vector<WrittenName> names;
    for (const TomlValue* item : table.list(key)) {
        const auto* name = item->get<std::string>();
        if (name != nullptr) { names.push_back({*name, item->span.at}); }
    }
    return names;
}

}  // namespace

void read_regions(const TomlTable& file, const std::string& file_name, SharedTables& tables,
                  Findings& findings) {
    const TomlTable* regions = file.table("regions");
    if (regions == nullptr) { return; }
    AddressReader addresses(findings);
    for (const TomlEntry& entry : regions->entries()) {
        const auto* table = entry.value.get<TomlTable>();
        if (table == nullptr) { continue; }
        Region region{entry.key, file_name, {}, {}, entry.key_span.at};
        const std::string path = key_path("regions", entry.key);
        if (const TomlEntry* at = table->find("at")) {
            region.at =
                read_place(at->value, key_path(path, "at"), findings).value_or(geo::Coordinates{});
        }
        addresses.read(*table, key_path(path, "addresses"), region);
        tables.regions.push_back(std::move(region));
    }
}

void read_policies(const TomlTable& file, SharedTables& tables) {
    const TomlTable* policies = file.table("policies");
    if (policies == nullptr) { return; }
    for (const TomlEntry& entry : policies->entries()) {
        const auto* table = entry.value.get<TomlTable>();
        if (table == nullptr) { continue; }
        WrittenPolicy policy;
        policy.name = entry.key;
        policy.position = entry.key_span.at;
        if (table->find("regions") != nullptr) { policy.regions = names_at(*table, "regions"); }
        policy.default_order = names_at(*table, "default");
        policy.max_addresses =
            static_cast<std::uint16_t>(table->integer("max_addresses").value_or(4));
        policy.client_subnet = table->boolean("client_subnet").value_or(true);
        if (const std::string* missing = table->text("missing_family")) {
            policy.missing_family = *missing == "next" ? MissingFamily::Next : MissingFamily::Omit;
        }
        tables.policies.push_back(std::move(policy));
    }
}

}  // namespace meridian::zones
