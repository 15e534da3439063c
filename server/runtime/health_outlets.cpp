// Connects the monitor of health with what is served, the log, the journal and the state directory.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/health_outlets.h"

#include <algorithm>
#include <cstddef>
#include <memory>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "meridian/limits.h"
#include "server/runtime/health_log.h"
#include "server/runtime/health_store.h"
#include "server/runtime/journal_notes.h"
#include "server/runtime/process_set_up.h"

namespace meridian::server {
namespace {

/// A problem is logged once, until it is mended.
void note_saving(StatePart part, const std::string& problem, const OutletParts& parts) {
    const bool is_news = parts.board.set_state_problem(part, problem);
    if (is_news && !problem.empty()) { parts.log.warning(problem); }
}

/// Returns why that failed, in words, and keeps in `unsaved` what is to be tried again.
std::string save_set_by_hand(const StateDirectory& state, std::vector<Override> overrides,
                             std::optional<std::vector<Override>>& unsaved,
                             const OutletParts& parts) {
    const auto saved = save_overrides(state, overrides);
    note_saving(StatePart::Overrides,
                saved ? "" : "what is set by hand is not saved: " + saved.error(), parts);
    unsaved = saved ? std::nullopt : std::optional(std::move(overrides));
    return saved ? std::string() : saved.error();
}

}  // namespace

MonitorOutlets health_outlets(const OutletParts& parts) {
    MonitorOutlets outlets;
    outlets.publish = [parts](const MonitorOutlets::NextLive& next) {
        publish_live(parts.publisher, next);
        parts.publisher.collect();
    };
    outlets.note_turn = [parts](const RegionTurn& turn) {
        log_turn(turn, parts.log);
        parts.journal.note(journal_entry(turn));
    };
    outlets.note_addresses = [parts](const std::vector<AddressTurn>& turns) {
        log_addresses(turns, parts.log);
        for (const AddressTurn& turn : turns) {
            parts.journal.note(journal_entry(turn));
        }
    };
    outlets.note_sight = [parts](const std::string& family, bool is_blind) {
        log_sight(family, is_blind, parts.log);
        parts.journal.note(sight_entry(family, is_blind));
    };
    outlets.note_reach = [parts](const std::string& family, bool is_reached) {
        log_reach(family, is_reached, parts.log);
    };
    outlets.note_alarm = [parts](const ServiceAlarm& alarm, bool begins) {
        log_alarm(alarm, begins, parts.log);
        parts.journal.note(alarm_entry(alarm, begins));
    };
    // What could not be saved is tried again with the next verdicts.
    const auto unsaved = std::make_shared<std::optional<std::vector<Override>>>();
    outlets.save = [parts, unsaved](const std::vector<SavedVerdict>& verdicts) {
        parts.use_state([parts, unsaved, verdicts](const StateDirectory& state) {
            const auto saved = save_verdicts(state, verdicts);
            note_saving(StatePart::Verdicts, saved ? "" : saved.error(), parts);
            if (*unsaved) { save_set_by_hand(state, **unsaved, *unsaved, parts); }
        });
    };
    outlets.note_override = [parts](const Override& entry, OverrideTurn turn,
                                    const std::string& author) {
        log_override(entry, turn, author, parts.log);
        parts.journal.note(journal_entry(entry, turn, author));
    };
    outlets.note_release = [parts](const OverrideTarget& target, const std::string& author) {
        log_release(target, author, parts.log);
        parts.journal.note(release_entry(target, author));
    };
    outlets.save_overrides = [parts, unsaved](const std::vector<Override>& overrides,
                                              std::function<void(std::string)> done) {
        parts.use_state(
            [parts, unsaved, overrides, done = std::move(done)](const StateDirectory& state) {
                done(save_set_by_hand(state, overrides, *unsaved, parts));
            });
    };
    return outlets;
}

ProberOptions prober_options(const CheckSettings& settings, Log& log) {
    ProberOptions options;
    options.seed = std::random_device()();
    // Most descriptors are for clients, files and operators.
    options.max_sockets = std::clamp<std::size_t>(descriptor_limit() / 8, 8, kMaxProbeSockets);
    std::string problem;
    options.probe = probe_settings(settings, problem);
    if (!problem.empty()) { log.error(problem); }
    return options;
}

}  // namespace meridian::server
