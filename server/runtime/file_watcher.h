// Notices changes of files and directories, and of the links on the way to them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "meridian/clock.h"
#include "server/sources/source_look.h"

namespace meridian::server {

/// Watches by inotify, which sees changes by this machine, but not those that another machine makes
/// to a shared file system. A notice is a hint: only a look shows what happened, if anything.
///
/// Each directory and each symbolic link on the way to a path is watched too: a directory that is
/// moved away, or a link that gets another target (`..data` of Kubernetes), gives notice.
/// For the thread that runs the context.
class FileWatcher {
public:
    struct Paths {
        std::vector<std::string> directories;  ///< Whose every zone file counts.
        std::vector<std::string> files;        ///< They need not be there.
    };

    /// Watched files that a program has begun to write, so that a reading would find only a part.
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

    /// Watches these and no others from now on. To be called again after each notice, since a path
    /// may lead to another file then.
    void watch(const Paths& paths);

    /// Files that were modified less than `rest` ago and not closed since, if this watcher saw
    /// that. Reads the pending events first.
    [[nodiscard]] Writing writing(std::chrono::milliseconds rest);

    /// What changed, by the events of watched paths since the last call.
    struct Changed {
        std::set<std::string> names;  ///< Of zone files in the directory.
        bool is_all = true;           ///< False: something else may have changed as well.
    };
    [[nodiscard]] Changed take_changed();

    /// Why some files are not watched, in words. Empty if all are watched.
    [[nodiscard]] const std::string& problem() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace meridian::server
