// Judges a packet that came back to the question of a check.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>

#include "meridian/zones/model/health.h"
#include "server/probing/check_result.h"

namespace meridian::server {

/// The result of a check whose question was sent as `message`; none where the packet is no reply to
/// it. Never throws.
std::optional<CheckResult> judge_dns_reply(std::span<const std::uint8_t> packet,
                                           std::span<const std::uint8_t> message,
                                           const zones::DnsQuestion& question);

}  // namespace meridian::server
