// Makes a Unix socket's path fit the 108 octets that its address has room for.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "meridian/result.h"

namespace meridian::server {

/// The control socket's name in the state directory.
inline constexpr std::string_view kControlSocket = "control.sock";

/// A path to bind or to connect to (unix(7): sun_path). A path that is too long is reached through
/// a descriptor of its directory, so this has to live until that is done.
class SocketPath {
public:
    /// The error is in words and names the path.
    static Result<SocketPath, std::string> open(const std::string& path);
    /// The same in `directory`, which outlives it, wherever the path leads by now. Without /proc it
    /// is the path; the caller checks after binding that the socket is in that directory. The error
    /// does not name the path.
    static Result<SocketPath, std::string> open_in(int directory, const std::string& path);
    SocketPath(SocketPath&& other) noexcept;
    SocketPath& operator=(SocketPath&& other) noexcept;
    ~SocketPath();

    [[nodiscard]] const std::string& usable() const { return usable_; }

private:
    SocketPath(std::string usable, int directory);
    std::string usable_;
    int directory_ = -1;
};

}  // namespace meridian::server
