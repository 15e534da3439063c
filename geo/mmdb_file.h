// Opens a MaxMind DB file as a private copy that nobody can change.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "meridian/ip_prefix.h"
#include "meridian/result.h"

namespace meridian::geo {

/// A database in sealed memory: libmaxminddb maps what it opens, and a mapped file that is cut in
/// place kills the process. One thread at a time.
class MmdbFile {
public:
    /// The error is in words and leaves the path to the caller.
    static Result<MmdbFile, std::string> open(const std::string& path);

    /// What the addresses of the tree are: V6 when it holds both.
    [[nodiscard]] Family family() const;
    [[nodiscard]] std::uint32_t node_count() const;
    [[nodiscard]] std::string_view type() const;
    [[nodiscard]] std::uint64_t build_epoch() const;
    [[nodiscard]] std::span<const std::uint8_t> data_section() const;

    /// A node's records: below node_count() another node, node_count() itself nothing, above it
    /// data.
    struct Node {
        std::uint64_t left = 0;
        std::uint64_t right = 0;
    };
    /// Expects `number` < node_count().
    [[nodiscard]] Node node(std::uint32_t number) const;

    /// The record at ::/96 of an IPv6 tree, or the one that ends the way there.
    [[nodiscard]] std::uint64_t v4_root() const;

    /// Where the data of a record begins; nothing when it lies outside the data section.
    [[nodiscard]] std::optional<std::uint32_t> data_offset(std::uint64_t record) const;

private:
    struct Handle;
    struct HandleDeleter {
        void operator()(Handle* handle) const;
    };
    explicit MmdbFile(std::unique_ptr<Handle, HandleDeleter> handle);
    std::unique_ptr<Handle, HandleDeleter> handle_;
};

}  // namespace meridian::geo
