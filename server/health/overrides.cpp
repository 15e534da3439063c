// Describes what operators set by hand: which regions are drained, or forced up or down.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/overrides.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdlib>
#include <functional>
#include <iterator>
#include <set>
#include <tuple>
#include <utility>

#include "meridian/enum_words.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"

namespace meridian::server {
namespace {

constexpr std::array<std::string_view, 3> kKinds{"drain", "force-up", "force-down"};
constexpr std::string_view kAny = "*";
constexpr std::string_view kForm =
    "a target is REGION, REGION/SERVICE or REGION/SERVICE/ADDRESS, perhaps behind FILE:";

bool is_control(char letter) {
    const auto octet = static_cast<unsigned char>(letter);
    return octet < 0x20 || octet == 0x7f;
}

/// The octets before the region: those of the file, its colon not included; none: no file is named.
std::optional<std::size_t> end_of_file(std::string_view text) {
    constexpr std::string_view kToml = ".toml:";
    if (const auto toml = text.find(kToml); toml != std::string_view::npos) {
        return toml + kToml.size() - 1;
    }
    const auto colon = text.substr(0, text.find('/')).find(':');
    if (colon == std::string_view::npos) { return {}; }
    return colon;
}

std::vector<std::string_view> parts_of(std::string_view text) {
    std::vector<std::string_view> parts;
    for (;;) {
        const auto slash = text.find('/');
        parts.push_back(text.substr(0, slash));
        if (slash == std::string_view::npos) { return parts; }
        text.remove_prefix(slash + 1);
    }
}

/// An address in its usual spelling, or a pattern as it is.
Result<std::string, std::string> address_part(std::string_view text) {
    if (text.find('*') != std::string_view::npos) { return std::string(text); }
    const auto address = IpAddress::parse(text);
    if (!address) { return Failure{zones::quoted(text) + " is no IP address"}; }
    return address->to_string();
}

bool is_of_file(std::string_view pattern, std::string_view file) {
    if (pattern.empty() || matches(pattern, file)) { return true; }
    return !pattern.starts_with('/') && matches("*/" + std::string(pattern), file);
}

bool is_force(const Override& entry) {
    return entry.kind != OverrideKind::Drain;
}

template <typename Predicate>
std::vector<Override> take_out(std::vector<Override>& overrides, Predicate ends) {
    const auto first =
        std::stable_partition(overrides.begin(), overrides.end(),
                              [&](const Override& each) { return !std::invoke(ends, each); });
    std::vector<Override> taken(std::make_move_iterator(first),
                                std::make_move_iterator(overrides.end()));
    overrides.erase(first, overrides.end());
    return taken;
}

bool is_in_overrides_file(const Override& entry) {
    return entry.is_from_file() && !entry.is_maintenance;
}

/// Whether its end is known in the time since this boot.
bool is_pinned(const Override& entry, const EndTime& now) {
    return entry.boot_end.seconds != 0 && entry.boot_end.boot_id == now.since_boot.boot_id;
}

bool has_ended(const Override& entry, const EndTime& now) {
    if (is_pinned(entry, now)) { return entry.boot_end.seconds <= now.since_boot.seconds; }
    return now.is_date_trusted && entry.until != 0 && entry.until <= now.date;
}

void add_windows(const zones::Region& region, std::vector<Override>& windows) {
    for (const zones::Window& window : region.maintenance) {
        windows.push_back({.target = {.file = region.file, .region = region.name},
                           .since = window.from,
                           .until = window.until,
                           .reason = window.reason,
                           .file = region.file,
                           .line = window.position.line,
                           .is_maintenance = true});
    }
}

void add_addresses(const Override& entry, const zones::Region& region, HandState& state) {
    std::array<std::size_t, 2> counts{};
    for (const IpAddress& address : region.addresses) {
        const std::size_t family = index_of(address.family());
        const std::uint64_t bit = std::uint64_t{1} << counts.at(family)++;
        if (!matches(entry.target.address, address.to_string())) { continue; }
        HandState::Addresses& of_family = state.addresses.at(family);
        std::uint64_t& bits = entry.kind == OverrideKind::Drain     ? of_family.drained
                              : entry.kind == OverrideKind::ForceUp ? of_family.forced_up
                                                                    : of_family.forced_down;
        bits |= bit;
    }
}

}  // namespace

std::string_view to_text(OverrideKind kind) {
    return kKinds.at(static_cast<std::size_t>(kind));
}

std::optional<OverrideKind> override_kind_from_text(std::string_view text) {
    return enum_from_text<OverrideKind>(kKinds, text);
}

Result<OverrideTarget, std::string> parse_override_target(std::string_view text) {
    OverrideTarget target;
    if (std::ranges::any_of(text, is_control)) {
        return Failure{std::string("a target has no control characters")};
    }
    std::string_view rest = text;
    if (const auto end = end_of_file(text)) {
        target.file = text.substr(0, *end);
        rest = text.substr(*end + 1);
        if (target.file.empty()) {
            return Failure{"no file stands before the colon; " + std::string(kForm)};
        }
    }
    const std::vector<std::string_view> parts = parts_of(rest);
    if (parts.size() > 3 || std::ranges::any_of(parts, &std::string_view::empty)) {
        return Failure{zones::quoted(text) + " is no target; " + std::string(kForm)};
    }
    target.region = parts[0];
    if (parts.size() > 1) { target.service = parts[1]; }
    if (parts.size() > 2) {
        auto address = address_part(parts[2]);
        if (!address) { return Failure{std::move(address).error()}; }
        target.address = std::move(address).value();
    }
    return target;
}

std::string to_text(const OverrideTarget& target) {
    std::string text = target.file.empty() ? "" : target.file + ":";
    text += target.region;
    if (target.service != kAny || target.is_one_address()) { text += '/' + target.service; }
    if (target.is_one_address()) { text += '/' + target.address; }
    return text;
}

/// Goes back to the last `*` where the text goes on otherwise, so it takes at most the product of
/// both lengths.
bool matches(std::string_view pattern, std::string_view text) {
    std::size_t at = 0;
    std::size_t in_text = 0;
    std::size_t star = std::string_view::npos;
    std::size_t behind_star = 0;
    while (in_text < text.size()) {
        if (at < pattern.size() && pattern[at] == '*') {
            star = at++;
            behind_star = in_text;
        } else if (at < pattern.size() && pattern[at] == text[in_text]) {
            ++at;
            ++in_text;
        } else if (star != std::string_view::npos) {
            at = star + 1;
            in_text = ++behind_star;
        } else {
            return false;
        }
    }
    return pattern.find_first_not_of('*', at) == std::string_view::npos;
}

bool matches(const OverrideTarget& target, std::string_view service, const zones::Region& region) {
    if (!matches(target.region, region.name) || !matches(target.service, service) ||
        !is_of_file(target.file, region.file)) {
        return false;
    }
    return !target.is_one_address() ||
           std::ranges::any_of(region.addresses, [&](const IpAddress& address) {
               return matches(target.address, address.to_string());
           });
}

bool covers(const OverrideTarget& wide, const OverrideTarget& narrow) {
    return is_of_file(wide.file, narrow.file) && matches(wide.region, narrow.region) &&
           matches(wide.service, narrow.service) && matches(wide.address, narrow.address);
}

std::vector<Override> put(std::vector<Override>& overrides, Override added) {
    auto replaced = take_out(overrides, [&](const Override& other) {
        return !other.is_from_file() && other.target == added.target &&
               is_force(other) == is_force(added);
    });
    overrides.push_back(std::move(added));
    return replaced;
}

std::vector<Override> release(std::vector<Override>& overrides, const OverrideTarget& target) {
    return take_out(overrides, [&](const Override& each) {
        return !each.is_from_file() && covers(target, each.target);
    });
}

std::vector<Override> covered_in_files(const std::vector<Override>& overrides,
                                       const OverrideTarget& target) {
    std::vector<Override> covered;
    std::ranges::copy_if(overrides, std::back_inserter(covered), [&](const Override& each) {
        return each.is_from_file() && covers(target, each.target);
    });
    return covered;
}

std::vector<Override> without_files(std::vector<Override> overrides) {
    std::erase_if(overrides, &Override::is_from_file);
    return overrides;
}

EndTime end_time(const Clock& clock) {
    return {.date = unix_seconds(clock.wall()),
            .is_date_trusted = clock.is_date_trusted(),
            .since_boot = {clock.since_boot().count(), clock.boot_id()}};
}

bool is_same_window(const Override& left, const Override& right) {
    return left.is_maintenance && right.is_maintenance && left.target == right.target &&
           left.since == right.since && left.until == right.until && left.reason == right.reason;
}

std::vector<Override> windows_of(const HealthPlan& plan) {
    std::set<const zones::Region*> seen;  // services share most regions
    std::vector<Override> windows;
    const auto add = [&](const zones::Region& region) {
        if (region.maintenance.empty() || !seen.insert(&region).second) { return; }
        add_windows(region, windows);
    };
    for (const PlannedService& service : plan.services()) {
        for (const PlannedRegion& region : service.regions) {
            add(*region.region);
        }
    }
    for (const zones::ServiceInfo& info : plan.unchecked()) {
        for (const auto& region : info.regions) {
            if (region->has_answers()) { add(*region); }
        }
    }
    // A service with addresses of its own has another copy of the region.
    const auto order = [](const Override& each) {
        return std::tie(each.since, each.target.file, each.target.region, each.until, each.line);
    };
    std::ranges::sort(windows, {}, order);
    const auto same = std::ranges::unique(windows, is_same_window);
    windows.erase(same.begin(), same.end());
    return windows;
}

FileChange replace_in_file(std::vector<Override>& overrides, std::vector<Override> of_file,
                           const EndTime& now) {
    std::vector<Override> before = take_out(overrides, is_in_overrides_file);
    FileChange change;
    (void)expire(of_file, now);
    for (Override& entry : of_file) {
        const auto same = std::ranges::find_if(before, [&](const Override& other) {
            return other.kind == entry.kind && other.target == entry.target &&
                   other.until == entry.until;
        });
        if (same == before.end()) {
            change.begun.push_back(entry);
        } else {
            entry.since = same->since;
            before.erase(same);
        }
        overrides.push_back(std::move(entry));
    }
    change.ended = std::move(before);
    return change;
}

std::vector<Override> expire(std::vector<Override>& overrides, const EndTime& now) {
    return take_out(overrides, [&](const Override& each) { return has_ended(each, now); });
}

void pin_ends(std::vector<Override>& overrides, const EndTime& now) {
    constexpr std::int64_t kRounding = 2;  // the two clocks count whole seconds apart
    for (Override& entry : overrides) {
        if (entry.until == 0 || entry.is_from_file()) { continue; }
        if (is_pinned(entry, now)) {
            const std::int64_t until = now.date + entry.boot_end.seconds - now.since_boot.seconds;
            if (std::abs(until - entry.until) > kRounding) { entry.until = until; }
        } else if (now.is_date_trusted) {
            entry.boot_end = now.since_boot;
            entry.boot_end.seconds += std::max<std::int64_t>(0, entry.until - now.date);
        }
    }
}

HandState hand_state_of(const std::vector<Override>& overrides, std::string_view service,
                        const zones::Region& region) {
    HandState state{.is_drained = region.is_drained};
    for (const Override& entry : overrides) {
        if (!matches(entry.target, service, region)) { continue; }
        if (entry.target.is_one_address()) {
            add_addresses(entry, region, state);
            continue;
        }
        state.is_drained |= entry.kind == OverrideKind::Drain;
        state.is_forced_up |= entry.kind == OverrideKind::ForceUp;
        state.is_forced_down |= entry.kind == OverrideKind::ForceDown;
    }
    return state;
}

}  // namespace meridian::server
