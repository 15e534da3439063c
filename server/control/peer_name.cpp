// Names the user at the other end of a Unix domain socket.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/peer_name.h"

#include <pwd.h>
#include <sys/socket.h>

#include <vector>

namespace meridian::server {
namespace {

constexpr std::size_t kUserOctets = 16 << 10;  // of an entry of the user database

std::string user_name(uid_t user_id) {
    std::vector<char> buffer(kUserOctets);
    passwd entry{};
    passwd* found = nullptr;
    const int error = getpwuid_r(user_id, &entry, buffer.data(), buffer.size(), &found);
    if (error != 0 || found == nullptr) { return "uid " + std::to_string(user_id); }
    return found->pw_name;
}

}  // namespace

std::string author_of(int socket, const std::string& sudo_user) {
    ucred peer{};
    socklen_t octets = sizeof peer;
    if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &peer, &octets) != 0) { return "unknown"; }
    if (peer.uid == 0 && !sudo_user.empty()) { return sudo_user + " (sudo)"; }
    return user_name(peer.uid);
}

}  // namespace meridian::server
