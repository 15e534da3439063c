// Opens the log's file, at the start and anew, and says who can get in the way.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

namespace meridian::server {

namespace {

namespace fs = std::filesystem;

/// Why the server may not write to a file or hand it over. Empty if it may.
std::string why_refused(const struct stat& file, bool is_sheltered, const PathRules& rules) {
    if (S_ISDIR(file.st_mode)) { return std::strerror(EISDIR); }
    // Lines in an ordinary file of another user do no harm, unless root hands it over.
    const bool has_to_be_ours = rules.trusted == Trusted::Root || !S_ISREG(file.st_mode);
    if (has_to_be_ours && !is_of_ours(file, rules)) {
        return "it belongs to " + user_text(file.st_uid);
    }
    if (!S_ISREG(file.st_mode)) {
        return is_sheltered ? "" : "it is no ordinary file, and others than root can have laid it";
    }
    return file.st_nlink == 1 ? "" : "it is a hard link, and has another name elsewhere";
}

/// The same for the file at the end of a path. A missing one is not refused.
std::string why_refused(const PathEnd& end, const PathRules& rules) {
    struct stat status{};
    if (fstatat(end.folder.get(), end.name.c_str(), &status, AT_SYMLINK_NOFOLLOW) != 0) {
        return errno == ENOENT ? "" : std::strerror(errno);
    }
    return why_refused(status, end.is_sheltered, rules);
}

/// The words for a file that cannot be opened, by `errno`.
std::string why_not_opened() {
    return errno == ENXIO ? "no program reads this named pipe" : std::strerror(errno);
}

std::string name_of(const std::string& user_text) {
    return user_text.substr(user_text.find(' ') + 1);
}

}  // namespace

Result<FileDescriptor, std::string> open_log_file(const std::string& path, const PathRules& rules) {
    const auto end = walk_to_end(path, MissingFolders::Refuse, rules.trusted);
    if (!end) { return Failure{end.error()}; }
    const auto failure = [&](const std::string& why) { return Failure{path + ": " + why}; };
    if (const std::string why = why_refused(*end, rules); !why.empty()) { return failure(why); }
    FileDescriptor file(openat(
        end->folder.get(), end->name.c_str(),
        O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC | O_NOCTTY | O_NONBLOCK | O_NOFOLLOW, 0640));
    struct stat status{};
    if (!file.valid() || fstat(file.get(), &status) != 0) { return failure(why_not_opened()); }
    // It may be another file by now.
    if (const std::string why = why_refused(status, end->is_sheltered, rules); !why.empty()) {
        return failure(why);
    }
    const std::optional<FutureOwner>& future = rules.future;
    if (geteuid() == 0 && future && S_ISREG(status.st_mode) && status.st_uid != future->user_id &&
        fchown(file.get(), future->user_id, future->group_id) != 0) {
        return failure(std::string("it cannot be handed over: ") + std::strerror(errno));
    }
    return file;
}

bool is_log_file(const std::string& path, const PathRules& rules, const FileDescriptor& file) {
    const auto end = walk_to_end(path, MissingFolders::Refuse, rules.trusted);
    struct stat there{};
    struct stat open{};
    return end && fstat(file.get(), &open) == 0 &&
           fstatat(end->folder.get(), end->name.c_str(), &there, AT_SYMLINK_NOFOLLOW) == 0 &&
           there.st_dev == open.st_dev && there.st_ino == open.st_ino &&
           why_refused(there, end->is_sheltered, rules).empty();
}

std::string why_log_file_is_refused(const std::string& path, const PathRules& rules) {
    const auto end = walk_to_end(path, MissingFolders::Refuse, rules.trusted);
    if (!end) { return end.error(); }
    const int folder = end->folder.get();
    std::string why = why_refused(*end, rules);
    struct stat status{};
    const bool is_there = fstatat(folder, end->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    const char* asked = is_there ? end->name.c_str() : ".";
    if (why.empty() && faccessat(folder, asked, is_there ? W_OK : W_OK | X_OK, AT_EACCESS) != 0) {
        why = std::strerror(errno);
    }
    return why.empty() ? why : path + ": " + why;
}

std::string closed_folder(const std::string& path) {
    fs::path folder;
    for (const fs::path& part : fs::path(path).parent_path()) {
        folder /= part;
        const bool is_closed = faccessat(AT_FDCWD, folder.c_str(), X_OK, AT_EACCESS) != 0;
        if (is_closed && errno == EACCES) { return folder.string(); }
    }
    return {};
}

std::string why_log_file_stays_away(const std::string& path) {
    const std::string user = user_text(geteuid());
    const std::string name = name_of(user);
    const std::string consequence = ", so the log cannot be made anew once it is rotated";
    if (const std::string closed = closed_folder(path); !closed.empty()) {
        // Having the file made for the user does not help: it cannot be reached.
        return user + " cannot reach the log file " + path + ": it may not enter " + closed + " (" +
               std::strerror(EACCES) + ")" + consequence + "; " +
               (fs::path(path).parent_path() == closed
                    ? "give that folder to the user (`chown " + name + " " + closed + "`)"
                    : "let every user enter it (`chmod a+x " + closed + "`)") +
               ", or have the log rotated without moving it (`copytruncate` of logrotate)";
    }
    const auto end = walk_to_end(path, MissingFolders::Refuse);
    if (!end) { return user + " cannot reach the log file " + end.error() + consequence; }
    struct stat status{};
    const bool is_there =
        fstatat(end->folder.get(), end->name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
    if (is_there && !S_ISREG(status.st_mode)) { return {}; }
    if (faccessat(end->folder.get(), ".", W_OK | X_OK, AT_EACCESS) == 0) { return {}; }
    const std::string reason = std::strerror(errno);
    const std::string folder = fs::path(path).parent_path().string();
    return user + " cannot make files in " + (folder.empty() ? "." : folder) + " (" + reason + ")" +
           consequence +
           "; let that user write there, or have the new file made for it (`create 0640 " + name +
           "` of logrotate)";
}

std::string why_log_file_is_exposed(const std::string& path) {
    const auto end = walk_to_end(path, MissingFolders::Refuse, Trusted::RootAndSelf);
    if (!end || end->exposed_by.empty()) { return {}; }
    return "other users can replace the log file " + path + ", since " + end->exposed_by +
           "; a link or another user's file in its place is refused when the log is opened anew, "
           "and at the next start; give the folder to root or to " +
           user_text(geteuid()) + ", and let no other user write to it";
}

}  // namespace meridian::server
