// Carries out what operators set by hand, and saves it.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "server/health/health_monitor_state.h"

namespace meridian::server {

void HealthMonitor::State::carry_out(const OverrideRequest& request,
                                     const std::function<void(OverrideOutcome)>& done) {
    OverrideOutcome outcome;
    {
        const std::scoped_lock lock(mutex);
        outcome = server::carry_out(request, book, unix_seconds(clock.wall()));
    }
    if (outcome.result != OverrideResult::Done) { return done(std::move(outcome)); }
    publish(true);
    for (const Override& entry : outcome.ended) {
        outlets.note_override(entry, OverrideTurn::Ends, request.author);
    }
    if (outcome.begun) {
        outlets.note_override(*outcome.begun, OverrideTurn::Begins, request.author);
    }
    if (outcome.let_back > 0) { outlets.note_release(request.target, request.author); }
    save();  // verdicts say which regions wait for a release
    outlets.save_overrides(without_files(all_overrides()),
                           [done, outcome](std::string problem) mutable {
                               outcome.save_problem = std::move(problem);
                               done(std::move(outcome));
                           });
}

void HealthMonitor::State::note(const FileChange& change, OverrideTurn end) {
    for (const Override& entry : change.ended) {
        outlets.note_override(entry, end, {});
    }
    for (const Override& entry : change.begun) {
        outlets.note_override(entry, OverrideTurn::Begins, entry.author);
    }
}

void HealthMonitor::State::save_what_ended(const std::vector<Override>& ended) {
    if (std::ranges::all_of(ended, &Override::is_from_file)) { return; }
    outlets.save_overrides(without_files(all_overrides()), [](const std::string&) {});
}

void HealthMonitor::State::set_file_overrides(std::vector<Override> of_file) {
    FileChange change;
    {
        const std::scoped_lock lock(mutex);
        change = book.set_file_overrides(std::move(of_file));
    }
    publish(true);
    note(change, OverrideTurn::Ends);
}

std::vector<Override> HealthMonitor::State::all_overrides() const {
    const std::scoped_lock lock(mutex);
    return book.overrides();
}

}  // namespace meridian::server
