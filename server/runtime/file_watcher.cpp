// Notices changes of files and directories, and of the links on the way to them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/file_watcher.h"

#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <cerrno>
#include <chrono>
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
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kEntries =
    IN_CREATE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF;
constexpr std::uint32_t kContents = IN_CLOSE_WRITE | IN_MODIFY | IN_ATTRIB;
// After these events no program writes to the file of that name, or has not begun to.
constexpr std::uint32_t kEndsWriting = IN_CLOSE_WRITE | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO;

/// Whether a new file was opened for writing, so that a close follows. A new link is not: its
/// target is complete already.
bool is_opened_to_write(const std::string& path) {
    struct stat status{};
    return lstat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && status.st_nlink == 1;
}

/// What counts in one directory.
struct Interest {
    std::string directory;
    bool whole = false;  // every zone file
    bool contents = false;
    std::set<std::string> names;

    [[nodiscard]] std::uint32_t mask() const {
        return IN_ONLYDIR | kEntries | (whole || contents ? kContents : 0U);
    }
    /// Whether the name counts for no other reason.
    [[nodiscard]] bool is_zone_file_alone(const std::string& name) const {
        return whole && !name.empty() && !names.contains(name);
    }
    [[nodiscard]] bool counts(const std::string& name) const {
        return name.empty() || names.contains(name) || (whole && is_zone_file_name(name));
    }
};

/// By directory, in a form without links.
using Interests = std::map<std::string, Interest>;

Interest& interest_in(const fs::path& directory, Interests& interests) {
    Interest& interest = interests[directory.string()];
    interest.directory = directory.string();
    return interest;
}

/// Notes every name on the way to `path`, and returns where it ends.
fs::path walk(const std::string& path, bool is_file, Interests& interests) {
    std::error_code error;
    const fs::path absolute = fs::absolute(path, error);
    std::deque<fs::path> left(absolute.begin(), absolute.end());
    fs::path at = "/";
    std::size_t links = 0;
    while (!left.empty()) {
        const fs::path name = left.front();
        left.pop_front();
        if (name.empty() || name == "." || name == "/") { continue; }
        if (name == "..") {
            at = at.parent_path();
            continue;
        }
        Interest& interest = interest_in(at, interests);
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
        interest_in(end, interests).whole = true;
    }
    for (const std::string& file : paths.files) {
        walk(file, true, interests);
    }
    return interests;
}

}  // namespace

// A handler may be in the queue when the watcher ends, and closing the descriptor does not remove
// it. So it checks first whether the state still exists.
struct FileWatcher::State : std::enable_shared_from_this<State> {
    State(boost::asio::io_context& context, const Clock& its_clock, std::function<void()> to_notice)
        : notice(std::move(to_notice)), clock(its_clock), descriptor(context) {}

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
        descriptor.async_wait(descriptor.wait_read,
                              [self = weak_from_this()](boost::system::error_code error) {
                                  const auto state = self.lock();
                                  if (!error && state) { state->on_readable(); }
                              });
    }

    void on_readable() {
        if (take_events()) { notice(); }
        if (descriptor.is_open()) { wait(); }  // the notice may have ended the watcher
    }

    /// Takes in what has happened by now. Whether any of it counts.
    bool take_events() {
        bool any = false;
        while (descriptor.is_open()) {
            const ssize_t octets = read(descriptor.native_handle(), buffer.data(), buffer.size());
            if (octets <= 0) { break; }  // EAGAIN: that was all
            any |= read_events(static_cast<std::size_t>(octets));
        }
        return any;
    }

    /// Whether one of them counts.
    [[nodiscard]] bool read_events(std::size_t octets) {
        bool any = false;
        for (std::size_t at = 0; at + sizeof(inotify_event) <= octets;) {
            inotify_event event{};
            std::memcpy(&event, &buffer[at], sizeof event);
            const char* name = event.len == 0 ? "" : &buffer[at + sizeof event];
            if (counts(event, name)) {
                any = true;
                note_changed(event, name);
                note_writing(event, name);
            }
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

    void note_changed(const inotify_event& event, const std::string& name) {
        const auto watched = watches.find(event.wd);
        if (watched == watches.end() || !watched->second.is_zone_file_alone(name)) {
            changed.is_all = false;
            return;
        }
        changed.names.insert(name);
    }

    void note_writing(const inotify_event& event, const std::string& name) {
        const auto watched = watches.find(event.wd);
        if (watched == watches.end() || name.empty()) { return; }  // an overflow names no file
        const std::string path = watched->second.directory + '/' + name;
        const bool begins = (event.mask & IN_MODIFY) != 0 ||
                            ((event.mask & IN_CREATE) != 0 && is_opened_to_write(path));
        if (begins) { modified[path] = clock.steady(); }
        if ((event.mask & kEndsWriting) != 0) { modified.erase(path); }
    }

    void notify_later() {
        boost::asio::post(descriptor.get_executor(), [self = weak_from_this()] {
            const auto state = self.lock();
            if (state) { state->notice(); }
        });
    }

    Writing writing(std::chrono::milliseconds rest) {
        if (take_events()) { notify_later(); }
        const auto now = clock.steady();
        std::erase_if(modified, [&](const auto& file) { return now - file.second >= rest; });
        Writing result{{}, {}, std::chrono::steady_clock::time_point::max()};
        for (const auto& [path, when] : modified) {
            result.files.emplace(file_id_in(file_state_of(path)));
            result.paths.push_back(path);
            result.rests_at = std::min(result.rests_at, when + rest);
        }
        result.files.erase(std::string());  // of one that is gone again
        return result;
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
    const Clock& clock;
    boost::asio::posix::stream_descriptor descriptor;
    std::array<char, 65536> buffer{};
    std::map<int, Interest> watches;
    std::map<std::string, std::chrono::steady_clock::time_point> modified;  // and not closed
    Changed changed{{}, false};  // nothing is known of the time before the first watch
    std::string no_inotify;
    std::string problem;
};

FileWatcher::FileWatcher(boost::asio::io_context& context, const Clock& clock,
                         std::function<void()> notice)
    : state_(std::make_shared<State>(context, clock, std::move(notice))) {
    state_->open();
}

FileWatcher::~FileWatcher() {
    boost::system::error_code error;
    error = state_->descriptor.close(error);  // it is gone either way
}

void FileWatcher::watch(const Paths& paths) {
    state_->watch(paths);
}

FileWatcher::Writing FileWatcher::writing(std::chrono::milliseconds rest) {
    return state_->writing(rest);
}

FileWatcher::Changed FileWatcher::take_changed() {
    return std::exchange(state_->changed, {});
}

const std::string& FileWatcher::problem() const {
    return state_->problem;
}

}  // namespace meridian::server
