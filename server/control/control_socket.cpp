// Makes the file of the control socket, for its owner alone, in a directory that is held.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/control_socket.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>

#include "server/control/socket_path.h"

namespace meridian::server {

namespace {

using boost::asio::local::stream_protocol;
using boost::system::error_code;

constexpr mode_t kPrivateSocket = S_IRUSR | S_IWUSR;

std::string name_in(const std::string& path) {
    return std::filesystem::path(path).filename().string();
}

Failure<std::string> failure_of_system() {
    return Failure{std::string(std::strerror(errno))};
}

/// Reads the state of the file of this name; a link is not followed.
bool look_at(const FileDescriptor& directory, const std::string& name, struct stat& status) {
    return fstatat(directory.get(), name.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0;
}

/// Removes the file of this name if it is a socket; any other file is an error.
Result<Unit, std::string> remove_stale_socket(const FileDescriptor& directory,
                                              const std::string& name) {
    struct stat status{};
    if (!look_at(directory, name, status)) { return Unit{}; }  // bind() reports what is wrong
    if (!S_ISSOCK(status.st_mode)) { return Failure{std::string("something else is there")}; }
    if (unlinkat(directory.get(), name.c_str(), 0) != 0) { return failure_of_system(); }
    return Unit{};
}

/// Checks that the socket was bound in the directory, and allows its owner alone.
Result<struct stat, std::string> bound_socket(const FileDescriptor& directory,
                                              const std::string& name) {
    struct stat made{};
    if (!look_at(directory, name, made) || !S_ISSOCK(made.st_mode)) {
        return Failure{
            std::string("the path leads to another directory than the one that is open")};
    }
    constexpr mode_t kModeBits = 07777;
    if ((made.st_mode & kModeBits) == kPrivateSocket) { return made; }
    // The umask took a right of the owner, too.
    if (fchmodat(directory.get(), name.c_str(), kPrivateSocket, AT_SYMLINK_NOFOLLOW) != 0) {
        return failure_of_system();
    }
    return made;
}

/// Lets a group use the socket. Its path may lead elsewhere by now; the directory does not.
bool give_to_group(const FileDescriptor& directory, const std::string& name, std::uint32_t group) {
    constexpr mode_t kGroupSocket = kPrivateSocket | S_IRGRP | S_IWGRP;
    return fchownat(directory.get(), name.c_str(), static_cast<uid_t>(-1), group,
                    AT_SYMLINK_NOFOLLOW) == 0 &&
           fchmodat(directory.get(), name.c_str(), kGroupSocket, AT_SYMLINK_NOFOLLOW) == 0;
}

bool is_same(const struct stat& one, const struct stat& other) {
    return one.st_dev == other.st_dev && one.st_ino == other.st_ino;
}

Result<struct stat, std::string> bind_in(const FileDescriptor& directory, const std::string& path,
                                         stream_protocol::acceptor& acceptor,
                                         std::optional<std::uint32_t> group) {
    const auto address = SocketPath::open_in(directory.get(), path);
    if (!address) { return Failure{address.error()}; }
    const std::string name = name_in(path);
    const auto removed = remove_stale_socket(directory, name);
    if (!removed) { return Failure{removed.error()}; }
    error_code error;
    if (acceptor.open(stream_protocol(), error)) { return Failure{error.message()}; }
    close_in_programs(acceptor.native_handle());
    // Linux gives the file the mode of the socket, so that no mode is set by a path that may lead
    // elsewhere by then.
    if (fchmod(acceptor.native_handle(), kPrivateSocket) != 0) { return failure_of_system(); }
    if (acceptor.bind(stream_protocol::endpoint(address->usable()), error)) {
        return Failure{error.message()};
    }
    auto bound = bound_socket(directory, name);
    if (!bound) { return bound; }
    if (group && !give_to_group(directory, name, *group)) { return failure_of_system(); }
    // No client can connect before it listens, so it is never open to others, whatever the umask.
    if (acceptor.listen(stream_protocol::acceptor::max_listen_connections, error)) {
        return Failure{error.message()};
    }
    return bound;
}

}  // namespace

Result<struct stat, std::string> listen_in(const FileDescriptor& directory, const std::string& path,
                                           stream_protocol::acceptor& acceptor,
                                           std::optional<std::uint32_t> group) {
    auto bound = bind_in(directory, path, acceptor, group);
    if (!bound) { return Failure{path + ": " + bound.error()}; }
    return bound;
}

bool leads_to_socket(const std::string& path, const FileDescriptor& directory,
                     const struct stat& made) {
    struct stat there{};
    const auto address = SocketPath::open(path);
    if (address && lstat(address->usable().c_str(), &there) == 0) { return is_same(there, made); }
    return errno == EACCES && look_at(directory, name_in(path), there) && is_same(there, made);
}

void remove_socket(const FileDescriptor& directory, const std::string& path,
                   const struct stat& made) {
    const std::string name = name_in(path);
    struct stat there{};
    if (look_at(directory, name, there) && is_same(there, made)) {
        unlinkat(directory.get(), name.c_str(), 0);
    }
}

void close_in_programs(int socket) {
    fcntl(socket, F_SETFD, FD_CLOEXEC);
}

}  // namespace meridian::server
