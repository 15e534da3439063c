// Echoes UDP datagrams through io_uring, to compare it with recvmmsg and sendmmsg.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>

namespace meridian::bench {

/// Sends every datagram of the socket back with the QR bit set, padded to `reply_octets` (0: as
/// long as it came), until the process ends. Returns only when the kernel refuses a call, with the
/// reason.
///
/// One multishot receive fills buffers of a ring that the kernel shares; the replies to everything
/// received leave with the one system call that waits for more.
std::string echo_with_io_uring(int descriptor, std::size_t reply_octets);

}  // namespace meridian::bench
