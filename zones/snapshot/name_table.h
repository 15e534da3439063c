// Finds the node of a domain name: a flat hash over whole lower-cased wire names.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <vector>

#include "meridian/dns/types.h"

namespace meridian::zones {

/// Index of a node; 0 means none.
using NodeId = std::uint32_t;

/// What one name has. Every existing name is a node, empty non-terminals too (RFC 4592 §2.2.2).
struct Node {
    std::uint32_t name_offset = 0;  ///< Into the table's names.
    std::uint32_t sets_begin = 0;   ///< Into SnapshotData::sets.
    NodeId wildcard = 0;            ///< The child "*" (RFC 4592 §2.1.1).
    std::uint32_t cut = 0;          ///< Delegation at or above the name; 0: none.
    std::uint16_t zone = 0;
    std::uint16_t set_count = 0;
    std::uint8_t name_octets = 0;
    bool redirects = false;  ///< Has a DNAME: names below it lie elsewhere (RFC 6672 §2.3).
};

/// Buckets of one cache line, eight slots of tag and node each, linear to the next bucket. Filled
/// by the compiler, then only read; the hash is seeded so that nobody can choose colliding names.
class NameTable {
public:
    explicit NameTable(std::uint64_t seed);

    /// Expects lower case, as in all of this class.
    [[nodiscard]] std::uint64_t hash(std::span<const std::uint8_t> name) const;
    void prefetch(std::uint64_t hash) const {
        __builtin_prefetch(&buckets_[(hash >> 32) & bucket_mask_]);
    }
    /// The node of exactly this name, or 0.
    [[nodiscard]] NodeId find(std::span<const std::uint8_t> name, std::uint64_t hash) const;
    [[nodiscard]] NodeId find(std::span<const std::uint8_t> name) const {
        return find(name, hash(name));
    }

    /// Makes room for so many names, so that taking them in moves nothing.
    void reserve(std::size_t name_count);
    /// The node of this name, made if it is new.
    NodeId insert(std::span<const std::uint8_t> name);

    [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id]; }
    [[nodiscard]] Node& node(NodeId id) { return nodes_[id]; }
    [[nodiscard]] std::span<const std::uint8_t> name(const Node& node) const {
        return {names_.data() + node.name_offset, node.name_octets};
    }
    [[nodiscard]] std::size_t node_count() const { return nodes_.size() - 1; }
    [[nodiscard]] std::size_t memory_octets() const;
    /// Gives back what growing left over.
    void shrink();

private:
    struct Slot {
        std::uint32_t tag = 0;
        NodeId node = 0;  ///< 0: free, and nothing lies in later buckets.
    };
    struct alignas(64) Bucket {
        std::array<Slot, 8> slots;
    };
    void place(NodeId id, std::uint64_t hash);
    [[nodiscard]] static std::size_t capacity(std::size_t bucket_count);
    void grow(std::size_t bucket_count);

    std::uint64_t seed_;
    std::vector<Bucket> buckets_;
    std::uint64_t bucket_mask_;
    std::vector<Node> nodes_;
    std::vector<std::uint8_t> names_;
};

}  // namespace meridian::zones
