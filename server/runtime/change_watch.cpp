// Notices changes of what is served and waits until they are complete.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/change_watch.h"

#include <algorithm>
#include <utility>

namespace meridian::server {

namespace {

/// Files whose state in `now` differs from that in `before`.
FileIds changed_between(const SourceLook& before, const SourceLook& now) {
    FileIds changed;
    for (const auto& [path, state] : now) {
        const auto known = before.find(path);
        if (known == before.end() || known->second != state) { changed.emplace(file_id_in(state)); }
    }
    changed.erase(std::string());  // the identity of files that are gone
    return changed;
}

}  // namespace

ChangeWatch::ChangeWatch(boost::asio::io_context& context, const Clock& clock,
                         const WatchOptions& options, ChangeWatchOwner& owner)
    : context_(context),
      clock_(clock),
      options_(options),
      owner_(owner),
      look_timer_(context),
      settle_timer_(context) {}

void ChangeWatch::refresh() {
    if (options_.inotify && !watcher_) {
        watcher_ = std::make_unique<FileWatcher>(context_, clock_, [this] { on_notice(); });
    }
    if (watcher_) {
        watcher_->watch(owner_.watched_paths());
        owner_.on_problem(watcher_->problem());
    }
    look_later();
}

void ChangeWatch::stop() {
    watcher_.reset();
    ++look_number_;
    ++settle_number_;
    look_timer_.cancel();
    settle_timer_.cancel();
    settling_ = false;
    growing_.clear();
    slow_writers_.clear();
}

FileIds ChangeWatch::unfinished() {
    FileIds files = growing_;
    if (watcher_) { files.merge(watcher_->writing(options_.rest).files); }
    return files;
}

void ChangeWatch::look_later() {
    look_timer_.expires_after(options_.look_every);
    look_timer_.async_wait([this, number = ++look_number_](boost::system::error_code error) {
        if (error || number != look_number_) { return; }
        // Without inotify the end of writing is unknown, so the look has to stay the same for long.
        if (!settling_ && owner_.has_changed()) {
            settle_by(clock_.steady() + options_.rest, owner_.look());
        } else {
            owner_.on_look();
        }
        look_later();
    });
}

void ChangeWatch::settle() {
    looks_at_all_ = true;
    on_notice();
}

void ChangeWatch::on_notice() {
    settle_by(clock_.steady() + options_.settle, {});
}

/// `look` has to stay the same until then.
void ChangeWatch::settle_by(TimePoint when, SourceLook look) {
    if (!settling_) { settling_since_ = clock_.steady(); }
    settling_ = true;
    settle_timer_.expires_at(std::min(when, settling_since_ + options_.settle_at_most));
    settle_timer_.async_wait(
        [this, number = ++settle_number_, look = std::move(look)](boost::system::error_code error) {
            if (!error && number == settle_number_) { settled(look); }
        });
}

void ChangeWatch::settled(const SourceLook& before) {
    const bool is_over = clock_.steady() - settling_since_ >= options_.settle_at_most;
    if (waits_for_writers(is_over)) { return; }
    if (takes_edit(before)) {
        settling_ = false;
        return;
    }
    refresh();  // first, so that later changes are noticed
    const SourceLook now = owner_.look();
    looks_at_all_ = false;
    settling_ = false;
    growing_ = before.empty() ? FileIds() : changed_between(before, now);
    const FileIds left_out = unfinished();
    if (owner_.is_due(now, left_out)) { owner_.on_change(); }
    growing_.clear();  // the next look finds them again
    if (left_out.empty()) { return; }
    looks_at_all_ = true;  // the events of what was left out are spent
    (void)waits_for_writers(false);
}

/// Whether what changed is an edit, which was read then. After a notice there is nothing else to
/// find: what has no notice is found by the look every few seconds.
bool ChangeWatch::takes_edit(const SourceLook& before) {
    if (!watcher_ || !before.empty()) { return false; }
    const FileWatcher::Changed changed = watcher_->take_changed();
    const bool may_be_edit =
        changed.is_all && !looks_at_all_ && watcher_->problem().empty() && unfinished().empty();
    if (!may_be_edit) { return false; }
    return changed.names.empty() || owner_.on_edit(changed.names);
}

/// Whether settling is put off until the next writer closes its file or rests. Once it `is_over`,
/// files that are still being written are logged instead.
bool ChangeWatch::waits_for_writers(bool is_over) {
    if (!watcher_) { return false; }
    const FileWatcher::Writing writing = watcher_->writing(options_.rest);
    if (writing.files.empty()) {
        slow_writers_.clear();
        return false;
    }
    if (!is_over) {
        settle_by(writing.rests_at, {});
        return true;
    }
    for (const std::string& path : writing.paths) {
        if (slow_writers_.insert(path).second) { owner_.on_slow_writer(path); }
    }
    return false;
}

}  // namespace meridian::server
