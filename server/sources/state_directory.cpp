// Keeps files that survive a restart in one directory.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/state_directory.h"

#include <dirent.h>
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
#include "meridian/fingerprint.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

constexpr mode_t kFolderMode = 0750;
constexpr mode_t kPrivateFile = 0600;
constexpr mode_t kModeBits = 07777;
constexpr int kFolder = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

bool is_directory(const std::string& path) {
    std::error_code ignored;
    return fs::is_directory(path, ignored);
}

bool is_writable(int folder, const char* name) {
    return faccessat(folder, name, W_OK | X_OK, AT_EACCESS) == 0;
}

std::string first_there(const std::vector<std::string>& places) {
    const auto found = std::ranges::find_if(places, is_directory);
    return found == places.end() ? std::string() : *found;
}

std::string environment(const char* name) {
    const char* value = std::getenv(name);
    return value == nullptr ? std::string() : value;
}

/// Whether Meridian gives files in a folder of the directory that name; others are not touched.
bool is_own_name(std::string_view folder, std::string_view name) {
    if (folder == kLastGoodFolder) { return Digest::parse(name).has_value(); }
    if (name.starts_with(kRoutesFiles)) {
        return Digest::parse(name.substr(kRoutesFiles.size())).has_value();
    }
    return name == kSerialsFile || name == kLastGoodFile || name == kAtlasFile;
}

struct StateName {
    std::string folder;  ///< Empty: the directory itself.
    std::string name;
};

StateName split(std::string_view name) {
    const auto slash = name.find('/');
    if (slash == std::string_view::npos) { return {"", std::string(name)}; }
    return {std::string(name.substr(0, slash)), std::string(name.substr(slash + 1))};
}

/// All of them, links and other people's files as well.
std::vector<std::string> names_in(const FileDescriptor& folder) {
    std::vector<std::string> names;
    const int own = folder.valid() ? openat(folder.get(), ".", kFolder) : -1;
    DIR* entries = own < 0 ? nullptr : fdopendir(own);  // takes the descriptor
    if (entries == nullptr) {
        if (own >= 0) { close(own); }
        return names;
    }
    for (const dirent* entry = readdir(entries); entry != nullptr; entry = readdir(entries)) {
        names.emplace_back(entry->d_name);
    }
    closedir(entries);
    return names;
}

/// An ordinary file that has no other name elsewhere: neither a link that somebody laid here nor
/// a second name that he gave to another's file.
FileDescriptor open_own(const FileDescriptor& folder, const std::string& name,
                        struct stat& status) {
    FileDescriptor file(openat(folder.get(), name.c_str(),
                               O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC));
    const bool is_own = file.valid() && fstat(file.get(), &status) == 0 &&
                        S_ISREG(status.st_mode) && status.st_nlink == 1;
    return is_own ? std::move(file) : FileDescriptor();
}

/// Takes from others the leave to read what lies in a folder of ours.
void make_private(const FileDescriptor& folder, const std::string& name, uid_t owner) {
    struct stat status{};
    const FileDescriptor file = open_own(folder, name, status);
    if (!file.valid() || status.st_uid != owner || (status.st_mode & kModeBits) == kPrivateFile) {
        return;
    }
    [[maybe_unused]] const int outcome = fchmod(file.get(), kPrivateFile);
}

/// What goes wrong shows when the user wants to write.
void give(const FileDescriptor& file, const struct stat& status, const FutureOwner& owner) {
    if (status.st_uid != 0) { return; }
    [[maybe_unused]] const int outcome = fchown(file.get(), owner.user_id, owner.group_id);
}

}  // namespace

StateDirectory StateDirectory::open_to_write(const std::vector<std::string>& places,
                                             const std::optional<FutureOwner>& future) {
    StateDirectory to_read;
    std::string reasons;
    for (const std::string& place : places) {
        StateDirectory state;
        std::string reason;
        const Outcome outcome = state.enter(place, future, reason);
        if (outcome == Outcome::Held) {
            state.tidy();
            return state;
        }
        reasons += (reasons.empty() ? "" : "; ") + reason;
        if (outcome == Outcome::Readable && to_read.path_.empty()) { to_read = std::move(state); }
    }
    to_read.problem_ = "nothing can be kept for the next start: " + reasons;
    return to_read;
}

StateDirectory::Outcome StateDirectory::enter(const std::string& place,
                                              const std::optional<FutureOwner>& future,
                                              std::string& reason) {
    const auto refuse = [&](Outcome outcome, const std::string& why) {
        reason = place + ": " + why;
        return outcome;
    };
    const auto end = walk_to_end(place, MissingFolders::Make);
    if (!end) {
        reason = end.error();
        return Outcome::Refused;
    }
    const int parent = end->folder.get();
    const char* name = end->name.c_str();
    is_new_ = mkdirat(parent, name, kFolderMode) == 0;
    folder_ = FileDescriptor(openat(parent, name, kFolder));
    struct stat status{};
    if (!folder_.valid() || fstat(folder_.get(), &status) != 0) {
        return refuse(Outcome::Refused, std::strerror(errno));
    }
    if (!is_of_ours(status, future)) {
        return refuse(Outcome::Refused,
                      "it belongs to " + user_text(status.st_uid) +
                          "; give it to the user that the server runs as, or name another one in "
                          "server.state");
    }
    path_ = place;
    if (is_new_) { fchmod(folder_.get(), kFolderMode); }  // whatever the umask
    if (!is_writable(parent, name)) { return refuse(Outcome::Readable, std::strerror(errno)); }
    // A file system that has no locks is no reason to keep nothing.
    if (flock(folder_.get(), LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK) {
        return refuse(Outcome::Readable, "another server holds it");
    }
    keeps_ = true;
    return Outcome::Held;
}

StateDirectory StateDirectory::open_to_read(const std::vector<std::string>& places) {
    StateDirectory state;
    const auto found = std::ranges::find_if(places, [](const std::string& place) {
        return is_directory(place) && is_writable(AT_FDCWD, place.c_str());
    });
    state.path_ = found == places.end() ? first_there(places) : *found;
    if (!state.path_.empty()) {
        state.folder_ =
            FileDescriptor(::open(state.path_.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
    }
    return state;
}

std::string StateDirectory::path_of(std::string_view name) const {
    return (fs::path(path_) / name).string();
}

FileDescriptor StateDirectory::folder_of(std::string_view folder) const {
    const std::string name = folder.empty() ? "." : std::string(folder);
    return FileDescriptor(openat(folder_.get(), name.c_str(), kFolder));
}

Result<FileReader, FileError> StateDirectory::open(std::string_view name,
                                                   std::size_t limit_octets) const {
    if (path_.empty()) {
        return Failure{FileError{FileFailure::Missing, "no state directory", {}}};
    }
    const StateName parts = split(name);
    if (parts.folder.empty()) {
        return FileReader::open_in(folder_.get(), parts.name, path_of(name), limit_octets);
    }
    const FileDescriptor folder = folder_of(parts.folder);
    if (folder.valid()) {
        return FileReader::open_in(folder.get(), parts.name, path_of(name), limit_octets);
    }
    const auto kind = errno == ENOENT ? FileFailure::Missing : FileFailure::Unreadable;
    const std::string reason = std::strerror(errno);
    return Failure{FileError{kind, "cannot read " + path_of(name) + ": " + reason, reason}};
}

Result<FileText, FileError> StateDirectory::read(std::string_view name,
                                                 std::size_t limit_octets) const {
    auto file = open(name, limit_octets);
    if (!file) { return Failure{file.error()}; }
    return read_file(std::move(file).value());
}

Result<Unit, std::string> StateDirectory::write_as(std::string_view name, std::string_view text,
                                                   Sync sync) const {
    MERIDIAN_ASSERT(keeps());
    const StateName parts = split(name);
    const bool is_new =
        !parts.folder.empty() && mkdirat(folder_.get(), parts.folder.c_str(), kFolderMode) == 0;
    const FileDescriptor folder = folder_of(parts.folder);
    if (!folder.valid() || (is_new && fchmod(folder.get(), kFolderMode) != 0)) {
        return Failure{"cannot write " + path_of(name) + ": " + std::strerror(errno)};
    }
    return write_private_file({folder.get(), parts.name, path_of(name)}, text, sync);
}

Result<Unit, std::string> StateDirectory::write(std::string_view name,
                                                std::string_view text) const {
    return write_as(name, text, Sync::Now);
}

Result<Unit, std::string> StateDirectory::write_unsynced(std::string_view name,
                                                         std::string_view text) const {
    return write_as(name, text, Sync::Later);
}

Result<Unit, std::string> StateDirectory::sync(std::string_view folder,
                                               const std::vector<std::string>& names) const {
    if (names.empty()) { return Unit{}; }
    const FileDescriptor opened = folder_of(folder);
    if (!opened.valid()) {
        return Failure{"cannot write " + path_of(folder) + ": " + std::strerror(errno)};
    }
    return sync_files(opened.get(), names, path_of(folder));
}

void StateDirectory::remove(std::string_view name) const {
    MERIDIAN_ASSERT(keeps());
    const StateName parts = split(name);
    const FileDescriptor folder = folder_of(parts.folder);
    // Where that fails, it is in nobody's way.
    if (folder.valid()) { unlinkat(folder.get(), parts.name.c_str(), 0); }
}

std::vector<std::string> StateDirectory::list(std::string_view folder) const {
    if (path_.empty()) { return {}; }
    std::vector<std::string> names = names_in(folder_of(folder));
    std::erase_if(names, [&](const std::string& name) { return !is_own_name(folder, name); });
    return names;
}

void StateDirectory::tidy() const {
    for (const std::string_view folder : {kLastGoodFolder, std::string_view()}) {
        const FileDescriptor opened = folder_of(folder);
        struct stat status{};
        if (!opened.valid() || fstat(opened.get(), &status) != 0) { continue; }
        if (!folder.empty() && (status.st_mode & kModeBits & ~kFolderMode) != 0) {
            [[maybe_unused]] const int outcome = fchmod(opened.get(), status.st_mode & kFolderMode);
        }
        for (const std::string& name : names_in(opened)) {
            if (is_own_name(folder, unfinished_of(name))) {
                unlinkat(opened.get(), name.c_str(), 0);
            } else if (is_own_name(folder, name)) {
                make_private(opened, name, status.st_uid);
            }
        }
    }
}

Result<Unit, std::string> StateDirectory::hand_over(const FutureOwner& owner) const {
    struct stat top{};
    if (!keeps() || fstat(folder_.get(), &top) != 0 || top.st_uid == owner.user_id) {
        return Unit{};
    }
    // What is empty or has been used before; /tmp or a home named by mistake does not pass.
    struct stat serials{};
    const bool is_used = open_own(folder_, std::string(kSerialsFile), serials).valid();
    const bool is_empty = names_in(folder_).size() == 2;  // "." and ".."
    if (top.st_uid != 0 || !(is_new_ || is_empty || is_used)) {
        return Failure{"the state directory " + path_ +
                       " is not handed over, since it holds what is not Meridian's; give it to the "
                       "user or name another one in server.state"};
    }
    for (const std::string_view folder : {kLastGoodFolder, std::string_view()}) {
        const FileDescriptor opened = folder_of(folder);
        for (const std::string& name : list(folder)) {
            struct stat status{};
            const FileDescriptor file = open_own(opened, name, status);
            if (file.valid()) { give(file, status, owner); }
        }
        struct stat status{};
        const bool known = opened.valid() && fstat(opened.get(), &status) == 0;
        if (known && !folder.empty()) { give(opened, status, owner); }
    }
    if (fchown(folder_.get(), owner.user_id, owner.group_id) != 0) {
        return Failure{"cannot hand over the state directory " + path_ + ": " +
                       std::strerror(errno)};
    }
    return Unit{};
}

bool StateDirectory::is_lost() const {
    struct stat held{};
    struct stat there{};
    if (!keeps() || fstat(folder_.get(), &held) != 0) { return false; }
    // A path that may not be looked at any more, root being given up, has not lost its end.
    if (stat(path_.c_str(), &there) != 0) { return errno == ENOENT || errno == ENOTDIR; }
    return held.st_dev != there.st_dev || held.st_ino != there.st_ino;
}

Result<Unit, std::string> StateDirectory::make_anew() {
    StateDirectory fresh = open_to_write({path_});
    if (!fresh.keeps()) { return Failure{fresh.problem()}; }
    *this = std::move(fresh);
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
