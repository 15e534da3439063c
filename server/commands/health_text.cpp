// Says in lines how the regions of services are, problems first.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstddef>
#include <string_view>

#include "server/commands/command_texts.h"
#include "server/commands/report.h"

namespace meridian::server {

namespace {

std::string for_text(std::int64_t now, std::int64_t since) {
    return "for " + duration_text(std::max<std::int64_t>(0, now - since));
}

std::string_view words_of(zones::Rung rung) {
    switch (rung) {
        case zones::Rung::Up:
            return "up";
        case zones::Rung::Latched:
            return "waiting for `meridian release`";
        case zones::Rung::BelowMinimum:
            return "below min_up";
        case zones::Rung::Drained:
            return "drained";
        case zones::Rung::LacksOther:
        case zones::Rung::Down:
            return "down";
        case zones::Rung::DrainedDown:
            return "drained, and down besides";
        case zones::Rung::DownByHand:
            return "down by hand";
        case zones::Rung::None:
            break;
    }
    return "-";
}

std::string family_text(const FamilyHealth& family, std::int64_t now) {
    std::string text(words_of(family.rung));
    const bool has_begun = family.rung != zones::Rung::None && family.since != 0;
    if (has_begun) { text += ' ' + for_text(now, family.since); }
    if (!family.reason.empty()) { text += ", since " + family.reason; }
    if (family.in_panic) { text += ", counts as up"; }
    return text;
}

/// "api frankfurt": which service, then which region.
std::string name_of(const RegionHealth& region) {
    return "region " + region.region + " of " + region.service + " (" + region.file + ")";
}

/// The first address that gets no clients, with the reason.
std::string address_text(const RegionHealth& region, std::int64_t now) {
    const auto bad = std::ranges::find_if(
        region.addresses, [](const AddressHealth& address) { return has_problem(address); });
    if (bad == region.addresses.end()) { return {}; }
    std::string text = bad->address + " is " + bad->state + ' ' + for_text(now, bad->since);
    if (!bad->reason.empty()) { text += ": " + bad->reason; }
    if (bad->stale) { text += "; its checks have stopped"; }
    if (bad->stale && !bad->why_none.empty()) { text += ": " + bad->why_none; }
    return text;
}

/// The certificate that ends first, where that is soon: "the certificate of 192.0.2.1 ends in 3
/// days".
std::string certificate_text(const RegionHealth& region) {
    const AddressHealth* first = nullptr;
    for (const AddressHealth& address : region.addresses) {
        if (!address.certificate_days) { continue; }
        if (first == nullptr || *address.certificate_days < *first->certificate_days) {
            first = &address;
        }
    }
    if (first == nullptr || *first->certificate_days > kCertificateEndsSoonDays) { return {}; }
    return "the certificate of " + first->address + " ends in " +
           count_text(static_cast<std::size_t>(std::max(0, *first->certificate_days)), "day");
}

/// "1 of 3 up, 1 pending": a pending one gets no clients while another is up, else it does.
std::string addresses_text(const RegionHealth& region) {
    if (region.addresses.empty()) { return "never checked"; }
    std::size_t up = 0;
    std::size_t unknown = 0;
    std::size_t pending = 0;
    for (const AddressHealth& address : region.addresses) {
        if (address.state == "up") { ++up; }
        if (address.state == "unknown") { ++unknown; }
        if (address.state == "pending") { ++pending; }
    }
    std::string text =
        std::to_string(up) + " of " + std::to_string(region.addresses.size()) + " up";
    if (region.has_probes) {  // what an operator did not find among the answers
        text += " of";
        for (const AddressHealth& address : region.addresses) {
            text += (&address == &region.addresses.front() ? " " : ", ") + address.address;
        }
    }
    if (unknown > 0) {
        text += ", " + std::to_string(unknown) + " without a result (counts as up)";
    }
    if (pending > 0) { text += ", " + std::to_string(pending) + " pending"; }
    return text;
}

std::string alarm_text(const ServiceAlarm& alarm) {
    return subject_of(alarm) + " (" + alarm.file + "): " + std::string(cause_of(alarm.kind));
}

}  // namespace

std::vector<HealthLine> health_problems(const HealthStatus& status, std::int64_t now) {
    std::vector<HealthLine> lines;
    for (const std::string& family : status.blind) {
        lines.push_back({true, "this server cannot see over " + family,
                         "its self tests fail, or most checks in that family time out at once, in "
                         "several regions; what was up before stays up"});
    }
    for (const std::string& problem : status.problems) {
        lines.push_back({true, problem, {}});
    }
    for (const std::string& warning : status.warnings) {
        lines.push_back({false, warning, {}});
    }
    for (const std::string& family : status.out_of_reach) {
        lines.push_back({false,
                         "this server has no route over " + family +
                             ", so regions stand there as in their other family",
                         {}});
    }
    for (const SelfTestHealth& test : status.self_tests) {
        if (test.reason.empty()) { continue; }
        lines.push_back({false, "self test " + test.address + " fails: " + test.reason, {}});
    }
    for (const ServiceAlarm& alarm : status.alarms) {
        lines.push_back({has_problem(alarm), alarm_text(alarm), {}});
    }
    for (const RegionHealth& region : status.regions) {
        std::string states;
        for (std::size_t i = 0; i < region.families.size(); ++i) {
            const FamilyHealth& family = region.families.at(i);
            if (!has_problem(family)) { continue; }
            states += (states.empty() ? "" : ", ") +
                      (region.has_families ? std::string(family_name(i)) + ' ' : "") +
                      family_text(family, now);
        }
        if (states.empty() && has_problem(region)) { states = "no new results of its checks"; }
        const std::string address = address_text(region, now);
        if (!states.empty()) {
            lines.push_back({true, name_of(region) + ": " + states, address});
        } else if (!address.empty()) {
            lines.push_back({false, name_of(region) + ": " + address, {}});
        }
        const std::string certificate = certificate_text(region);
        if (!certificate.empty()) {
            lines.push_back({false, name_of(region) + ": " + certificate, {}});
        }
    }
    return lines;
}

std::vector<std::array<std::string, 6>> health_table(const HealthStatus& status, std::int64_t now) {
    std::vector<std::array<std::string, 6>> table;
    if (status.regions.empty()) { return table; }
    table.push_back({"SERVICE", "REGION", "IPV4", "IPV6", "ADDRESSES", "FILE"});
    for (const RegionHealth& region : status.regions) {
        table.push_back({region.service, region.region, family_text(region.families[0], now),
                         family_text(region.families[1], now), addresses_text(region),
                         region.file});
    }
    return table;
}

}  // namespace meridian::server
