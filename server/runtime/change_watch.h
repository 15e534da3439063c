// Notices changes of what is served and waits until they are complete.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

#include "meridian/clock.h"
#include "server/runtime/file_watcher.h"
#include "server/sources/source_look.h"

namespace meridian::server {

/// How changes of files are noticed.
struct WatchOptions {
    /// A change counts as complete after this time without another change, since editors and
    /// copying programs write in pieces.
    std::chrono::milliseconds settle{100};
    /// If changes never stop, complete ones are read after this time.
    std::chrono::milliseconds settle_at_most{5'000};
    /// A file that was written and not closed, or whose closing cannot be noticed, counts as
    /// complete when it has not changed for this time. Half of a file may be valid.
    std::chrono::milliseconds rest{5'000};
    /// How often files are looked at without inotify, which misses changes by other machines.
    std::chrono::milliseconds look_every{10'000};
    bool inotify = true;
};

/// Receives the notices of a watch. Called on the context of the watch.
class ChangeWatchOwner {
public:
    virtual ~ChangeWatchOwner() = default;
    [[nodiscard]] virtual FileWatcher::Paths watched_paths() const = 0;
    [[nodiscard]] virtual SourceLook look() const = 0;
    /// Whether such a look would show any change to read; keeps nothing of it.
    [[nodiscard]] virtual bool has_changed() const = 0;
    /// Whether `now` shows a change to read, apart from `unfinished` files.
    [[nodiscard]] virtual bool is_due(const SourceLook& now, const FileIds& unfinished) const = 0;
    /// A look has found no change that is not known already.
    virtual void on_look() = 0;
    /// Reads the change.
    virtual void on_change() = 0;
    /// Reads a change that consists of no more than new texts of zone files of these names in the
    /// watched directory. False where that needs a look at all files.
    virtual bool on_edit(const std::set<std::string>& names) = 0;
    /// Why some files are not watched, in words. Empty if all are watched.
    virtual void on_problem(const std::string& problem) = 0;
    /// A file is being written for so long that other changes no longer wait for it. Called once
    /// each time.
    virtual void on_slow_writer(const std::string& path) = 0;
};

/// By inotify, and by a look every few seconds below that. For the thread that runs the context,
/// which does not outlive the watch's owner.
class ChangeWatch {
public:
    ChangeWatch(boost::asio::io_context& context, const Clock& clock, const WatchOptions& options,
                ChangeWatchOwner& owner);
    ChangeWatch(const ChangeWatch&) = delete;
    ChangeWatch& operator=(const ChangeWatch&) = delete;

    /// Watches what is served now. To be called after each reload, since other files may be served
    /// then.
    void refresh();
    /// Looks at all files once they have settled.
    void settle();
    /// Stops watching, and forgets changes that have not settled.
    void stop();

    /// Files that are known to be being written, so that a reading would find only a part.
    [[nodiscard]] FileIds unfinished();

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    void look_later();
    void on_notice();
    void settle_by(TimePoint when, SourceLook look);
    void settled(const SourceLook& before);
    [[nodiscard]] bool waits_for_writers(bool is_over);
    [[nodiscard]] bool takes_edit(const SourceLook& before);

    boost::asio::io_context& context_;
    const Clock& clock_;
    WatchOptions options_;
    ChangeWatchOwner& owner_;
    std::unique_ptr<FileWatcher> watcher_;
    boost::asio::steady_timer look_timer_;
    boost::asio::steady_timer settle_timer_;
    // Cancelling a timer does not remove a handler that is queued already. So each handler has a
    // number, and only the latest one does anything.
    std::uint64_t look_number_ = 0;
    std::uint64_t settle_number_ = 0;
    bool settling_ = false;
    bool looks_at_all_ = false;  // what events name is not enough
    TimePoint settling_since_;
    FileIds growing_;  // changed between two looks, where inotify sees no writing
    std::set<std::string> slow_writers_;  // reported
};

}  // namespace meridian::server
