// Tells when something happens at files and directories, or on the way to them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/file_watcher.h"

#include <sys/inotify.h>
#include <unistd.h>

#include <array>
#include <boost/asio/buffer.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <deque>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <system_error>
#include <utility>

#include "server/sources/zone_loader.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

constexpr int kMaxLinks = 40;  // on the way to one path, as the kernel follows them

constexpr std::uint32_t kEntries =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t kContents = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB;

/// What counts in one directory.
struct Interest {
    bool whole = false;  // every zone file
    bool contents = false;
    std::set<std::string> names;

    [[nodiscard]] std::uint32_t mask() const {
        return IN_ONLYDIR | kEntries | (whole || contents ? kContents : 0U);
    }
    [[nodiscard]] bool counts(const std::string& name) const {
        return name.empty() || names.contains(name) || (whole && is_zone_file_name(name));
    }
};

/// By directory, in a form without links.
using Interests = std::map<std::string, Interest>;

/// Notes every name on the way to `path`, and returns where it ends.
fs::path walk(const std::string& path, bool is_file, Interests& interests) {
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error);
    std::deque<fs::path> left(absolute.begin(), absolute.end());
    fs::path at = "/";
    int links = 0;
    while (!left.empty()) {
        const fs::path name = left.front();
        left.pop_front();
        if (name.empty() || name == "." || name == "/") { continue; }
        if (name == "..") {
            at = at.parent_path();
            continue;
        }
        Interest& interest = interests[at.string()];
        interest.names.insert(name.string());
        interest.contents = interest.contents || (is_file && left.empty());
        const fs::path next = at / name;
        const fs::path target = fs::read_symlink(next, error);
        if (error || ++links > kMaxLinks) {
            at = next;
            continue;
        }
        if (target.is_absolute()) { at = "/"; }
        left.insert(left.begin(), target.begin(), target.end());
    }
    return at;
}

Interests interests_of(const FileWatcher::Paths& paths) {
    Interests interests;
    for (const std::string& directory : paths.directories) {
        const fs::path end = walk(directory, false, interests);
        interests[end.string()].whole = true;
    }
    for (const std::string& file : paths.files) {
        walk(file, true, interests);
    }
    return interests;
}

}  // namespace

// A read may have succeeded and its handler wait in the queue when the watcher ends: closing the
// descriptor takes back no such handler, so it asks first whether there still is a state.
struct FileWatcher::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& context, std::function<void()> to_notice)
        : notice(std::move(to_notice)), descriptor(context) {}

    void open() {
        const int opened = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
        if (opened < 0) {
            no_inotify = std::string("cannot watch files: ") + std::strerror(errno);
            problem = no_inotify;
            return;
        }
        descriptor.assign(opened);
        wait();
    }

    void wait() {
        descriptor.async_read_some(
            boost::asio::buffer(buffer),
            [self = weak_from_this()](boost::system::error_code error, std::size_t octets) {
                const auto state = self.lock();
                if (!error && state) { state->take_events(octets); }
            });
    }

    void take_events(std::size_t octets) {
        if (read_events(octets)) { notice(); }
        if (descriptor.is_open()) { wait(); }  // the notice may have ended the watcher
    }

    /// Whether one of them counts.
    [[nodiscard]] bool read_events(std::size_t octets) const {
        bool any = false;
        for (std::size_t at = 0; at + sizeof(inotify_event) <= octets;) {
            inotify_event event{};
            std::memcpy(&event, &buffer[at], sizeof event);
            const char* name = event.len == 0 ? "" : &buffer[at + sizeof event];
            any = any || counts(event, name);
            at += sizeof event + event.len;
        }
        return any;
    }

    [[nodiscard]] bool counts(const inotify_event& event, const char* name) const {
        if ((event.mask & IN_Q_OVERFLOW) != 0) { return true; }  // anything may have happened
        const auto watched = watches.find(event.wd);
        if (watched == watches.end() || (event.mask & IN_IGNORED) != 0) { return false; }
        return watched->second.counts(name);
    }

    void watch(const Paths& paths) {
        if (!no_inotify.empty()) { return; }
        problem.clear();
        std::map<int, Interest> next;
        for (auto& [directory, interest] : interests_of(paths)) {
            const int watch =
                inotify_add_watch(descriptor.native_handle(), directory.c_str(), interest.mask());
            if (watch >= 0) {
                next[watch] = std::move(interest);
            } else if (errno != ENOENT && errno != ENOTDIR) {  // else the way there is watched
                problem = "cannot watch " + directory + ": " + std::strerror(errno);
            }
        }
        for (const auto& [watch, interest] : watches) {
            if (!next.contains(watch)) { inotify_rm_watch(descriptor.native_handle(), watch); }
        }
        watches = std::move(next);
    }

    std::function<void()> notice;
    boost::asio::posix::stream_descriptor descriptor;
    std::array<char, 65536> buffer{};
    std::map<int, Interest> watches;
    std::string no_inotify;
    std::string problem;
};

FileWatcher::FileWatcher(boost::asio::io_context& context, std::function<void()> notice)
    : state_(std::make_shared<State>(context, std::move(notice))) {
    state_->open();
}

FileWatcher::~FileWatcher() {
    boost::system::error_code error;
    error = state_->descriptor.close(error);  // it is gone either way
}

void FileWatcher::watch(const Paths& paths) {
    state_->watch(paths);
}

const std::string& FileWatcher::problem() const {
    return state_->problem;
}

}  // namespace meridian::server
