// Finds out from the journal what was up, and set by hand, at a time in the past.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/past.h"

#include <algorithm>
#include <map>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "meridian/date_time.h"
#include "meridian/ip_address.h"
#include "meridian/zones/model/zone.h"
#include "server/health/hand_states.h"
#include "server/health/health_plan.h"
#include "server/health/region_states.h"
#include "server/health/saved_verdict.h"
#include "server/runtime/journal_notes.h"
#include "server/state/state_lines.h"

namespace meridian::server {
namespace {

AddressState state_of(const JournalEntry& entry) {
    if (entry.state == "down") { return AddressState::Down; }
    return entry.state == "pending" ? AddressState::Pending : AddressState::Up;
}

/// The journal's state at a time, in the terms of health.
class PastStates {
public:
    PastStates(const JournalState& state, std::int64_t time) {
        for (const JournalEntry& entry : state.entries()) {
            add(entry, time);
        }
    }

    [[nodiscard]] const std::vector<Override>& overrides() const { return overrides_; }

    /// Of the plan's targets. One whose check has changed since has the state of its address.
    [[nodiscard]] AddressStates of(const HealthPlan& plan, std::vector<std::string>& doubts) const {
        AddressStates states;
        for (const Target& target : plan.targets()) {
            const std::string address = target.label();
            const auto same = by_check_.find({address, target_digest(target).to_text()});
            const auto other = by_address_.find(address);
            AddressState found = AddressState::Up;
            if (same != by_check_.end()) {
                found = same->second;
            } else if (other != by_address_.end()) {
                found = other->second;
                doubts.push_back(address + " was checked otherwise then");
            }
            states.of_targets.push_back(found);
        }
        return states;
    }

    /// Lets those regions wait that waited for their release then. `changes` are those of the
    /// service.
    void latch(const PlannedService& service, std::vector<zones::LiveChange>& changes) const {
        for (std::size_t i = 0; i < service.regions.size(); ++i) {
            const zones::Region& region = *service.regions[i].region;
            for (std::size_t family = 0; family < 2; ++family) {
                zones::Rung& rung = changes[i].rungs.at(family);
                const bool was_latched = latched_.contains(
                    {service.name, region.name, region.file, std::string(family_name(family))});
                if (rung == zones::Rung::Up && was_latched) { rung = zones::Rung::Latched; }
            }
        }
    }

private:
    void add(const JournalEntry& entry, std::int64_t time) {
        if (entry.kind == JournalKind::Target) {
            by_check_[{entry.subject, entry.detail}] = state_of(entry);
            by_address_[entry.subject] = state_of(entry);
        }
        if (entry.kind == JournalKind::Region && entry.state == "latched") {
            latched_.insert({entry.service, entry.region, entry.file, entry.detail});
        }
        auto by_hand = override_of(entry);
        const bool holds = by_hand && (by_hand->until == 0 || by_hand->until > time);
        if (holds) { overrides_.push_back(std::move(*by_hand)); }
    }

    std::map<std::pair<std::string, std::string>, AddressState> by_check_;
    std::map<std::string, AddressState> by_address_;
    std::set<std::tuple<std::string, std::string, std::string, std::string>> latched_;
    std::vector<Override> overrides_;
};

/// Whether a server ran then: what it knew is not in the journal otherwise.
bool was_running(const JournalReading& journal, std::int64_t time) {
    bool is_running = false;
    for (const JournalEntry& entry : journal.entries) {
        if (!entry.is_state && entry.at > time) { break; }
        if (entry.kind == JournalKind::Stop) { is_running = false; }
        if (entry.at <= time && entry.kind != JournalKind::Stop) { is_running = true; }
    }
    return is_running;
}

std::string zone_difference(const JournalEntry& entry) {
    if (entry.before.empty()) { return entry.subject + " was not served then"; }
    if (entry.before == entry.state) {
        return entry.subject + " had another text then, with the same serial";
    }
    return entry.subject + " had serial " + entry.before + " then";
}

std::string database_difference(const JournalEntry& entry) {
    const auto built = parse_number<std::int64_t>(entry.before).value_or(0);
    return "the geo database was " + entry.detail + ", built " + date_time_text(built) + ", then";
}

/// What overrides and the states of the plan's targets make of its live table.
std::shared_ptr<const zones::LiveTable> decide(const HealthPlan& plan,
                                               const std::vector<Override>& overrides,
                                               const AddressStates& states,
                                               const PastStates& past) {
    const HandStates by_hand(plan, overrides);
    std::vector<zones::LiveChange> changes;
    DecidedServices decided(plan.services().size());
    for (std::uint32_t i = 0; i < plan.services().size(); ++i) {  // after what it depends on
        const PlannedService& service = plan.services()[i];
        const auto depends = dependencies_of(service, plan.services(), decided);
        append_changes(service, by_hand.of(i), depends, states, decided[i]);
        past.latch(service, decided[i]);
        panic_where_few_are_up(service, by_hand.of(i), states, decided[i]);
        changes.insert(changes.end(), decided[i].begin(), decided[i].end());
    }
    for (const HandledService& handled : by_hand.unchecked()) {
        append_changes(handled.service, handled.by_hand, {}, states, changes);
    }
    return changes.empty() ? plan.all_up() : plan.all_up()->with(changes);
}

/// Those that hold at a time, in the plan's own files; the journal may have them, too.
void add_windows(const HealthPlan& plan, std::int64_t time, std::vector<Override>& overrides) {
    for (const Override& window : windows_of(plan)) {
        const bool is_known = std::ranges::any_of(overrides, [&](const Override& other) {
            return other.is_maintenance && other.target == window.target &&
                   other.until == window.until;
        });
        const bool holds = window.since <= time && time < window.until;
        if (holds && !is_known) { overrides.push_back(window); }
    }
}

}  // namespace

Past planned_for(const zones::Snapshot& snapshot, std::int64_t time) {
    const HealthPlan plan(snapshot);
    Past result;
    add_windows(plan, time, result.overrides);
    const PastStates nothing(JournalState(), time);
    result.live = decide(plan, result.overrides, nothing.of(plan, result.doubts), nothing);
    return result;
}

Past past_of(const zones::Snapshot& snapshot, const JournalReading& journal, std::int64_t time) {
    const HealthPlan plan(snapshot);
    const PastStates past(journal.state_at(time), time);
    Past result{.live = {}, .overrides = past.overrides(), .doubts = {}};
    add_windows(plan, time, result.overrides);
    if (!was_running(journal, time)) {
        result.doubts.push_back(
            "no server ran then, as far as the journal goes back: " +
            (journal.begin() == 0 ? std::string("it is empty") : date_time_text(journal.begin())));
    }
    result.live = decide(plan, result.overrides, past.of(plan, result.doubts), past);
    return result;
}

std::vector<std::string> differences_since(const JournalReading& journal, std::int64_t time,
                                           const std::string& zone) {
    std::optional<std::string> of_zone;
    std::optional<std::string> of_database;
    std::optional<std::string> of_start;
    for (const JournalEntry& entry : journal.entries) {
        if (entry.is_state || entry.at <= time) { continue; }
        if (entry.kind == JournalKind::Zone && entry.subject == zone && !of_zone) {
            of_zone = zone_difference(entry);
        }
        if (entry.kind == JournalKind::Database && !of_database) {
            of_database = database_difference(entry);
        }
        if (entry.kind == JournalKind::Start && !of_start) {
            of_start = "a server started since then, at " + date_time_text(entry.at) +
                       "; edits that were made while none ran are not in the journal";
        }
    }
    std::vector<std::string> all;
    for (const auto& difference : {of_zone, of_database, of_start}) {
        if (difference) { all.push_back(*difference); }
    }
    return all;
}

}  // namespace meridian::server
