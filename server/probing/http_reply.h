// Reads as much of a reply to an HTTP check as the check needs.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string_view>

#include "meridian/zones/model/health.h"
#include "server/probing/check_result.h"

namespace meridian::server {

/// Takes octets as they come, keeps no more than `limits.h` allows, and never throws. What no text
/// of the body can change is decided behind the header; a text is looked for in the first
/// `kMaxProbeBodyOctets` of the body. The check outlives it.
class HttpReply {
public:
    explicit HttpReply(const zones::HealthCheck& check);
    HttpReply(const HttpReply&) = delete;
    HttpReply& operator=(const HttpReply&) = delete;
    ~HttpReply();

    /// The result, once it is clear; none: more octets are needed. Not called after a result.
    std::optional<CheckResult> take(std::string_view octets);
    /// The address has closed the connection.
    CheckResult take_end();
    /// The code of the reply; 0: it has not come.
    [[nodiscard]] std::uint16_t status() const;

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace meridian::server
