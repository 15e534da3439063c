// Tells when something happens at files and directories, or on the way to them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <string>
#include <vector>

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

    /// `notice` is called on the context, where it may end the watcher, and never after its end.
    FileWatcher(boost::asio::io_context& context, std::function<void()> notice);
    FileWatcher(const FileWatcher&) = delete;
    FileWatcher& operator=(const FileWatcher&) = delete;
    ~FileWatcher();

    /// Watches these and no others from now on. To be called again after each notice: what a path
    /// leads to may be something else by then.
    void watch(const Paths& paths);

    /// Why not everything is watched, in words; empty when it is.
    [[nodiscard]] const std::string& problem() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace meridian::server
