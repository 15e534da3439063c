// Says in lines why a client gets an answer.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <string_view>
#include <vector>

#include "meridian/terminal_text.h"
#include "server/commands/command_texts.h"
#include "server/commands/report.h"

namespace meridian::server {

namespace {

using zones::Decision;

std::string km_text(double km) {
    return std::to_string(std::lround(km)) + " km";
}

std::string place_text(const zones::Verdict& verdict) {
    std::vector<std::string> parts{verdict.city, verdict.subdivision, verdict.country,
                                   verdict.continent};
    std::erase(parts, "");
    const std::string text = joined(parts);
    if (!verdict.place_known) { return text.empty() ? "unknown" : text + " (no coordinates)"; }
    const std::string at = coordinates_text(verdict.at);
    if (verdict.place_source == "country" || verdict.place_source == "continent") {
        return text + "; only the " + verdict.place_source + " is known, and " + at +
               " stands for it";
    }
    return text + (text.empty() ? "" : "; ") + at + " (" + verdict.place_source + ")";
}

std::string client_text(const zones::Verdict& verdict) {
    std::string text = verdict.identity;
    if (!verdict.identity_reason.empty()) { text += ", because " + verdict.identity_reason; }
    if (!verdict.embedded.empty()) { text += "; it holds the IPv4 address " + verdict.embedded; }
    return text;
}

std::string asker_text(const Explanation& explanation) {
    if (!explanation.resolver_is_assumed) { return "resolver " + explanation.resolver; }
    return "a resolver that is where the client is; --resolver names another";
}

std::string database_rows(const Explanation& explanation) {
    const DatabaseStatus& database = explanation.database;
    std::string text = database.type + " of " + date_text(database.build_epoch);
    const auto built = static_cast<std::int64_t>(database.build_epoch);
    if (built != 0) {
        text += ", " + duration_text(std::max<std::int64_t>(0, explanation.now - built)) + " old";
    }
    std::string rows = titled_row("database", text);
    for (const std::string& path : database.paths) {
        rows += titled_row("", path);
    }
    return rows;
}

std::string region_rows(const zones::Verdict& verdict, bool colour) {
    std::size_t width = 0;
    for (const auto& region : verdict.regions) {
        width = std::max(width, region.name.size());
    }
    std::string rows;
    for (const auto& region : verdict.regions) {
        char distance[32] = "          -";
        if (verdict.place_known) {
            std::snprintf(distance, sizeof distance, "%8.0f km", region.distance_km);
        }
        std::string text = region.name + std::string(width - region.name.size(), ' ') + distance;
        if (region.chosen) { text += "  chosen"; }
        if (region.by_class) { text += "  stands here for most clients of its class"; }
        if (!region.note.empty()) { text += "  " + region.note; }
        if (!region.left_out.empty()) { text += "  without " + joined(region.left_out); }
        std::string line = titled_row(rows.empty() ? "regions" : "", text);
        if (region.chosen && colour) {
            line.insert(kTitleWidth + 1, "\033[1m").insert(line.size() - 1, "\033[0m");
        }
        rows += line;
    }
    return rows;
}

std::string split_text(const zones::Verdict& verdict) {
    std::string text;
    for (const zones::BlockShare& part : verdict.split) {
        char share[32];
        std::snprintf(share, sizeof share, "%.1f %%", part.share * 100);
        text += (text.empty() ? "" : ", ") + std::string(share) + ' ' +
                (part.region.empty() ? "of no known place" : "nearest to " + part.region);
    }
    return "the database splits this block: " + text + "; " +
           (verdict.split_by_majority ? "most of its known addresses decide"
                                      : "its first address decides");
}

/// Names the class by the first regions of its ranking.
std::string class_order_text(const zones::Verdict& verdict) {
    std::vector<std::string> firsts;
    for (const auto& region : verdict.regions) {
        if (firsts.size() < verdict.exact_ranks) { firsts.push_back(region.name); }
    }
    const std::string others = "clients that have " + joined(firsts) + " first";
    return verdict.default_order.empty() ? "by the order that most " + others + " have"
                                         : ", which is that of all " + others;
}

/// What made the chosen region stand first; empty where none was chosen.
std::string decision_text(const zones::Verdict& verdict) {
    const std::string order = "by the default order of policy " + verdict.policy + " (" +
                              joined(verdict.default_order) + ")";
    switch (verdict.decision) {
        case Decision::None:
            return {};
        case Decision::UnknownPlace:
            return order + ", since the place is unknown";
        case Decision::BeyondRanks:
            return (verdict.default_order.empty() ? "" : order) + class_order_text(verdict) +
                   ", since none of these has such an address";
        case Decision::Tie:
            return "by the order of `regions` in policy " + verdict.policy + ", since " +
                   verdict.runner_up + " is as near, within 0.5 km";
        case Decision::Distance:
            break;
    }
    if (!verdict.margin_km) { return "by distance; no other region has such an address"; }
    return "by distance; " + verdict.runner_up + ", the next, is " + km_text(*verdict.margin_km) +
           " farther";
}

std::string decision_rows(const zones::Verdict& verdict) {
    if (verdict.from_last_resort) {
        return titled_row("decided", "the last resort answers, since every region is down");
    }
    const std::string text = decision_text(verdict);
    if (text.empty()) { return {}; }
    std::string rows = titled_row("decided", text);
    if (verdict.margin_km && verdict.accuracy_km > *verdict.margin_km) {
        rows += titled_row("", "the database knows the place within " +
                                   std::to_string(verdict.accuracy_km) +
                                   " km only, which is more: another region may be nearer");
    }
    return rows;
}

std::string steering_rows(const Explanation& explanation, bool colour) {
    const zones::Verdict& verdict = explanation.verdict;
    std::string rows =
        titled_row("asker", asker_text(explanation)) + titled_row("client", client_text(verdict));
    if (!verdict.prefix.empty()) { rows += titled_row("prefix", verdict.prefix); }
    rows += titled_row("place", place_text(verdict)) + database_rows(explanation);
    if (!verdict.service.empty()) { rows += titled_row("service", verdict.service); }
    rows += titled_row("policy", verdict.policy) + region_rows(verdict, colour);
    if (!verdict.split.empty()) { rows += titled_row("split", split_text(verdict)); }
    rows += decision_rows(verdict);
    if (verdict.split_family.empty()) { return rows; }
    return rows + titled_row("families", "families split: " + verdict.split_family + " goes to " +
                                             verdict.split_region + " while something is down");
}

std::string answer_rows(const zones::Verdict& verdict) {
    std::string rows = titled_row("rcode", verdict.rcode);
    if (verdict.answer.empty()) { rows += titled_row("answer", "no records"); }
    bool first = true;
    for (const std::string& record : verdict.answer) {
        rows += titled_row(first ? "answer" : "", record);
        first = false;
    }
    if (!first) { rows += titled_row("ttl", std::to_string(verdict.ttl_seconds) + " s"); }
    return rows + titled_row("scope", verdict.scope_bits ? verdict.scope
                                                         : "none, the query has no client subnet");
}

std::string alias_text(const Explanation& explanation) {
    const zones::Verdict& verdict = explanation.verdict;
    const std::string& target = verdict.alias_target;
    const std::string next =
        "the answer ends in an alias: the resolver asks for " + target + " next";
    if (!verdict.alias_is_here) { return next + ", which no zone here holds"; }
    return next + "; `meridian why " + target + " --type " + explanation.type +
           "` with the same client explains that";
}

}  // namespace

std::string why_text(const Explanation& explanation, bool colour) {
    const zones::Verdict& verdict = explanation.verdict;
    std::string text;
    for (const std::string& difference : explanation.differences) {
        text += titled_row("DIFFERS", difference);
    }
    if (!text.empty()) { text += '\n'; }
    text += titled_row("question", explanation.name + " " + explanation.type);
    text += titled_row("zone", verdict.zone.empty()
                                   ? "none here holds this name"
                                   : verdict.zone + ", serial " + std::to_string(verdict.serial) +
                                         ", " + verdict.file);
    if (!verdict.owner.empty()) { text += titled_row("name", verdict.owner); }
    if (verdict.steered) { text += steering_rows(explanation, colour); }
    text += answer_rows(verdict);
    if (!verdict.alias_target.empty()) { text += titled_row("next", alias_text(explanation)); }
    return text;
}

}  // namespace meridian::server
