// Reads the presentation form of a name into a buffer, without allocating.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "meridian/dns/name.h"
#include "meridian/limits.h"

namespace meridian::dns {

constexpr bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/// A name in wire form while it is read.
class NameBuffer {
public:
    /// Reads a text as Name::parse does; `origin` is in wire form. The buffer holds the name unless
    /// an error is returned.
    std::optional<NameError> read(std::string_view text, std::span<const std::uint8_t> origin);

    [[nodiscard]] std::span<const std::uint8_t> wire() const {
        return std::span(octets_).first(count_);
    }

private:
    void take_plain(std::string_view& text);
    std::optional<NameError> add(std::string_view& text);
    std::optional<NameError> end_label();
    std::optional<NameError> end_with(std::span<const std::uint8_t> suffix);

    // The length of a label is checked after its last octet.
    std::array<std::uint8_t, kMaxNameOctets + 1 + kMaxLabelOctets + 1> octets_{};
    std::size_t label_at_ = 0;  // where the length of the current label goes
    std::size_t count_ = 1;     // the octets of it and of the labels before it
};

}  // namespace meridian::dns
