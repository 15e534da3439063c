// Logs what becomes of the health of regions and addresses, and what operators set by hand.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/health_log.h"

#include <algorithm>
#include <cstddef>
#include <span>

namespace meridian::server {

namespace {

std::string text_of(const Override& entry) {
    if (entry.is_maintenance) { return "maintenance"; }
    switch (entry.kind) {
        case OverrideKind::Drain:
            return "drain";
        case OverrideKind::ForceUp:
            return "force up";
        case OverrideKind::ForceDown:
            break;
    }
    return "force down";
}

}  // namespace

void log_turn(const RegionTurn& turn, Log& log) {
    const LogFields fields{{"service", turn.service},
                           {"region", turn.region},
                           {"file", turn.file},
                           {"family", std::string(family_name(turn.family))},
                           {"state", std::string(to_text(turn.rung))},
                           {"reason", turn.reason}};
    switch (turn.rung) {
        case zones::Rung::Up:
            return log.info("region is up", fields);
        case zones::Rung::Latched:
            return log.warning("region passes its checks again, and waits for its release", fields);
        case zones::Rung::BelowMinimum:
            return log.warning("region has too few addresses up", fields);
        case zones::Rung::Drained:
        case zones::Rung::DrainedDown:
        case zones::Rung::DownByHand:
            return log.info("region is out by hand", fields);
        case zones::Rung::None:
            return log.info("region is checked no more", fields);
        case zones::Rung::LacksOther:
        case zones::Rung::Down:
            break;
    }
    log.warning("region is down", fields);
}

void log_addresses(const std::vector<AddressTurn>& turns, Log& log) {
    constexpr std::size_t kMost = 16;
    for (const AddressTurn& turn : std::span(turns).first(std::min(kMost, turns.size()))) {
        log.info("address is " + (turn.state == "none" ? "checked no more" : turn.state),
                 {{"address", turn.address}, {"region", turn.region}, {"reason", turn.reason}});
    }
    if (turns.size() > kMost) {
        log.info("more addresses have changed", {{"addresses", turns.size() - kMost}});
    }
}

void log_problem(const std::string& problem, bool is_over, Log& log) {
    if (is_over) { return log.info("over: " + problem); }
    log.warning(problem + "; the last state of what it is about stays");
}

void log_sight(const std::string& family, bool is_blind, Log& log) {
    if (!is_blind) { return log.info("checks reach their targets again", {{"family", family}}); }
    log.warning(
        "checks reach hardly any target, so this server is what is cut off; failures do "
        "not count",
        {{"family", family}});
}

void log_reach(const std::string& family, bool is_reached, Log& log) {
    if (is_reached) { return log.info("checks have a route again", {{"family", family}}); }
    log.warning("checks have no route; regions stand there as in their other family",
                {{"family", family}});
}

void log_alarm(const ServiceAlarm& alarm, bool begins, Log& log) {
    const LogFields fields{{"service", alarm.service},
                           {"file", alarm.file},
                           {"family", alarm.family},
                           {"alarm", std::string(to_text(alarm.kind))}};
    const std::string cause(cause_of(alarm.kind));
    if (!begins) { return log.info("ended: " + cause, fields); }
    if (has_problem(alarm)) { return log.warning(cause, fields); }
    log.info(cause, fields);
}

void log_clock(bool is_trusted, Log& log) {
    if (is_trusted) { return log.info("the clock is synchronised"); }
    log.warning(
        "the clock is not synchronised; what is to begin or end by the date waits until it is");
}

void log_override(const Override& entry, OverrideTurn turn, const std::string& author, Log& log) {
    const LogFields fields{{"target", to_text(entry.target)},
                           {"until", entry.until},
                           {"author", author},
                           {"reason", entry.reason}};
    switch (turn) {
        case OverrideTurn::Begins:
            return log.info(text_of(entry) + " begins", fields);
        case OverrideTurn::Ends:
            return log.info(text_of(entry) + " ends: it is released or replaced", fields);
        case OverrideTurn::Expires:
            return log.info(text_of(entry) + " ends: its time is over", fields);
    }
}

void log_release(const OverrideTarget& target, const std::string& author, Log& log) {
    log.info("regions that fell may come back", {{"target", to_text(target)}, {"author", author}});
}

}  // namespace meridian::server
