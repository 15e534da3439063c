// Writes and reads the health of services as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/health_json.h"

#include <array>
#include <boost/json.hpp>
#include <string_view>
#include <utility>

#include "server/control/json_fields.h"
#include "server/control/override_json.h"

namespace meridian::server {

namespace {

using boost::json::array;
using boost::json::object;
using boost::json::value;

constexpr std::array<std::string_view, 2> kFamilyKeys{"ipv4", "ipv6"};

value family_json(const FamilyHealth& family) {
    if (family.rung == zones::Rung::None) { return nullptr; }
    return object{{"state", to_text(family.rung)},
                  {"since", family.since},
                  {"reason", text_or_null(family.reason)},
                  {"in_panic", family.in_panic}};
}

FamilyHealth family_from_json(const object& family) {
    return {.rung = rung_from_text(text_in(family, "state")).value_or(zones::Rung::None),
            .since = number_in<std::int64_t>(family, "since"),
            .reason = text_in(family, "reason"),
            .in_panic = flag_in(family, "in_panic")};
}

object alarm_json(const ServiceAlarm& alarm) {
    return {{"service", alarm.service},
            {"file", alarm.file},
            {"alarm", to_text(alarm.kind)},
            {"family", text_or_null(alarm.family)}};
}

void read_alarm(const object& alarm, std::vector<ServiceAlarm>& alarms) {
    const auto kind = alarm_kind_from_text(text_in(alarm, "alarm"));
    if (!kind) { return; }  // of a later version
    alarms.push_back({.service = text_in(alarm, "service"),
                      .file = text_in(alarm, "file"),
                      .kind = *kind,
                      .family = text_in(alarm, "family")});
}

object address_json(const AddressHealth& address) {
    return {{"address", address.address},
            {"state", address.state},
            {"reason", text_or_null(address.reason)},
            {"since", address.since},
            {"last", address.last},
            {"successes", address.successes},
            {"failures", address.failures},
            {"hold_until", address.hold_until},
            {"stale", address.stale},
            {"certificate_days",
             address.certificate_days ? value(*address.certificate_days) : value(nullptr)},
            {"no_result", text_or_null(address.why_none)}};
}

AddressHealth address_from_json(const object& address) {
    const value* const days = address.if_contains("certificate_days");
    return {.address = text_in(address, "address"),
            .state = text_in(address, "state"),
            .reason = text_in(address, "reason"),
            .since = number_in<std::int64_t>(address, "since"),
            .last = number_in<std::int64_t>(address, "last"),
            .successes = number_in<std::uint32_t>(address, "successes"),
            .failures = number_in<std::uint32_t>(address, "failures"),
            .hold_until = number_in<std::int64_t>(address, "hold_until"),
            .stale = flag_in(address, "stale"),
            .certificate_days = days == nullptr || !days->is_int64()
                                    ? std::nullopt
                                    : std::optional(static_cast<int>(days->get_int64())),
            .why_none = text_in(address, "no_result")};
}

object region_json(const RegionHealth& region) {
    array addresses;
    for (const AddressHealth& address : region.addresses) {
        addresses.push_back(address_json(address));
    }
    object result{{"service", region.service}, {"region", region.region}, {"file", region.file}};
    for (std::size_t family = 0; family < kFamilyKeys.size(); ++family) {
        result[kFamilyKeys.at(family)] = family_json(region.families.at(family));
    }
    result["probes"] = region.has_probes;
    result["families"] = region.has_families;
    result["addresses"] = std::move(addresses);
    return result;
}

RegionHealth region_from_json(const object& region) {
    RegionHealth result{.service = text_in(region, "service"),
                        .region = text_in(region, "region"),
                        .file = text_in(region, "file"),
                        .has_probes = flag_in(region, "probes"),
                        .has_families = flag_in(region, "families")};
    for (std::size_t family = 0; family < kFamilyKeys.size(); ++family) {
        result.families.at(family) = family_from_json(object_in(region, kFamilyKeys.at(family)));
    }
    for (const value& address : array_in(region, "addresses")) {
        if (!address.is_object()) { continue; }
        result.addresses.push_back(address_from_json(address.get_object()));
    }
    return result;
}

object self_test_json(const SelfTestHealth& test) {
    return {{"address", test.address},
            {"family", kFamilyKeys.at(index_of(test.family))},
            {"answers", test.is_known ? value(test.reason.empty()) : value(nullptr)},
            {"reason", text_or_null(test.reason)}};
}

SelfTestHealth self_test_from_json(const object& test) {
    const auto* answers = test.if_contains("answers");
    return {.address = text_in(test, "address"),
            .family = text_in(test, "family") == kFamilyKeys[0] ? Family::V4 : Family::V6,
            .is_known = answers != nullptr && answers->is_bool(),
            .reason = text_in(test, "reason")};
}

}  // namespace

object health_json(const HealthStatus& status) {
    array regions;
    for (const RegionHealth& region : status.regions) {
        regions.push_back(region_json(region));
    }
    array overrides;
    for (const OverrideStatus& each : status.overrides) {
        object entry = override_json(each.entry);
        entry["matches_nothing"] = each.matches_nothing;
        entry["planned"] = each.is_planned;
        overrides.push_back(std::move(entry));
    }
    array alarms;
    for (const ServiceAlarm& alarm : status.alarms) {
        alarms.push_back(alarm_json(alarm));
    }
    array self_tests;
    for (const SelfTestHealth& test : status.self_tests) {
        self_tests.push_back(self_test_json(test));
    }
    return {{"overrides", std::move(overrides)},
            {"later_windows", status.later_windows},
            {"alarms", std::move(alarms)},
            {"self_tests", std::move(self_tests)},
            {"targets", status.target_count},
            {"blind", texts_json(status.blind)},
            {"out_of_reach", texts_json(status.out_of_reach)},
            {"problems", texts_json(status.problems)},
            {"warnings", texts_json(status.warnings)},
            {"regions", std::move(regions)}};
}

HealthStatus health_from_json(const object& object) {
    HealthStatus status{.blind = texts_in(object, "blind"),
                        .out_of_reach = texts_in(object, "out_of_reach"),
                        .target_count = number_in<std::uint64_t>(object, "targets"),
                        .problems = texts_in(object, "problems"),
                        .warnings = texts_in(object, "warnings")};
    status.later_windows = number_in<std::uint64_t>(object, "later_windows");
    for (const value& entry : array_in(object, "overrides")) {
        if (!entry.is_object()) { continue; }
        status.overrides.push_back({override_from_json(entry.get_object()),
                                    flag_in(entry.get_object(), "matches_nothing"),
                                    flag_in(entry.get_object(), "planned")});
    }
    for (const value& alarm : array_in(object, "alarms")) {
        if (alarm.is_object()) { read_alarm(alarm.get_object(), status.alarms); }
    }
    for (const value& test : array_in(object, "self_tests")) {
        if (test.is_object()) {
            status.self_tests.push_back(self_test_from_json(test.get_object()));
        }
    }
    for (const value& region : array_in(object, "regions")) {
        if (region.is_object()) { status.regions.push_back(region_from_json(region.get_object())); }
    }
    return status;
}

}  // namespace meridian::server
