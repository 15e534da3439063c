// Makes the file of the control socket, for its owner alone, in a directory that is held.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <sys/stat.h>

#include <boost/asio/local/stream_protocol.hpp>
#include <cstdint>
#include <optional>
#include <string>

#include "meridian/file_descriptor.h"
#include "meridian/result.h"

namespace meridian::server {

/// Has `acceptor` listen at the last part of `path` in `directory`, wherever `path` leads, with
/// mode 0600 from the beginning; a group that may use it, too, has it before the first client. A
/// socket that is there is replaced, and anything else is an error. Returns the state of the file;
/// the error is in words, with the path.
Result<struct stat, std::string> listen_in(const FileDescriptor& directory, const std::string& path,
                                           boost::asio::local::stream_protocol::acceptor& acceptor,
                                           std::optional<std::uint32_t> group = {});

/// Whether `path` leads to the socket that `listen_in` made. A socket of another server, which may
/// have the directory by now, does not count. Where this process may not go that way any more,
/// `directory` decides.
bool leads_to_socket(const std::string& path, const FileDescriptor& directory,
                     const struct stat& made);

/// Removes that socket from `directory`, and nothing else.
void remove_socket(const FileDescriptor& directory, const std::string& path,
                   const struct stat& made);

/// Asio opens sockets without close-on-exec; all other descriptors of the server have it.
void close_in_programs(int socket);

}  // namespace meridian::server
