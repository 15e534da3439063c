// Reads names that we wrote into a message ourselves, through their compression pointers.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/message_name.h"

#include <algorithm>

#include "dns/wire/message_format.h"
#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/dns/name.h"
#include "meridian/limits.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

/// The label at `at`, or the one that a pointer at `at` leads to.
std::size_t label_at(Octets message, std::size_t at) {
    while (message[at] >= kPointerMark) {
        const std::size_t target = load_u16(message, at) & kMaxCompressionOffset;
        MERIDIAN_ASSERT(target < at);  // so the loop ends
        at = target;
    }
    return at;
}

std::size_t label_octets(Octets message, std::size_t at) {
    return std::size_t{1} + message[at];
}

}  // namespace

std::size_t offset_in_name(Octets message, std::size_t at, std::size_t skipped_octets) {
    at = label_at(message, at);
    while (skipped_octets > 0) {
        const std::size_t octets = label_octets(message, at);
        MERIDIAN_ASSERT(message[at] != 0 && octets <= skipped_octets);
        skipped_octets -= octets;
        at = label_at(message, at + octets);
    }
    return at;
}

void copy_front_of_name(Octets message, std::size_t at, std::span<std::uint8_t> front) {
    at = label_at(message, at);
    while (!front.empty()) {
        const std::size_t octets = label_octets(message, at);
        MERIDIAN_ASSERT(message[at] != 0 && octets <= front.size());
        const Octets label = message.subspan(at, octets);
        std::copy(label.begin(), label.end(), front.begin());
        front = front.subspan(octets);
        at = label_at(message, at + octets);
    }
}

bool is_same_name_at(Octets message, std::size_t left, std::size_t right) {
    for (;;) {
        left = label_at(message, left);
        right = label_at(message, right);
        if (left == right) { return true; }
        const std::size_t octets = label_octets(message, left);
        if (!same_name(message.subspan(left, octets), message.subspan(right, octets))) {
            return false;
        }
        if (message[left] == 0) { return true; }
        left += octets;
        right += octets;
    }
}

std::size_t shared_label_octets(Octets left, Octets right) {
    for (; !left.empty(); left = left.subspan(1U + left[0])) {
        while (right.size() > left.size()) {
            right = right.subspan(1U + right[0]);
        }
        if (same_name(left, right)) { return left.size(); }
    }
    return 0;
}

}  // namespace meridian::dns
