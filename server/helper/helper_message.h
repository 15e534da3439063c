// Writes and reads the messages between the server and its helper.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "server/helper/command.h"

namespace meridian::server {

// A message is one packet of a pair of sockets, so that it comes whole or not at all. Integers are
// in network order, texts have their length in front.

/// What the server asks for.
struct HelperRequest {
    enum class Kind : std::uint8_t { Run = 1, Cancel = 2 };
    Kind kind = Kind::Run;
    std::uint32_t id = 0;
    std::uint16_t command = 0;  ///< Its number among those that the helper was started with.
    std::uint32_t timeout_milliseconds = 0;
    CommandValues values = {};
    friend bool operator==(const HelperRequest&, const HelperRequest&) = default;
};

/// What became of a request of the kind Run, once.
struct HelperReply {
    std::uint32_t id = 0;
    CommandOutcome outcome = {};
};

/// The longest message of either kind.
inline constexpr std::size_t kMaxHelperMessageOctets = 8192;

/// Values that are too long are cut.
std::vector<std::uint8_t> write_request(const HelperRequest& request);
std::vector<std::uint8_t> write_reply(const HelperReply& reply);
/// None for what `write_request` and `write_reply` never write.
std::optional<HelperRequest> read_request(std::span<const std::uint8_t> message);
std::optional<HelperReply> read_reply(std::span<const std::uint8_t> message);

}  // namespace meridian::server
