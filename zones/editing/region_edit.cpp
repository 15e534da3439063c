// Adds regions to the text of a zone file and removes them.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/region_edit.h"

#include <algorithm>
#include <array>
#include <optional>

#include "meridian/geo/places.h"
#include "meridian/ip_address.h"
#include "meridian/zones/toml_edit.h"

namespace meridian::zones {
namespace {

/// What stands below the regions in the files that we ship and show.
constexpr std::array<std::string_view, 5> kBelowRegions{"groups", "policies", "services",
                                                        "rollouts", "records"};

TomlValue text_value(std::string text) {
    return {std::move(text), {}};
}

TomlValue place_value(const RegionText& region) {
    if (const auto* name = std::get_if<std::string>(&region.at)) { return text_value(*name); }
    const auto& point = std::get<geo::Coordinates>(region.at);
    TomlArray array;
    array.items.push_back({point.latitude, {}});
    array.items.push_back({point.longitude, {}});
    return {std::move(array), {}};
}

TomlValue addresses_value(const std::vector<std::string>& addresses) {
    TomlArray array;
    for (const std::string& address : addresses) {
        array.items.push_back(text_value(address));
    }
    return {std::move(array), {}};
}

/// Whether two spell the same address.
bool is_same_address(const std::string& one, const std::string& other) {
    const auto address = IpAddress::parse(one);
    return one == other || (address && address == IpAddress::parse(other));
}

bool has_address(const std::vector<std::string>& addresses, const std::string& address) {
    return std::ranges::any_of(
        addresses, [&](const std::string& each) { return is_same_address(each, address); });
}

/// The first address that one list has and the other has not.
std::optional<std::size_t> first_missing(const std::vector<std::string>& from,
                                         const std::vector<std::string>& in) {
    for (std::size_t i = 0; i < from.size(); ++i) {
        if (!has_address(in, from[i])) { return i; }
    }
    return {};
}

/// The text after one change; unchanged where it cannot be read.
template <typename Change>
std::string changed(std::string text, Change change) {
    const auto document = read_toml("", text);
    if (!document) { return text; }
    TomlEdit edit(text, document->root);
    change(edit, document->root);
    return edit.finish();
}

/// The addresses of `regions.NAME`.
std::vector<std::string> addresses_of(const TomlTable& root, const std::string& region) {
    const TomlTable* regions = root.table("regions");
    const TomlTable* table = regions == nullptr ? nullptr : regions->table(region);
    return table == nullptr ? std::vector<std::string>{} : table->texts("addresses");
}

/// Adds or removes one address a turn, and adds first: the array keeps its form.
std::string with_addresses(std::string text, const RegionText& region) {
    const TomlPath path{"regions", region.name, "addresses"};
    bool done = false;
    while (!done) {
        text = changed(std::move(text), [&](TomlEdit& edit, const TomlTable& root) {
            const std::vector<std::string> old = addresses_of(root, region.name);
            const auto missing = first_missing(region.addresses, old);
            const auto too_many = first_missing(old, region.addresses);
            const bool edited = missing
                                    ? edit.add_item(path, text_value(region.addresses[*missing]))
                                : too_many ? edit.remove_item(path, *too_many)
                                           : false;
            done = !edited;
        });
    }
    return text;
}

/// Removes one region from the list at a key of a policy.
void remove_from_list(TomlEdit& edit, const TomlTable& policy, const TomlPath& path,
                      const std::string& region, bool may_vanish) {
    const std::vector<const TomlValue*> items = policy.list(path.back());
    const auto found = std::ranges::find_if(items, [&](const TomlValue* item) {
        const auto* name = item->get<std::string>();
        return name != nullptr && *name == region;
    });
    if (found == items.end()) { return; }
    if (items.size() == 1 && may_vanish) {
        edit.remove(path);
    } else {
        edit.remove_item(path, static_cast<std::size_t>(found - items.begin()));
    }
}

std::optional<geo::Coordinates> coordinates_in(const TomlValue& value) {
    if (const auto* name = value.get<std::string>()) {
        const geo::Place* place = geo::find_place(*name);
        return place == nullptr ? std::nullopt : std::optional(place->at);
    }
    const auto* point = value.get<TomlArray>();
    if (point == nullptr || point->items.size() != 2) { return {}; }
    const auto number = [](const TomlValue& item) {
        const auto* whole = item.get<std::int64_t>();
        const auto* decimal = item.get<double>();
        return whole != nullptr ? static_cast<double>(*whole) : decimal != nullptr ? *decimal : 0;
    };
    return geo::Coordinates{number(point->items[0]), number(point->items[1])};
}

/// "nearest" is a policy of every zone, written or not.
std::vector<std::string> policies_of(const TomlTable& root, const std::string& region) {
    std::vector<std::string> names;
    const TomlTable* policies = root.table("policies");
    if (policies == nullptr || policies->find("nearest") == nullptr) { names.push_back("nearest"); }
    if (policies == nullptr) { return names; }
    for (const TomlEntry& entry : policies->entries()) {
        const auto* policy = entry.value.get<TomlTable>();
        if (policy == nullptr) { continue; }
        const std::vector<std::string> regions = policy->texts("regions");
        const bool all = policy->find("regions") == nullptr;
        if (all || std::ranges::find(regions, region) != regions.end()) {
            names.push_back(entry.key);
        }
    }
    return names;
}

/// With one space for blanks and line ends in a row: an array may stand on several lines.
std::string on_one_line(std::string_view text) {
    constexpr std::string_view kBlanks = " \t\r\n";
    std::string result;
    for (const char letter : text) {
        const bool is_blank = kBlanks.find(letter) != std::string_view::npos;
        if (!is_blank) { result += letter; }
        if (is_blank && !result.ends_with(' ')) { result += ' '; }
    }
    return result;
}

}  // namespace

std::vector<WrittenRegion> written_regions(std::string_view text, const TomlTable& root) {
    std::vector<WrittenRegion> result;
    const TomlTable* regions = root.table("regions");
    if (regions == nullptr) { return result; }
    for (const TomlEntry& entry : regions->entries()) {
        const auto* table = entry.value.get<TomlTable>();
        const TomlEntry* at = table == nullptr ? nullptr : table->find("at");
        if (at == nullptr) { continue; }
        const TomlSpan& span = at->value.span;
        const std::string* state = table->text("state");
        result.push_back({entry.key, entry.key_span.at,
                          on_one_line(text.substr(span.begin, span.end - span.begin)),
                          coordinates_in(at->value).value_or(geo::Coordinates{}),
                          table->texts("addresses"), policies_of(root, entry.key),
                          state != nullptr && *state == "drained"});
    }
    return result;
}

bool is_same_region(const WrittenRegion& written, const RegionText& region) {
    return coordinates_in(place_value(region)) == written.at &&
           !first_missing(region.addresses, written.addresses) &&
           !first_missing(written.addresses, region.addresses);
}

std::vector<std::string> policies_with_regions(const TomlTable& root) {
    std::vector<std::string> names;
    const TomlTable* policies = root.table("policies");
    if (policies == nullptr) { return names; }
    for (const TomlEntry& entry : policies->entries()) {
        const auto* policy = entry.value.get<TomlTable>();
        if (policy != nullptr && policy->find("regions") != nullptr) { names.push_back(entry.key); }
    }
    return names;
}

std::vector<std::string> services_with_region(const TomlTable& root, const std::string& region) {
    std::vector<std::string> names;
    const TomlTable* services = root.table("services");
    if (services == nullptr) { return names; }
    for (const TomlEntry& entry : services->entries()) {
        const auto* service = entry.value.get<TomlTable>();
        if (service == nullptr) { continue; }
        const auto names_it = [&](std::string_view key) {
            const TomlTable* regions = service->table(key);
            return regions != nullptr && regions->find(region) != nullptr;
        };
        if (names_it("addresses") || names_it("cname") || names_it("probe")) {
            names.push_back(entry.key);
        }
    }
    return names;
}

std::string add_region(std::string_view text, const TomlTable& root, const RegionText& region) {
    TomlTable content;
    content.add({"at", {}, place_value(region)});
    content.add({"addresses", {}, addresses_value(region.addresses)});
    TomlEdit edit(text, root);
    edit.add_table({"regions"}, region.name, content, kBelowRegions);
    return edit.finish();
}

std::string replace_region(std::string text, const RegionText& region) {
    text = changed(std::move(text), [&](TomlEdit& edit, const TomlTable&) {
        edit.set({"regions", region.name, "at"}, place_value(region));
    });
    return with_addresses(std::move(text), region);
}

std::string add_to_policies(std::string_view text, const TomlTable& root,
                            std::span<const std::string> policies, const std::string& region) {
    TomlEdit edit(text, root);
    for (const std::string& policy : policies) {
        edit.add_item({"policies", policy, "regions"}, text_value(region));
    }
    return edit.finish();
}

std::string remove_region(std::string_view text, const TomlTable& root, const std::string& region) {
    TomlEdit edit(text, root);
    edit.remove({"regions", region});
    if (const TomlTable* policies = root.table("policies")) {
        for (const TomlEntry& entry : policies->entries()) {
            const auto* policy = entry.value.get<TomlTable>();
            if (policy == nullptr) { continue; }
            remove_from_list(edit, *policy, {"policies", entry.key, "regions"}, region, false);
            remove_from_list(edit, *policy, {"policies", entry.key, "default"}, region, true);
        }
    }
    return edit.finish();
}

}  // namespace meridian::zones
