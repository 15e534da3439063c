// Connects the monitor of health with what is served, the log, the journal and the state directory.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/health_outlets.h"

#include <algorithm>
#include <atomic>
#include <chrono>
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

constexpr std::chrono::seconds kRetryEvery{5};  // a disk may stay full for hours

/// A problem is logged once, until it is mended.
void note_saving(StatePart part, const std::string& problem, const OutletParts& parts) {
    const bool is_news = parts.board.set_state_problem(part, problem);
    if (is_news && !problem.empty()) { parts.log.warning(problem); }
}

/// What is to be tried again. Of the control thread, but for the times.
struct Unsaved {
    std::optional<std::vector<Override>> overrides;
    std::optional<std::vector<SavedVerdict>> verdicts;
    std::atomic<bool> is_any = false;
    std::chrono::steady_clock::time_point tried = {};  // of the monitor's thread
};

/// Returns why that failed, in words.
std::string save_set_by_hand(const StateDirectory& state, std::vector<Override> overrides,
                             Unsaved& unsaved, const OutletParts& parts) {
    const auto saved = save_overrides(state, overrides);
    note_saving(StatePart::Overrides,
                saved ? "" : "what is set by hand is not saved: " + saved.error(), parts);
    if (saved) { parts.board.set_overrides_loss({}); }
    unsaved.overrides = saved ? std::nullopt : std::optional(std::move(overrides));
    unsaved.is_any = unsaved.overrides || unsaved.verdicts;
    return saved ? std::string() : saved.error();
}

void save_known(const StateDirectory& state, std::vector<SavedVerdict> verdicts, Unsaved& unsaved,
                const OutletParts& parts) {
    const auto saved = save_verdicts(state, verdicts);
    note_saving(StatePart::Verdicts, saved ? "" : saved.error(), parts);
    unsaved.verdicts = saved ? std::nullopt : std::optional(std::move(verdicts));
    unsaved.is_any = unsaved.overrides || unsaved.verdicts;
}

void retry_saving(const std::shared_ptr<Unsaved>& unsaved, const OutletParts& parts) {
    const auto now = std::chrono::steady_clock::now();
    if (!unsaved->is_any || now - unsaved->tried < kRetryEvery) { return; }
    unsaved->tried = now;
    parts.use_state([parts, unsaved](const StateDirectory& state) {
        if (unsaved->verdicts) { save_known(state, *unsaved->verdicts, *unsaved, parts); }
        if (unsaved->overrides) { save_set_by_hand(state, *unsaved->overrides, *unsaved, parts); }
    });
}

/// What becomes of regions and addresses.
void note_turns(const OutletParts& parts, MonitorOutlets& outlets) {
    outlets.note_turn = [parts](const RegionTurn& turn) {
        log_turn(turn, parts.log);
        parts.journal.note(journal_entry(turn));
        if (parts.notices != nullptr) { parts.notices->note(turn); }
    };
    outlets.note_addresses = [parts](const std::vector<AddressTurn>& turns) {
        log_addresses(turns, parts.log);
        for (const AddressTurn& turn : turns) {
            parts.journal.note(journal_entry(turn));
        }
    };
}

/// What operators have to mend, or to know.
void note_alarms(const OutletParts& parts, MonitorOutlets& outlets) {
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
    outlets.note_clock = [parts](bool is_trusted) {
        log_clock(is_trusted, parts.log);
        parts.journal.note(clock_entry(is_trusted));
    };
    outlets.note_problem = [parts](const std::string& problem, bool is_over) {
        log_problem(problem, is_over, parts.log);
        parts.journal.note(problem_entry(problem, is_over));
    };
    outlets.note_warning = [parts](const std::string& warning) { parts.log.warning(warning); };
}

void save_in_state(const OutletParts& parts, MonitorOutlets& outlets) {
    const auto unsaved = std::make_shared<Unsaved>();
    outlets.save = [parts, unsaved](const std::vector<SavedVerdict>& verdicts) {
        parts.use_state([parts, unsaved, verdicts](const StateDirectory& state) {
            save_known(state, verdicts, *unsaved, parts);
        });
    };
    outlets.retry_saving = [parts, unsaved] { retry_saving(unsaved, parts); };
    outlets.save_overrides = [parts, unsaved](const std::vector<Override>& overrides,
                                              std::function<void(std::string)> done) {
        parts.use_state(
            [parts, unsaved, overrides, done = std::move(done)](const StateDirectory& state) {
                done(save_set_by_hand(state, overrides, *unsaved, parts));
            });
    };
}

}  // namespace

MonitorOutlets health_outlets(const OutletParts& parts) {
    MonitorOutlets outlets;
    outlets.publish = [parts](const MonitorOutlets::NextLive& next) {
        publish_live(parts.publisher, next);
        parts.publisher.collect();
    };
    outlets.watch_files = parts.watch_files;
    note_turns(parts, outlets);
    note_alarms(parts, outlets);
    save_in_state(parts, outlets);
    outlets.note_override = [parts](const Override& entry, OverrideTurn turn,
                                    const std::string& author) {
        log_override(entry, turn, author, parts.log);
        parts.journal.note(journal_entry(entry, turn, author));
    };
    outlets.note_release = [parts](const OverrideTarget& target, const std::string& author) {
        log_release(target, author, parts.log);
        parts.journal.note(release_entry(target, author));
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
