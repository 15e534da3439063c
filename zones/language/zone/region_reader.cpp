// Reads the tables of regions and of the policies that rank them.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "meridian/date_time.h"
#include "meridian/geo/places.h"
#include "meridian/limits.h"
#include "zones/language/text/odd_letters.h"
#include "zones/language/toml/toml_words.h"
#include "zones/language/zone/address_reader.h"
#include "zones/language/zone/table_readers.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

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

/// Swapped numbers are in range for most of the world. They show by where they lead: as written far
/// from any city, swapped to one.
void warn_of_swap(geo::Coordinates at, TextPosition position, const std::string& key,
                  Findings& findings) {
    constexpr double kRemoteKm = 300;  // no data centre is so far from any city
    constexpr double kInCityKm = 30;
    if (!within(at.longitude, 90)) { return; }
    const geo::Coordinates swapped{at.longitude, at.latitude};
    if (geo::nearest_place(at).km < kRemoteKm) { return; }
    const geo::NearestPlace meant = geo::nearest_place(swapped);
    if (meant.km > kInCityKm) { return; }
    findings.report(
        diagnostics::kCoordinatesLikelySwapped, position, key,
        {std::to_string(static_cast<int>(kRemoteKm)), geo::city_and_country(*meant.place),
         degrees(swapped.latitude), degrees(swapped.longitude)});
}

/// "[50.03, 8.57]" for "50.03, 8.57"; nothing for what is no two numbers.
std::string coordinates_in(std::string_view text) {
    const std::size_t end = text.find_first_of(", ");
    const std::size_t next = text.find_first_not_of(", ", end);
    if (end == std::string_view::npos || next == std::string_view::npos) { return {}; }
    const std::string_view latitude = text.substr(0, end);
    const std::string_view longitude = text.substr(next);
    if (!is_toml_number(latitude) || !is_toml_number(longitude)) { return {}; }
    return "[" + std::string(latitude) + ", " + std::string(longitude) + "]";
}

/// What to write for numbers in quotes, or an example.
std::string meant_coordinates(const TomlValue& value) {
    std::string joined;
    for (const TomlValue& item : value.get<TomlArray>()->items) {
        const auto* text = item.get<std::string>();
        if (text != nullptr) { joined += (joined.empty() ? "" : ", ") + *text; }
    }
    const std::string meant = coordinates_in(joined);
    return meant.empty() ? "such as [38.95, -77.45]" : "write " + meant;
}

std::optional<geo::Coordinates> read_coordinates(const TomlValue& value, const std::string& key,
                                                 Findings& findings) {
    const std::vector<TomlValue>& items = value.get<TomlArray>()->items;
    const auto latitude = items.size() == 2 ? number_in(items[0]) : std::nullopt;
    const auto longitude = items.size() == 2 ? number_in(items[1]) : std::nullopt;
    if (!latitude || !longitude) {
        findings.report(diagnostics::kNoCoordinates, value.span.at, key,
                        {meant_coordinates(value)});
        return {};
    }
    if (!within(*latitude, 90)) {
        const bool swapped = within(*latitude, 180) && within(*longitude, 90);
        findings.report(
            swapped ? diagnostics::kCoordinatesSwapped : diagnostics::kLatitudeOutOfRange,
            items[0].span.at, key);
        return {};
    }
    if (!within(*longitude, 180)) {
        findings.report(diagnostics::kLongitudeOutOfRange, items[1].span.at, key);
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
        findings.report(diagnostics::kPlaceExpected, value.span.at, key, {describe(value.kind())});
        return {};
    }
    if (const geo::Place* place = geo::find_place(*text)) { return place->at; }
    if (report_odd_letter(*text, value.span.at, key, findings)) { return {}; }
    const std::string nearest = geo::nearest_place_spelling(*text);
    const std::string meant = coordinates_in(*text);
    findings.report(diagnostics::kUnknownPlace, value.span.at, key,
                    {quoted(*text), !meant.empty()    ? "write " + meant + "; "
                                    : nearest.empty() ? ""
                                                      : "did you mean " + quoted(nearest) + "? "});
    return {};
}

/// Whether the state of the region is "drained".
bool read_state(const TomlTable& table, const std::string& key, Findings& findings) {
    const std::string* state = table.text("state");
    if (state == nullptr) { return false; }
    if (*state == "shadow") {
        findings.report(diagnostics::kNotSupportedYet, table.find("state")->value.span.at, key,
                        {"a region that is ranked and counted, but gets no client"});
    }
    return *state == "drained";
}

/// None, and reported, where it is not the same moment on every server.
std::optional<std::int64_t> read_moment(const TomlTable& table, std::string_view key,
                                        const std::string& path, Findings& findings) {
    const TomlEntry* entry = table.find(key);
    const auto* time = entry == nullptr ? nullptr : entry->value.get<TomlTime>();
    if (time == nullptr) { return {}; }
    const auto moment = read_date_time(time->text);
    if (moment && *moment > 0) { return moment; }
    findings.report(diagnostics::kTimeWithoutOffset, entry->value.span.at, key_path(path, key),
                    {time->text});
    return {};
}

std::optional<Window> read_window(const TomlTable& table, TextPosition at, const std::string& path,
                                  Findings& findings) {
    const auto from = read_moment(table, "from", path, findings);
    const auto until = read_moment(table, "until", path, findings);
    const std::string* reason = table.text("reason");
    if (reason != nullptr && reason->size() > kMaxReasonOctets) {
        findings.report(diagnostics::kReasonTooLong, table.find("reason")->value.span.at,
                        key_path(path, "reason"),
                        {std::to_string(reason->size()), std::to_string(kMaxReasonOctets)});
    }
    if (!from || !until) { return {}; }
    if (*until <= *from) {
        findings.report(diagnostics::kWindowEndsFirst, table.find("until")->value.span.at,
                        key_path(path, "until"), {date_time_text(*until), date_time_text(*from)});
        return {};
    }
    if (at.line == 0) { at = table.find("from")->key_span.at; }  // of a header
    return Window{*from, *until, reason == nullptr ? std::string() : *reason, at};
}

std::vector<Window> read_maintenance(const TomlTable& region, const std::string& path,
                                     Findings& findings) {
    std::vector<Window> windows;
    const TomlEntry* maintenance = region.find("maintenance");
    const auto* array = maintenance == nullptr ? nullptr : maintenance->value.get<TomlArray>();
    if (array == nullptr) { return windows; }
    if (array->items.size() > kMaxWindows) {
        findings.report(diagnostics::kTooManyWindows, maintenance->value.span.at, path,
                        {std::to_string(array->items.size()), std::to_string(kMaxWindows)});
        return windows;
    }
    for (const TomlValue& item : array->items) {
        const auto* table = item.get<TomlTable>();
        if (table == nullptr) { continue; }
        auto window = read_window(*table, item.span.at, path, findings);
        if (window) { windows.push_back(std::move(*window)); }
    }
    return windows;
}

}  // namespace

std::vector<WrittenName> names_at(const TomlTable& table, std::string_view key) {
    std::vector<WrittenName> names;
    for (const TomlValue* item : table.list(key)) {
        const auto* name = item->get<std::string>();
        if (name != nullptr) { names.push_back({*name, item->span.at}); }
    }
    return names;
}

void read_regions(const TomlTable& file, const std::string& file_name, SharedTables& tables,
                  Findings& findings) {
    const TomlTable* regions = file.table("regions");
    if (regions == nullptr) { return; }
    AddressReader addresses(diagnostics::kTooManyAddresses, findings);
    for (const TomlEntry& entry : regions->entries()) {
        const auto* table = entry.value.get<TomlTable>();
        if (table == nullptr) { continue; }
        Region region{entry.key, file_name, {}, {}, entry.key_span.at};
        const std::string path = key_path("regions", entry.key);
        if (const TomlEntry* at = table->find("at")) {
            region.at =
                read_place(at->value, key_path(path, "at"), findings).value_or(geo::Coordinates{});
        }
        region.addresses =
            addresses.read(*table, "addresses", region.name, key_path(path, "addresses"));
        region.is_drained = read_state(*table, key_path(path, "state"), findings);
        region.maintenance = read_maintenance(*table, key_path(path, "maintenance"), findings);
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
        policy.min_regions = static_cast<std::uint16_t>(table->integer("min_regions").value_or(1));
        if (const std::string* missing = table->text("missing_family")) {
            policy.missing_family = *missing == "next" ? MissingFamily::Next : MissingFamily::Omit;
        }
        tables.policies.push_back(std::move(policy));
    }
}

}  // namespace meridian::zones
