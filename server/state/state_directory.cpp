// Saves files that survive a restart in one directory.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/state_directory.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

#include "meridian/assert.h"
#include "server/state/file_modes.h"
#include "server/state/state_files.h"

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

std::string belongs_to(const struct stat& status) {
    return "it belongs to " + user_text(status.st_uid);
}

}  // namespace

std::string StateDirectory::path_of(std::string_view name) const {
    return name.empty() ? path_ : (fs::path(path_) / name).string();
}

FileError StateDirectory::error_of(std::string_view name, FileFailure kind,
                                   const std::string& reason) const {
    return {kind, "cannot read " + path_of(name) + ": " + reason, reason};
}

Result<FileDescriptor, FileError> StateDirectory::folder_of(std::string_view folder) const {
    const std::string name = folder.empty() ? "." : std::string(folder);
    FileDescriptor opened(openat(folder_.get(), name.c_str(), kOpenFolder));
    struct stat status{};
    if (!opened.valid() || fstat(opened.get(), &status) != 0) {
        const auto kind = errno == ENOENT ? FileFailure::Missing : FileFailure::Unreadable;
        return Failure{error_of(folder, kind, std::strerror(errno))};
    }
    // The directory itself was judged when it was entered.
    if (!folder.empty() && !is_by_trusted_user(status, rules_.future)) {
        return Failure{error_of(folder, FileFailure::Unreadable, belongs_to(status))};
    }
    return opened;
}

FileDescriptor StateDirectory::folder_or_none(std::string_view folder) const {
    auto opened = folder_of(folder);
    return opened ? std::move(opened).value() : FileDescriptor();
}

Result<FileReader, FileError> StateDirectory::open(std::string_view name,
                                                   std::size_t limit_octets) const {
    if (path_.empty()) {
        return Failure{FileError{FileFailure::Missing, "no state directory", {}}};
    }
    const StateName parts = split_state_name(name);
    FileDescriptor folder;
    if (!parts.folder.empty()) {
        auto opened = folder_of(parts.folder);
        if (!opened) { return Failure{error_of(name, opened.error().kind, opened.error().reason)}; }
        folder = std::move(opened).value();
    }
    const int where = folder.valid() ? folder.get() : folder_.get();
    auto file = FileReader::open_in(where, parts.name, path_of(name), limit_octets);
    if (!file) { return file; }
    struct stat status{};
    if (fstat(file->descriptor(), &status) == 0 && is_by_trusted_user(status, rules_.future)) {
        return file;
    }
    return Failure{error_of(name, FileFailure::Unreadable, belongs_to(status))};
}

Result<FileText, FileError> StateDirectory::read(std::string_view name,
                                                 std::size_t limit_octets) const {
    auto file = open(name, limit_octets);
    if (!file) { return Failure{file.error()}; }
    return read_file(std::move(file).value());
}

Result<Unit, std::string> StateDirectory::write_as(std::string_view name, std::string_view text,
                                                   Sync sync) const {
    MERIDIAN_ASSERT(saves());
    const StateName parts = split_state_name(name);
    const mode_t mode = passing_group_ ? kPrivateFolder : kStateFolder;
    const bool is_new =
        !parts.folder.empty() && mkdirat(folder_.get(), parts.folder.c_str(), mode) == 0;
    const auto folder = folder_of(parts.folder);
    if (!folder) { return Failure{"cannot write " + path_of(name) + ": " + folder.error().reason}; }
    if (is_new && fchmod(folder->get(), mode) != 0) {
        return Failure{"cannot write " + path_of(name) + ": " + std::strerror(errno)};
    }
    return write_private_file({folder->get(), parts.name, path_of(name)}, text, sync);
}

Result<Unit, std::string> StateDirectory::write(std::string_view name,
                                                std::string_view text) const {
    return write_as(name, text, Sync::Now);
}

Result<Unit, std::string> StateDirectory::write_unsynced(std::string_view name,
                                                         std::string_view text) const {
    return write_as(name, text, Sync::Later);
}

Result<Unit, std::string> StateDirectory::append_unsynced(std::string_view name,
                                                          std::string_view text,
                                                          std::uint64_t octets) const {
    MERIDIAN_ASSERT(saves());
    struct stat status{};
    const FileDescriptor file = open_own(folder_, std::string(name), status, O_WRONLY | O_APPEND);
    const bool is_as_left = file.valid() && is_by_trusted_user(status, rules_.future) &&
                            static_cast<std::uint64_t>(status.st_size) == octets;
    if (!is_as_left) {
        return Failure{"cannot write " + path_of(name) + ": it is not as it was left"};
    }
    return append_to(file, text, octets, path_of(name));
}

Result<Unit, std::string> StateDirectory::sync(std::string_view folder,
                                               const std::vector<std::string>& names) const {
    if (names.empty()) { return Unit{}; }
    const auto opened = folder_of(folder);
    if (!opened) {
        return Failure{"cannot write " + path_of(folder) + ": " + opened.error().reason};
    }
    return sync_files(opened->get(), names, path_of(folder));
}

std::string StateDirectory::file_state(std::string_view name) const {
    struct stat status{};
    const FileDescriptor file = open_own(folder_, std::string(name), status, O_RDONLY);
    return file.valid() ? file_state_in(status) : std::string();
}

std::optional<std::uint64_t> StateDirectory::octets_of(std::string_view name) const {
    struct stat status{};
    const FileDescriptor file = open_own(folder_, std::string(name), status, O_RDONLY);
    if (!file.valid()) { return {}; }
    return static_cast<std::uint64_t>(status.st_size);
}

StateDirectory StateDirectory::for_thread() const {
    StateDirectory other;
    other.places_ = places_;
    other.rules_ = rules_;
    other.path_ = path_;
    other.folder_ = path_.empty() ? FileDescriptor() : share();
    other.saves_ = saves_;
    return other;
}

void StateDirectory::remove(std::string_view name) const {
    MERIDIAN_ASSERT(saves());
    const StateName parts = split_state_name(name);
    const FileDescriptor folder = folder_or_none(parts.folder);
    // A failure leaves a file that is not read any more.
    if (folder.valid()) { unlinkat(folder.get(), parts.name.c_str(), 0); }
}

std::vector<std::string> StateDirectory::list(std::string_view folder) const {
    if (path_.empty()) { return {}; }
    std::vector<std::string> names = names_in(folder_or_none(folder));
    std::erase_if(names, [&](const std::string& name) { return !is_own_name(folder, name); });
    return names;
}

FileDescriptor StateDirectory::share() const {
    return FileDescriptor(fcntl(folder_.get(), F_DUPFD_CLOEXEC, 0));
}

bool StateDirectory::is_lost() const {
    struct stat held{};
    struct stat there{};
    if (!saves() || fstat(folder_.get(), &held) != 0) { return false; }
    // After root is given up, the path may be inaccessible. Then the directory is not lost.
    if (stat(path_.c_str(), &there) != 0) { return errno == ENOENT || errno == ENOTDIR; }
    return held.st_dev != there.st_dev || held.st_ino != there.st_ino || !lock_.is_in(folder_);
}

}  // namespace meridian::server
