// Gives the state directory to the user that the process becomes.
//
// SPDX-License-Identifier: Apache-2.0
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "server/state/state_directory.h"
#include "server/state/state_files.h"

namespace meridian::server {

namespace {

/// A failure is reported when the new owner writes.
void give(const FileDescriptor& file, const struct stat& status, const FutureOwner& owner) {
    if (status.st_uid != 0) { return; }
    [[maybe_unused]] const int outcome = fchown(file.get(), owner.user_id, owner.group_id);
}

}  // namespace

std::string StateDirectory::why_not_handed_over(const FutureOwner& owner) const {
    struct stat top{};
    if (!folder_.valid() || fstat(folder_.get(), &top) != 0 || top.st_uid == owner.user_id) {
        return {};
    }
    // Empty, or used by Meridian before. /tmp or a home directory, named by mistake, is refused.
    struct stat serials{};
    const bool is_used = open_own(folder_, std::string(kSerialsFile), serials).valid();
    const std::vector<std::string> names = names_in(folder_);
    const bool is_empty = std::ranges::all_of(names, [](const std::string& name) {
        return name == "." || name == ".." || name == kLockFile;
    });
    if (top.st_uid == 0 && (is_new_ || is_empty || is_used)) { return {}; }
    return "the state directory " + path_ +
           " is not handed over, since it holds what is not Meridian's; give it to the user or "
           "name another one in server.state";
}

Result<Unit, std::string> StateDirectory::hand_over(const FutureOwner& owner) const {
    struct stat top{};
    if (!saves() || fstat(folder_.get(), &top) != 0 || top.st_uid == owner.user_id) {
        return Unit{};
    }
    if (std::string why = why_not_handed_over(owner); !why.empty()) {
        return Failure{std::move(why)};
    }
    for (const std::string_view folder : {kLastGoodFolder, std::string_view()}) {
        const FileDescriptor opened = folder_or_none(folder);
        for (const std::string& name : list(folder)) {
            struct stat status{};
            const FileDescriptor file = open_own(opened, name, status);
            if (file.valid()) { give(file, status, owner); }
        }
        struct stat status{};
        const bool known = opened.valid() && fstat(opened.get(), &status) == 0;
        if (known && !folder.empty()) { give(opened, status, owner); }
    }
    lock_.give(owner);
    if (fchown(folder_.get(), owner.user_id, owner.group_id) != 0) {
        return Failure{"cannot hand over the state directory " + path_ + ": " +
                       std::strerror(errno)};
    }
    return Unit{};
}

}  // namespace meridian::server
