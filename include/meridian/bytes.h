// Reads and writes big-endian integers within checked bounds.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "meridian/assert.h"

namespace meridian {

/// The integer in network order at `offset`. Expects it to lie inside `bytes`.
inline std::uint16_t load_u16(std::span<const std::uint8_t> bytes, std::size_t offset) {
    MERIDIAN_ASSERT(offset + 2 <= bytes.size());
    return static_cast<std::uint16_t>((bytes[offset] << 8) | bytes[offset + 1]);
}

inline std::uint32_t load_u32(std::span<const std::uint8_t> bytes, std::size_t offset) {
    MERIDIAN_ASSERT(offset + 4 <= bytes.size());
    return (static_cast<std::uint32_t>(bytes[offset]) << 24) |
           (static_cast<std::uint32_t>(bytes[offset + 1]) << 16) |
           (static_cast<std::uint32_t>(bytes[offset + 2]) << 8) |
           static_cast<std::uint32_t>(bytes[offset + 3]);
}

inline void store_u16(std::span<std::uint8_t> bytes, std::size_t offset, std::uint16_t value) {
    MERIDIAN_ASSERT(offset + 2 <= bytes.size());
    bytes[offset] = static_cast<std::uint8_t>(value >> 8);
    bytes[offset + 1] = static_cast<std::uint8_t>(value);
}

inline void store_u32(std::span<std::uint8_t> bytes, std::size_t offset, std::uint32_t value) {
    MERIDIAN_ASSERT(offset + 4 <= bytes.size());
    bytes[offset] = static_cast<std::uint8_t>(value >> 24);
    bytes[offset + 1] = static_cast<std::uint8_t>(value >> 16);
    bytes[offset + 2] = static_cast<std::uint8_t>(value >> 8);
    bytes[offset + 3] = static_cast<std::uint8_t>(value);
}

/// Walks over bytes that somebody else wrote. A read past the end gives zero and sets `failed`,
/// which stays set, so a parser may read a whole structure and ask once.
class ByteReader {
public:
    explicit ByteReader(std::span<const std::uint8_t> bytes) : bytes_(bytes) {}

    [[nodiscard]] bool failed() const { return failed_; }
    [[nodiscard]] std::size_t position() const { return position_; }
    [[nodiscard]] std::size_t remaining() const { return bytes_.size() - position_; }

    std::uint8_t read_u8() {
        const auto field = read(1);
        return field.empty() ? std::uint8_t{0} : field[0];
    }
    std::uint16_t read_u16() {
        const auto field = read(2);
        return field.empty() ? std::uint16_t{0} : load_u16(field, 0);
    }
    std::uint32_t read_u32() {
        const auto field = read(4);
        return field.empty() ? std::uint32_t{0} : load_u32(field, 0);
    }
    /// The next `count` octets, or none when fewer are left.
    std::span<const std::uint8_t> read(std::size_t count) {
        if (count > remaining()) {
            failed_ = true;
            return {};
        }
        const auto field = bytes_.subspan(position_, count);
        position_ += count;
        return field;
    }
    void skip(std::size_t count) { (void)read(count); }

private:
    std::span<const std::uint8_t> bytes_;
    std::size_t position_ = 0;
    bool failed_ = false;
};

}  // namespace meridian
