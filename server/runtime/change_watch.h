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
    /// Without another change for so long, a change is taken for complete: editors and copying
    /// programs write in pieces.
    std::chrono::milliseconds settle{100};
    /// Where changes go on and on, those that are complete are taken after so long.
    std::chrono::milliseconds settle_at_most{5'000};
    /// A file that was written and not closed, or that nobody tells of when it is closed, is taken
    /// for complete when it has been as it is for so long. Half of a file may be a sound one.
    std::chrono::milliseconds rest{5'000};
    /// The net below inotify: file systems that others change, too, say nothing.
    std::chrono::milliseconds look_every{10'000};
    bool inotify = true;
};

/// Whom a watch tells. Called on the watch's context.
class ChangeWatchOwner {
public:
    virtual ~ChangeWatchOwner() = default;
    [[nodiscard]] virtual FileWatcher::Paths watched_paths() const = 0;
    [[nodiscard]] virtual SourceLook look() const = 0;
    /// Whether something is to be read that `now` shows, leaving out what is `unfinished`.
    [[nodiscard]] virtual bool is_due(const SourceLook& now, const FileIds& unfinished) const = 0;
    /// Reads it.
    virtual void on_change() = 0;
    /// Why not everything is watched, in words; empty when it is.
    virtual void on_problem(const std::string& problem) = 0;
    /// A file is written for so long that others are not to wait for it. Told once each time.
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

    /// Sees to it that the next change is noticed. To be called after each reload: what is watched
    /// may be something else by then.
    void refresh();
    /// Looks, once things have settled, whether there is a change already.
    void settle();
    /// Forgets everything, whatever was about to settle.
    void stop();

    /// Files that are being written as far as is known: a reading would find a part of them.
    [[nodiscard]] FileIds unfinished();

private:
    using TimePoint = std::chrono::steady_clock::time_point;

    void look_later();
    void settle_by(TimePoint when, SourceLook look);
    void settled(const SourceLook& before);
    [[nodiscard]] bool waits_for_writers(bool is_over);

    boost::asio::io_context& context_;
    const Clock& clock_;
    WatchOptions options_;
    ChangeWatchOwner& owner_;
    std::unique_ptr<FileWatcher> watcher_;
    boost::asio::steady_timer look_timer_;
    boost::asio::steady_timer settle_timer_;
    // A timer that has run out is a handler in the queue, which no cancelling takes back. Each
    // handler knows its number, and only the latest does anything.
    std::uint64_t look_number_ = 0;
    std::uint64_t settle_number_ = 0;
    bool settling_ = false;
    TimePoint settling_since_;
    FileIds growing_;                     // between two looks, where nobody tells of writing
    std::set<std::string> slow_writers_;  // told of
};

}  // namespace meridian::server
