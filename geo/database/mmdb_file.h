// Opens a MaxMind DB file as a private copy that no process can change.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/ip_address.h"
#include "meridian/result.h"

namespace meridian::geo {

/// A database in sealed memory: libmaxminddb maps what it opens, and a mapped file that is cut in
/// place kills the process. One thread at a time.
class MmdbFile {
public:
    /// The error is in words, without the path, which the caller adds.
    static Result<MmdbFile, std::string> open(const std::string& path);

    /// The family of the tree's addresses: V6 when it holds both.
    [[nodiscard]] Family family() const;
    [[nodiscard]] std::uint32_t node_count() const { return node_count_; }
    [[nodiscard]] std::string_view type() const;
    [[nodiscard]] std::uint64_t build_epoch() const;
    [[nodiscard]] std::span<const std::uint8_t> data_section() const { return data_section_; }

    /// A node's records. A record below node_count() is another node, node_count() itself means
    /// that nothing is known, and one above it is data.
    struct Node {
        std::uint64_t left = 0;
        std::uint64_t right = 0;
    };
    /// Expects `number` < node_count(). Not through the library, since tens of millions are read.
    [[nodiscard]] Node node(std::uint32_t number) const {
        MERIDIAN_ASSERT(number < node_count_);
        const std::size_t at = std::size_t{number} * record_bits_ / 4;
        const std::uint32_t front = load_u32(tree_, at);
        const std::uint32_t behind = load_u32(tree_, at + 4);
        if (record_bits_ == 24) { return {front >> 8, (front & 0xff) << 16 | behind >> 16}; }
        if (record_bits_ == 32) { return {front, behind}; }
        // Records of 28 bits: the octet in the middle has the upper four bits of both.
        return {(front & 0xf0) << 20 | front >> 8, (front & 0x0f) << 24 | behind >> 8};
    }

    /// The record at ::/96 of an IPv6 tree, or the one at which the path to it ends.
    [[nodiscard]] std::uint64_t v4_root() const;

    /// The offset of a record's data; none when it lies outside the data section.
    [[nodiscard]] std::optional<std::uint32_t> data_offset(std::uint64_t record) const {
        const std::uint64_t start = std::uint64_t{node_count_} + kSeparatorOctets;
        if (record < start || record - start >= data_section_.size()) { return {}; }
        return static_cast<std::uint32_t>(record - start);
    }

private:
    static constexpr std::size_t kSeparatorOctets = 16;  // between the tree and the data
    struct Handle;
    struct HandleDeleter {
        void operator()(Handle* handle) const;
    };
    explicit MmdbFile(std::unique_ptr<Handle, HandleDeleter> handle);
    std::unique_ptr<Handle, HandleDeleter> handle_;
    std::uint32_t node_count_;
    std::uint32_t record_bits_;
    std::span<const std::uint8_t> tree_;  // with the separator: a node is read as eight octets
    std::span<const std::uint8_t> data_section_;
};

}  // namespace meridian::geo
