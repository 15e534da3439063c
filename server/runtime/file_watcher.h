// Tells when something happens at files and directories, or on the way to them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "meridian/clock.h"
#include "server/sources/source_look.h"

namespace meridian::server {

/// Watches by inotify, which sees what this machine does to a file system, and nothing that others
/// do to one that they share. A notice is a hint: what happened, if anything, is for a look to say.
///
/// The way to a path counts too, each directory and each symbolic link: a directory that is moved
/// away, a link that is made to lead elsewhere (`..data` of Kubernetes) give notice.
/// For the thread that runs the context.
class FileWatcher {
public:
    struct Paths {
        std::vector<std::string> directories;  ///< Whose every zone file counts.
        std::vector<std::string> files;        ///< They need not be there.
    };

    /// Files that count and that somebody has begun to write, so that a reading would find a part.
    struct Writing {
        FileIds files;
        std::vector<std::string> paths;                  ///< Without links.
        std::chrono::steady_clock::time_point rests_at;  ///< When the first of them has rested.
    };

    /// `notice` is called on the context, where it may end the watcher, and never after its end.
    FileWatcher(boost::asio::io_context& context, const Clock& clock, std::function<void()> notice);
    FileWatcher(const FileWatcher&) = delete;
    FileWatcher& operator=(const FileWatcher&) = delete;
    ~FileWatcher();

    /// Watches these and no others from now on. To be called again after each notice: what a path
    /// leads to may be something else by then.
    void watch(const Paths& paths);

    /// Those that were modified less than `rest` ago and not closed since, as far as this watcher
    /// was there to see it. Takes in what has happened by now.
    [[nodiscard]] Writing writing(std::chrono::milliseconds rest);

    /// Why not everything is watched, in words; empty when it is.
    [[nodiscard]] const std::string& problem() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace meridian::server
