// Runs the operator's command for each change of a region.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/change_notices.h"

#include <map>
#include <utility>

#include "meridian/limits.h"
#include "server/probing/command_failure.h"

namespace meridian::server {

namespace {

using NamesByFile = std::map<std::string, std::string>;

/// As many as an argument may be long.
void add_name(const std::string& name, std::string& names) {
    if (names.size() + 1 + name.size() > kMaxCommandValueOctets) { return; }
    names += (names.empty() ? "" : " ") + name;
}

NamesByFile names_by_file(const LoadStatus& load, const SeenFiles& seen) {
    NamesByFile names;
    for (const ZoneStatus& zone : load.zones) {
        add_name(zone.name, names[zone.file]);
        const auto named = seen.named.find(zone.file);
        if (named == seen.named.end()) { continue; }
        for (const std::string& file : named->second) {
            add_name(zone.name, names[file]);
        }
    }
    return names;
}

}  // namespace

ZonesOfFile zones_of_file(const StatusBoard& board) {
    struct Known {
        std::shared_ptr<const LoadStatus> load;
        NamesByFile names;
    };
    return [&board, known = std::make_shared<Known>()](const std::string& file) {
        const auto load = board.latest();
        if (known->load != load) { *known = {load, names_by_file(*load, *board.seen())}; }
        const auto found = known->names.find(file);
        return found == known->names.end() ? std::string() : found->second;
    };
}

void ChangeNotices::note(const RegionTurn& turn) {
    if (waiting_.size() >= kMaxWaitingChanges) {
        bool is_first = false;
        {
            const std::scoped_lock lock(mutex_);
            is_first = lost_++ == 0;
        }
        if (is_first) { log_.warning(problem()); }
        return;
    }
    waiting_.push_back({"", turn.region, turn.service, std::string(to_text(turn.rung)), turn.reason,
                        std::string(family_name(turn.family)), zones_of_(turn.file)});
    run_next();
}

std::string ChangeNotices::problem() const {
    const std::scoped_lock lock(mutex_);
    if (untold_ > 0) {
        return "health.on_change was not run for changes, " + std::to_string(untold_) +
               " so far: " + kHelperEnded;
    }
    if (lost_ == 0) { return {}; }
    return "health.on_change is too slow: " + std::to_string(kMaxWaitingChanges) +
           " changes wait for it, and it was not run for others, " + std::to_string(lost_) +
           " so far";
}

void ChangeNotices::run_next() {
    if (is_running_ || waiting_.empty()) { return; }
    is_running_ = true;
    const CommandValues values = std::move(waiting_.front());
    waiting_.pop_front();
    runner_->run(number_, values, kTimeout,
                 [this](const CommandOutcome& outcome) { take(outcome); });
}

void ChangeNotices::take(const CommandOutcome& outcome) {
    is_running_ = false;
    if (outcome.end == CommandEnd::Lost) {
        bool is_first = false;
        {
            const std::scoped_lock lock(mutex_);
            is_first = untold_++ == 0;
        }
        if (is_first) { log_.warning(problem()); }
    } else if (!outcome.is_success()) {
        log_.warning("the command of health.on_change failed", {{"reason", failure_text(outcome)}});
    }
    if (waiting_.empty()) {
        const std::scoped_lock lock(mutex_);
        lost_ = 0;
    }
    run_next();
}

}  // namespace meridian::server
