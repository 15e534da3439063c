// Reads the tables of regions and of the policies that rank them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/region_reader.h"

#include <algorithm>
#include <array>
#include <charconv>
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

std::string degrees(double value) {
    std::array<char, 32> text{};
    const auto end = std::to_chars(text.data(), text.data() + text.size(), value).ptr;
    return {text.data(), end};
}

/// Both numbers fit either way for most of the world, so a swap shows only by where it leads: into
/// the sea, and back into a city.
void warn_of_swap(geo::Coordinates at, TextPosition position, const std::string& key,
                  Findings& findings) {
    constexpr double kRemoteKm = 300;  // nobody puts a data centre so far from any city
    constexpr double kInCityKm = 30;
    if (!within(at.longitude, 90)) { return; }
    const geo::Coordinates swapped{at.longitude, at.latitude};
    if (geo::nearest_place(at).km < kRemoteKm) { return; }
    const geo::NearestPlace meant = geo::nearest_place(swapped);
    if (meant.km > kInCityKm) { return; }
    findings.tell(messages::kCoordinatesLikelySwapped, position, key,
                  {std::to_string(static_cast<int>(kRemoteKm)), geo::city_and_country(*meant.place),
                   degrees(swapped.latitude), degrees(swapped.longitude)});
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
    const geo::Coordinates at{*latitude, *longitude};
    warn_of_swap(at, items[0].span.at, key, findings);
    return at;
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

/// What keeps clients elsewhere from an address: it is this host's own, or this link's. Empty where
/// nothing does; private addresses may well be those of clients.
std::string_view limited_to(const IpAddress& address) {
    const auto octets = address.octets();
    if (address.is_v4()) {
        if (octets[0] == 127) { return "a loopback address (RFC 1122 §3.2.1.3)"; }
        const bool link = octets[0] == 169 && octets[1] == 254;
        return link ? "a link-local address (RFC 3927)" : "";
    }
    if (address.high() == 0 && address.low() == 1) {
        return "the loopback address (RFC 4291 §2.5.3)";
    }
    const bool link = octets[0] == 0xfe && (octets[1] & 0xc0) == 0x80;
    return link ? "a link-local address (RFC 4291 §2.5.6)" : "";
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
        if (const std::string_view limit = limited_to(*address); !limit.empty()) {
            findings_.tell(messages::kUnreachableAddress, at, key, {quoted(text), limit});
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
