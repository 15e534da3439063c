// Shows the status after the last load to any thread, while the control thread loads again.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/status_board.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

namespace {

/// Puts the rows of each file into the place of those that it had.
void replace_rows(const ZonesOfFiles& news, std::vector<ZoneStatus>& rows) {
    for (const auto& [file, zones] : news) {
        auto row = std::ranges::lower_bound(rows, file, {}, &ZoneStatus::file);
        for (const ZoneStatus& zone : zones) {
            *row++ = zone;
        }
    }
}

}  // namespace

void StatusBoard::post(LoadStatus status, std::shared_ptr<const SeenFiles> seen) {
    auto next = std::make_shared<const LoadStatus>(std::move(status));
    std::optional<Edits> edits;
    const std::lock_guard lock(mutex_);
    latest_.swap(next);  // the old ones end with `next`, `seen` and `edits`, after the lock
    if (seen != nullptr) { seen_.swap(seen); }
    edits_.swap(edits);
}

void StatusBoard::post_edit(LoadStatus status, ZonesOfFiles zones, const SourceLook& states) {
    const std::lock_guard lock(mutex_);
    if (!edits_) { edits_.emplace(); }
    edits_->status = std::move(status);
    ++edit_count_;
    for (auto& [file, rows] : zones) {
        edits_->zones.insert_or_assign(file, std::move(rows));
    }
    for (const auto& [file, state] : states) {
        edits_->states.insert_or_assign(file, state);
    }
}

/// Copies everything without keeping the control thread from posting the next edit meanwhile.
void StatusBoard::join() const {
    const std::lock_guard one_at_a_time(join_mutex_);
    std::unique_lock lock(mutex_);
    if (!edits_) { return; }
    const Edits edits = *edits_;
    const auto status = latest_;
    const auto seen = seen_;
    const std::uint64_t count = edit_count_;
    lock.unlock();

    auto next = std::make_shared<LoadStatus>(edits.status);
    next->zones = status->zones;
    replace_rows(edits.zones, next->zones);
    auto next_seen = std::make_shared<SeenFiles>(*seen);
    next_seen->states.update(edits.states);

    lock.lock();
    if (latest_ != status) { return; }  // replaced whole
    latest_ = std::move(next);
    seen_ = std::move(next_seen);
    if (edit_count_ == count) { edits_.reset(); }
}

bool StatusBoard::set_state_problem(StatePart part, std::string problem) {
    const std::lock_guard lock(mutex_);
    std::string& known = state_problems_.at(static_cast<std::size_t>(part));
    const bool is_news = known != problem;
    known = std::move(problem);
    return is_news;
}

std::string StatusBoard::state_problem() const {
    const std::lock_guard lock(mutex_);
    std::string all;
    for (const std::string& problem : state_problems_) {
        if (problem.empty() || all.find(problem) != std::string::npos) { continue; }
        all += (all.empty() ? "" : "; ") + problem;
    }
    return all;
}

void StatusBoard::set_overrides_loss(std::string loss) {
    const std::lock_guard lock(mutex_);
    overrides_loss_ = std::move(loss);
}

std::string StatusBoard::overrides_loss() const {
    const std::lock_guard lock(mutex_);
    return overrides_loss_;
}

void StatusBoard::set_state_directory(std::string path) {
    const std::lock_guard lock(mutex_);
    state_directory_ = std::move(path);
}

std::string StatusBoard::state_directory() const {
    const std::lock_guard lock(mutex_);
    return state_directory_;
}

std::shared_ptr<const SeenFiles> StatusBoard::seen() const {
    join();
    const std::lock_guard lock(mutex_);
    return seen_;
}

std::shared_ptr<const LoadStatus> StatusBoard::latest() const {
    join();
    const std::lock_guard lock(mutex_);
    return latest_;
}

std::vector<std::string> StatusBoard::files_of(std::string_view zone) const {
    const auto dotted = [](std::string_view name) {
        return std::string(name) + (name.ends_with('.') ? "" : ".");
    };
    const auto load = latest();
    const auto row = std::ranges::find(load->zones, dotted(zone), &ZoneStatus::name);
    if (row == load->zones.end()) { return {}; }
    std::vector<std::string> files{row->file};
    const auto read = seen();
    const auto named = read->named.find(row->file);
    if (named != read->named.end()) {
        files.insert(files.end(), named->second.begin(), named->second.end());
    }
    return files;
}

}  // namespace meridian::server
