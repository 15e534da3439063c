// Reads an answer of this server back into text.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"

namespace meridian::zones {

struct RecordText {
    dns::Name owner;
    dns::Type type{};
    std::uint32_t ttl_seconds = 0;
    std::optional<dns::Name> target = {};  ///< Of a CNAME.
    std::string text;                      ///< "www.beigel.example. 60 IN A 192.0.2.10"
};

struct MessageText {
    dns::Rcode rcode{};
    std::vector<RecordText> answer;
    std::vector<RecordText> authority;
    std::optional<std::uint8_t> scope_bits;  ///< Of the ECS option, when there is one.
};

/// Expects a message that AnswerWriter wrote; asserts that it is whole.
MessageText message_to_text(std::span<const std::uint8_t> message);

}  // namespace meridian::zones
