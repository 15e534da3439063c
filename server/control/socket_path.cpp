// Makes a Unix socket's path fit the 108 octets that its address has room for.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/socket_path.h"

#include <fcntl.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <utility>

namespace meridian::server {

namespace {

bool fits(const std::string& path) {
    return path.size() < sizeof(sockaddr_un::sun_path);  // and a final zero
}

std::string path_in(int directory, const std::string& path) {
    return "/proc/self/fd/" + std::to_string(directory) + "/" +
           std::filesystem::path(path).filename().string();
}

constexpr std::string_view kTooLong = "the name of the socket is too long";

}  // namespace

Result<SocketPath, std::string> SocketPath::open(const std::string& path) {
    if (fits(path)) { return SocketPath(path, -1); }
    const std::string directory = std::filesystem::path(path).parent_path().string();
    const int descriptor = ::open(directory.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) { return Failure{path + ": " + std::strerror(errno)}; }
    SocketPath result(path_in(descriptor, path), descriptor);
    if (!fits(result.usable_)) { return Failure{path + ": " + std::string(kTooLong)}; }
    return result;
}

Result<SocketPath, std::string> SocketPath::open_in(int directory, const std::string& path) {
    std::string usable = path_in(directory, path);
    if (access(("/proc/self/fd/" + std::to_string(directory)).c_str(), F_OK) != 0) {
        usable = path;
    }
    if (!fits(usable)) { return Failure{std::string(kTooLong)}; }
    return SocketPath(std::move(usable), -1);
}

SocketPath::SocketPath(std::string usable, int directory)
    : usable_(std::move(usable)), directory_(directory) {}

SocketPath::SocketPath(SocketPath&& other) noexcept
    : usable_(std::move(other.usable_)), directory_(std::exchange(other.directory_, -1)) {}

SocketPath& SocketPath::operator=(SocketPath&& other) noexcept {
    std::swap(usable_, other.usable_);
    std::swap(directory_, other.directory_);
    return *this;
}

SocketPath::~SocketPath() {
    if (directory_ >= 0) { close(directory_); }
}

}  // namespace meridian::server
