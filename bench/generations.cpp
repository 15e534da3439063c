// Finds which version of a zone an answer comes from, where the zone writes it into its addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include "bench/generations.h"

#include <cstddef>

#include "bench/query_source.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::bench {

namespace {

constexpr std::uint16_t kTypeA = 1;
constexpr std::size_t kFixedOctets = 10;  // of a record: type, class, TTL, RDLENGTH

/// The position behind the name at `position`; the end of the message when the name has no end.
std::size_t skip_name(std::span<const std::uint8_t> message, std::size_t position) {
    while (position < message.size()) {
        const std::uint8_t octet = message[position];
        if (octet == 0) { return position + 1; }
        if (octet >= 0xc0) { return position + 2; }
        position += octet + std::size_t{1};
    }
    return message.size();
}

}  // namespace

void Generations::add(std::span<const std::uint8_t> reply) {
    std::size_t position = kHeaderOctets + question_of(reply).size();
    std::uint32_t generation = 0;
    bool any = false;
    for (std::uint16_t left = load_u16(reply, 6); left > 0; --left) {
        position = skip_name(reply, position);
        if (position + kFixedOctets + 4 > reply.size()) { break; }
        const std::uint16_t octets = load_u16(reply, position + 8);
        const std::size_t data = position + kFixedOctets;
        if (load_u16(reply, position) == kTypeA) {
            const std::uint32_t here = load_u16(reply, data + 1);
            if (any && here != generation) {
                ++mixed_;
                return;
            }
            generation = here;
            any = true;
        }
        position = data + octets;
    }
    ++(any ? seen_[generation] : without_);
}

std::string Generations::to_json() const {
    std::string text = "\"mixed\": " + std::to_string(mixed_) +
                       ", \"without_address\": " + std::to_string(without_) +
                       ", \"generations\": {";
    const char* separator = "";
    for (std::size_t generation = 0; generation < seen_.size(); ++generation) {
        if (seen_[generation] == 0) { continue; }
        text += separator + ("\"" + std::to_string(generation)) +
                "\": " + std::to_string(seen_[generation]);
        separator = ", ";
    }
    return text + "}";
}

}  // namespace meridian::bench
