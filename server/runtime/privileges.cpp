// Gives up root once the ports are bound.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/privileges.h"

#include <grp.h>
#include <pwd.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace meridian::server {

bool is_root() {
    return geteuid() == 0;
}

Result<SystemUser, std::string> find_user(const std::string& name) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 16384> texts{};
    const int error = getpwnam_r(name.c_str(), &entry, texts.data(), texts.size(), &found);
    if (found == nullptr) {
        const std::string reason = error == 0 ? "" : std::string(": ") + std::strerror(error);
        return Failure{"there is no user called " + name + " on this system" + reason};
    }
    return SystemUser{name, entry.pw_uid, entry.pw_gid};
}

Result<Unit, std::string> become_user(const SystemUser& user) {
    // In this order: a process that is no longer root may not change its groups.
    if (initgroups(user.name.c_str(), user.group_id) != 0 ||
        setresgid(user.group_id, user.group_id, user.group_id) != 0 ||
        setresuid(user.user_id, user.user_id, user.user_id) != 0) {
        return Failure{"cannot become user " + user.name + ": " + std::strerror(errno)};
    }
    if (user.user_id != 0 && setuid(0) == 0) {
        return Failure{"became user " + user.name + ", but could become root again"};
    }
    return Unit{};
}

}  // namespace meridian::server
