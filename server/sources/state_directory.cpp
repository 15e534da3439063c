// Keeps files that survive a restart in one directory.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/state_directory.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <system_error>
#include <utility>

#include "meridian/assert.h"
#include "server/sources/file_writer.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

bool is_directory(const std::string& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

bool is_writable(const std::string& path) {
    return faccessat(AT_FDCWD, path.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
}

std::string first_there(const std::vector<std::string>& places) {
    const auto found = std::ranges::find_if(places, is_directory);
    return found == places.end() ? std::string() : *found;
}

/// A descriptor that holds the directory, or why that cannot be.
Result<int, std::string> hold(const std::string& path) {
    if (!is_writable(path)) { return Failure{std::string(std::strerror(errno))}; }
    const int descriptor = open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) { return Failure{std::string(std::strerror(errno))}; }
    // A file system that has no locks is no reason to keep nothing.
    if (flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        close(descriptor);
        return Failure{std::string("another server holds it")};
    }
    return descriptor;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

/// Whether it is empty or has been used before; /tmp or a home named by mistake does not pass.
bool looks_like_ours(const std::string& path) {
    std::error_code error;
    const fs::directory_iterator entries(path, error);
    return !error && (entries == fs::directory_iterator() ||
                      fs::exists(fs::path(path) / kSerialsFile, error));
}

/// What belongs to root and has no other name elsewhere: a link to it that somebody laid here must
/// not make it his.
void hand_over_entry(const std::string& path, std::uint32_t user_id, std::uint32_t group_id) {
    const int file = open(path.c_str(), O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
    if (file < 0) { return; }
    struct stat status{};
    const bool known = fstat(file, &status) == 0 && status.st_uid == 0;
    const bool is_file = known && S_ISREG(status.st_mode) && status.st_nlink == 1;
    if (is_file || (known && S_ISDIR(status.st_mode))) {
        [[maybe_unused]] const int outcome = fchown(file, user_id, group_id);  // writing will tell
    }
    close(file);
}

}  // namespace

StateDirectory StateDirectory::open_to_write(const std::vector<std::string>& places) {
    StateDirectory state;
    std::string reasons;
    for (const std::string& place : places) {
        std::error_code error;
        state.is_new_ = fs::create_directories(place, error);
        const auto held = error ? Result<int, std::string>(Failure{error.message()}) : hold(place);
        if (held) {
            state.path_ = place;
            state.lock_ = *held;
            state.remove_unfinished();
            return state;
        }
        reasons += (reasons.empty() ? "" : "; ") + place + ": " + held.error();
    }
    state.path_ = first_there(places);
    state.problem_ = "nothing can be kept for the next start: " + reasons;
    return state;
}

StateDirectory StateDirectory::open_to_read(const std::vector<std::string>& places) {
    StateDirectory state;
    const auto found = std::ranges::find_if(
        places, [](const std::string& place) { return is_directory(place) && is_writable(place); });
    state.path_ = found == places.end() ? first_there(places) : *found;
    return state;
}

StateDirectory::StateDirectory(StateDirectory&& other) noexcept
    : path_(std::move(other.path_)),
      problem_(std::move(other.problem_)),
      lock_(std::exchange(other.lock_, -1)),
      is_new_(other.is_new_) {}

StateDirectory& StateDirectory::operator=(StateDirectory&& other) noexcept {
    std::swap(path_, other.path_);
    std::swap(problem_, other.problem_);
    std::swap(lock_, other.lock_);
    std::swap(is_new_, other.is_new_);
    return *this;
}

StateDirectory::~StateDirectory() {
    if (lock_ >= 0) { close(lock_); }
}

Result<FileText, FileError> StateDirectory::read(std::string_view name,
                                                 std::size_t limit_octets) const {
    if (path_.empty()) { return Failure{FileError{FileFailure::Missing, "no state directory"}}; }
    return read_file((fs::path(path_) / name).string(), limit_octets);
}

Result<FileReader, FileError> StateDirectory::open(std::string_view name) const {
    if (path_.empty()) { return Failure{FileError{FileFailure::Missing, "no state directory"}}; }
    return FileReader::open((fs::path(path_) / name).string());
}

std::string StateDirectory::place_of(std::string_view name) const {
    MERIDIAN_ASSERT(keeps());
    const fs::path path = fs::path(path_) / name;
    std::error_code ignored;  // writing will tell
    fs::create_directory(path.parent_path(), ignored);
    return path.string();
}

Result<Unit, std::string> StateDirectory::write(std::string_view name,
                                                std::string_view text) const {
    return write_file_atomically(place_of(name), text);
}

Result<Unit, std::string> StateDirectory::write_unsynced(std::string_view name,
                                                         std::string_view text) const {
    return write_file_unsynced(place_of(name), text);
}

Result<Unit, std::string> StateDirectory::sync(std::string_view folder,
                                               const std::vector<std::string>& names) const {
    return sync_files((fs::path(path_) / folder).string(), names);
}

void StateDirectory::remove(std::string_view name) const {
    MERIDIAN_ASSERT(keeps());
    std::error_code ignored;  // it is in nobody's way
    fs::remove(fs::path(path_) / name, ignored);
}

void StateDirectory::remove_unfinished() const {
    for (const std::string& name : list("")) {
        if (is_unfinished(name)) { remove(name); }
    }
}

std::vector<std::string> StateDirectory::list(std::string_view folder) const {
    std::vector<std::string> names;
    std::error_code error;
    fs::directory_iterator entries(fs::path(path_) / folder, error);
    for (; !error && !path_.empty() && entries != fs::end(entries); entries.increment(error)) {
        names.push_back(entries->path().filename().string());
    }
    return names;
}

Result<Unit, std::string> StateDirectory::hand_over(std::uint32_t user_id,
                                                    std::uint32_t group_id) const {
    struct stat status{};
    if (!keeps() || fstat(lock_, &status) != 0 || status.st_uid == user_id) { return Unit{}; }
    if (status.st_uid != 0 || !(is_new_ || looks_like_ours(path_))) {
        return Failure{"the state directory " + path_ +
                       " is not handed over, since it holds what is not Meridian's; give it to the "
                       "user or name another one in server.state"};
    }
    if (fchown(lock_, user_id, group_id) != 0) {
        return Failure{"cannot hand over the state directory " + path_ + ": " +
                       std::strerror(errno)};
    }
    std::error_code error;
    for (fs::recursive_directory_iterator entries(path_, error);
         !error && entries != fs::end(entries); entries.increment(error)) {
        hand_over_entry(entries->path().string(), user_id, group_id);
    }
    return Unit{};
}

std::vector<std::string> state_places(const std::string& configured) {
    if (!configured.empty()) { return {configured}; }
    std::vector<std::string> places;
    // systemd lists all directories of the unit; the first is the unit's own.
    const std::string given = environment("STATE_DIRECTORY");
    if (!given.empty()) { places.push_back(given.substr(0, given.find(':'))); }
    places.emplace_back("/var/lib/meridian");
    const std::string chosen = environment("XDG_STATE_HOME");
    const std::string home = environment("HOME");
    if (chosen.starts_with('/')) {  // others are to be ignored, says the specification
        places.push_back(chosen + "/meridian");
    } else if (!home.empty()) {
        places.push_back(home + "/.local/state/meridian");
    }
    return places;
}

}  // namespace meridian::server
