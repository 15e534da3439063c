// Says in lines what operators set by hand, and what came of it.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>
#include <string_view>

#include "meridian/date_time.h"
#include "meridian/terminal_text.h"
#include "server/commands/command_texts.h"
#include "server/commands/report.h"

namespace meridian::server {

namespace {

std::string until_text(const Override& entry, std::int64_t now) {
    if (entry.until == 0) { return "until it is released"; }
    return "for " + duration_text(std::max<std::int64_t>(0, entry.until - now)) + " more";
}

/// "at 2026-12-01T01:00:00Z for 2 h 0 min"
std::string planned_text(const Override& entry) {
    return "at " + date_time_text(entry.since) + " for " + duration_text(entry.until - entry.since);
}

/// Windows are named by their region, since the file stands beside them.
std::string target_of(const Override& entry) {
    return entry.is_maintenance ? entry.target.region : to_text(entry.target);
}

std::string words_of(const Override& entry) {
    return entry.is_maintenance ? "in maintenance" : std::string(words_of(entry.kind));
}

/// "frankfurt is drained until it is released, by alice: new switches"
std::string text_of(const Override& entry, std::int64_t now) {
    std::string text = target_of(entry) + " is " + words_of(entry) + ' ' + until_text(entry, now);
    if (!entry.author.empty()) { text += ", by " + entry.author; }
    if (!entry.reason.empty()) { text += ": " + entry.reason; }
    return terminal_text(text);  // a line, whatever names have
}

/// "  frankfurt (zones/beigel.example.toml), in api, nearest: was up, is drained"
std::string text_of(const HitRegion& region, bool is_plan) {
    std::string services = joined(region.services);
    const auto more = region.service_count - region.services.size();
    if (region.service_count > region.services.size()) {
        services += " and " + std::to_string(more) + " more";
    }
    std::string text = "  " + region.region + " (" + region.file + "), in " + services + ": ";
    if (region.before == region.after) {
        return terminal_text(text + "stays " + joined(region.after));
    }
    return terminal_text(text + (is_plan ? "is " : "was ") + joined(region.before) +
                         (is_plan ? ", would be " : ", is ") + joined(region.after));
}

/// "overrides.toml:3"
std::string place_of(const Override& entry) {
    return entry.file + ":" + std::to_string(entry.line);
}

std::string drained_in_file(const HitRegion& region) {
    std::string place = region.file;
    if (region.drained_line != 0) { place += ":" + std::to_string(region.drained_line); }
    return terminal_text("  " + region.region + " is drained in " + place +
                         "; change `state` there");
}

/// "  of the IPv4 space, in api: frankfurt 41.0 % would be 0.0 %, paris 20.5 % would be 61.5 %"
std::string shares_text(const ServiceShares& shares) {
    const auto percent = [](double share) {
        std::array<char, 32> text{};
        (void)std::snprintf(text.data(), text.size(), "%.1f %%", share * 100);
        return std::string(text.data());
    };
    std::string text;
    for (const zones::RegionShare& share : shares.regions) {
        text += (text.empty() ? "" : ", ") + share.region + ' ' + percent(share.before) +
                " would be " + percent(share.after);
    }
    const std::string zones = shares.zones.empty() ? "" : " of " + shares.zones;
    return terminal_text("  of the IPv4 space, in " + shares.service + zones + ": " + text) + '\n';
}

/// What depends on what is hit, and goes along.
std::string dependents_text(const OverridePreview& preview, bool is_plan) {
    if (preview.dependents.empty()) { return {}; }
    const std::uint64_t more = preview.dependent_count - preview.dependents.size();
    return terminal_text("  since they depend on it, " +
                         std::string(is_plan ? "these would turn: " : "these turn: ") +
                         joined(preview.dependents) +
                         (more > 0 ? " and " + std::to_string(more) + " more" : "")) +
           '\n';
}

/// What the server did, or would do.
std::string head_of(const OverrideOutcome& outcome, std::int64_t now) {
    std::string text;
    if (outcome.result == OverrideResult::DryRun) {
        text += "nothing is changed; it would be so:\n";
    }
    if (outcome.result == OverrideResult::Refused) {
        return "refused, because no region would be up any more of " +
               joined(outcome.preview.stranded) + "; --force does it all the same\n";
    }
    if (outcome.begun) { text += text_of(*outcome.begun, outcome.begun->since) + '\n'; }
    for (const Override& entry : outcome.ended) {
        text += (outcome.begun ? "replaced: " : "released: ") + text_of(entry, now) + '\n';
    }
    if (outcome.let_back > 0) {
        text += "let back: regions that fell and waited for this, " +
                std::to_string(outcome.let_back) + ", IPv4 and IPv6 counted apart\n";
    }
    return text;
}

}  // namespace

std::string_view words_of(OverrideKind kind) {
    switch (kind) {
        case OverrideKind::Drain:
            return "drained";
        case OverrideKind::ForceUp:
            return "forced up";
        case OverrideKind::ForceDown:
            break;
    }
    return "forced down";
}

std::vector<HealthLine> override_problems(const HealthStatus& status) {
    std::vector<HealthLine> lines;
    for (const OverrideStatus& each : status.overrides) {
        if (!each.matches_nothing) { continue; }
        const std::string target = to_text(each.entry.target);
        lines.push_back({true,
                         target + " is " + std::string(words_of(each.entry.kind)) +
                             ", but nothing that is served is called so",
                         each.entry.is_from_file()
                             ? "it stands in " + place_of(each.entry)
                             : "`meridian release " + target + "` ends that"});
    }
    return lines;
}

std::vector<std::array<std::string, 5>> override_table(const HealthStatus& status,
                                                       std::int64_t now) {
    std::vector<std::array<std::string, 5>> table;
    if (status.overrides.empty()) { return table; }
    table.push_back({"TARGET", "IS", "HOW LONG", "BY", "REASON"});
    for (const OverrideStatus& each : status.overrides) {
        const Override& entry = each.entry;
        std::string by = entry.author.empty() ? "-" : entry.author;
        if (entry.is_maintenance) {
            by = place_of(entry);
        } else if (entry.is_from_file()) {
            by += " in " + place_of(entry);
        }
        table.push_back({target_of(entry), each.is_planned ? "planned" : words_of(entry),
                         each.is_planned ? planned_text(entry) : until_text(entry, now),
                         std::move(by), entry.reason.empty() ? "-" : entry.reason});
    }
    if (status.later_windows > 0) {
        table.push_back({"", "planned", count_text(status.later_windows, "later window"), "", ""});
    }
    return table;
}

std::string other_nameservers_text(const OverrideOutcome& outcome) {
    const std::string text = "this server only";
    const std::uint64_t more = outcome.nameserver_count - outcome.nameservers.size();
    if (outcome.nameservers.empty()) {
        return text + (outcome.knows_itself ? "; the zone has no other nameserver" : "");
    }
    return text +
           (outcome.knows_itself ? "; the zone's other nameservers: "
                                 : "; the zone's nameservers: ") +
           joined(outcome.nameservers) + (more > 0 ? " and " + std::to_string(more) + " more" : "");
}

std::string override_outcome_text(const OverrideOutcome& outcome, std::int64_t now) {
    const bool is_plan = outcome.result != OverrideResult::Done;
    std::string text = head_of(outcome, now);
    for (const HitRegion& region : outcome.preview.regions) {
        if (outcome.result != OverrideResult::Nothing) { text += text_of(region, is_plan) + '\n'; }
        if (!outcome.begun && region.is_drained_in_file) { text += drained_in_file(region) + '\n'; }
    }
    text += dependents_text(outcome.preview, is_plan);
    for (const ServiceShares& shares : outcome.preview.shares) {
        text += shares_text(shares);
    }
    if (outcome.preview.uncounted > 0) {
        text += "  the shares of " + count_text(outcome.preview.uncounted, "more service") +
                " are not counted here\n";
    }
    for (const Override& entry : outcome.in_files) {
        text += "  " + target_of(entry) + " is " + words_of(entry) +
                (entry.is_maintenance ? " by " : " in ") + place_of(entry) +
                "; take it out there\n";
    }
    if (outcome.result == OverrideResult::Done && !outcome.preview.stranded.empty()) {
        text += "no region is up any more of " + joined(outcome.preview.stranded) + '\n';
    }
    if (outcome.result == OverrideResult::DryRun && !outcome.preview.stranded.empty()) {
        text += "no region would be up any more of " + joined(outcome.preview.stranded) + '\n';
    }
    return text;
}

}  // namespace meridian::server
