// Describes what is known of the health of services, for status, logs and explanations.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/health_status.h"

#include <algorithm>
#include <cstddef>

#include "meridian/enum_words.h"

namespace meridian::server {
namespace {

constexpr std::array<std::string_view, 8> kAlarms{"latched",        "below-minimum",      "drained",
                                                  "last-resort",    "as-if-up",           "panic",
                                                  "families-split", "changed-check-fails"};
constexpr std::array<std::string_view, 9> kRungs{
    "up",   "latched",      "below-minimum", "drained", "lacks-dependency",
    "down", "drained-down", "down-by-hand",  "none"};

}  // namespace

std::string_view to_text(zones::Rung rung) {
    return kRungs.at(static_cast<std::size_t>(rung));
}

std::optional<zones::Rung> rung_from_text(std::string_view text) {
    return enum_from_text<zones::Rung>(kRungs, text);
}

std::string_view to_text(AlarmKind kind) {
    return kAlarms.at(static_cast<std::size_t>(kind));
}

std::optional<AlarmKind> alarm_kind_from_text(std::string_view text) {
    return enum_from_text<AlarmKind>(kAlarms, text);
}

std::string subject_of(const ServiceAlarm& alarm) {
    return alarm.service + (alarm.family.empty() ? "" : " over " + alarm.family);
}

std::string_view cause_of(AlarmKind kind) {
    switch (kind) {
        case AlarmKind::Latched:
            return "no region is up; those answer that wait for `meridian release`";
        case AlarmKind::BelowMinimum:
            return "no region is up; those below min_up answer";
        case AlarmKind::Drained:
            return "no region is up; those that are drained answer";
        case AlarmKind::LastResort:
            return "no region is up; its last resort answers";
        case AlarmKind::AsIfUp:
            return "no region is up; they answer as if they were";
        case AlarmKind::Panic:
            return "fewer regions are up than min_regions asks for; all count as up";
        case AlarmKind::FamiliesSplit:
            return "families split: clients may get IPv4 and IPv6 from different regions";
        case AlarmKind::ChangedCheckFails:
            return "its check was changed, and fails wherever it passed before; what was up counts "
                   "as up until the check is mended";
    }
    return {};
}

bool has_problem(const ServiceAlarm& alarm) {
    return alarm.kind != AlarmKind::FamiliesSplit;
}

bool has_problem(const AddressHealth& address) {
    return address.stale || address.state == "down" || address.state == "pending";
}

bool is_out_by_hand(zones::Rung rung) {
    return rung == zones::Rung::Drained || rung == zones::Rung::DrainedDown ||
           rung == zones::Rung::DownByHand;
}

bool has_problem(const FamilyHealth& family) {
    return family.rung != zones::Rung::Up && family.rung != zones::Rung::None &&
           !is_out_by_hand(family.rung);
}

bool has_problem(const RegionHealth& region) {
    return std::ranges::any_of(region.families,
                               [](const FamilyHealth& family) { return has_problem(family); }) ||
           std::ranges::any_of(region.addresses, &AddressHealth::stale);
}

bool has_problem(const HealthStatus& status) {
    return !status.blind.empty() || !status.problems.empty() ||
           std::ranges::any_of(status.alarms,
                               [](const ServiceAlarm& alarm) { return has_problem(alarm); }) ||
           std::ranges::any_of(status.overrides, &OverrideStatus::matches_nothing) ||
           std::ranges::any_of(status.regions,
                               [](const RegionHealth& region) { return has_problem(region); });
}

}  // namespace meridian::server
