// Finds the node of a name in its zone: a flat hash over the labels in front of the apex.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/bytes.h"
#include "meridian/dns/wire/name_hash.h"
#include "meridian/huge_pages.h"
#include "zones/snapshot/node.h"
#include "zones/snapshot/tag_table.h"

namespace meridian::zones {

/// The names of one zone as workers search them, in memory that belongs to the zone. A name is its
/// labels in front of the apex, in lower case and without the root label; the apex has none.
class NameTable {
public:
    /// The parts of a table, as they lie in memory.
    struct Parts {
        std::span<const TagBucket> buckets;
        std::span<const Node> nodes;  ///< The first one has a name that no search asks for.
        std::span<const std::uint8_t> names;
        std::span<const NodeLinks> links;  ///< The first one is for nodes without links.
    };

    NameTable() = default;
    NameTable(std::uint64_t seed, const Parts& parts)
        : seed_(seed),
          tags_(parts.buckets),
          nodes_(parts.nodes.data()),
          names_(parts.names.data()),
          links_(parts.links.data()) {}

    [[nodiscard]] std::uint64_t hash(std::span<const std::uint8_t> name) const {
        return dns::hash_name(name, seed_);
    }
    /// The node of exactly this name, or 0.
    [[nodiscard]] NodeId find(std::span<const std::uint8_t> name, std::uint64_t hash) const {
        return tags_.find(hash,
                          [&](NodeId id) { return same_octets(this->name(nodes_[id]), name); });
    }
    [[nodiscard]] NodeId find(std::span<const std::uint8_t> name) const {
        return find(name, hash(name));
    }

    // A search among millions of names waits for memory four times. A caller with several names
    // takes each step for all of them, so that the waits overlap.

    /// Step 1: the bucket.
    void prefetch_bucket(std::uint64_t hash) const { tags_.prefetch(hash); }
    /// Step 2: the node that `find` will most likely read first; 0 where this bucket has none.
    [[nodiscard]] NodeId prefetch_node(std::uint64_t hash) const {
        const NodeId id = tags_.likely(hash);
        __builtin_prefetch(&nodes_[id]);
        return id;
    }
    /// Step 3: its name, which may lie across two cache lines.
    void prefetch_name(const Node& node) const {
        __builtin_prefetch(names_ + node.name_offset);
        __builtin_prefetch(names_ + node.name_offset + node.name_octets);
    }

    [[nodiscard]] const Node& node(NodeId id) const { return nodes_[id]; }
    [[nodiscard]] std::span<const std::uint8_t> name(const Node& node) const {
        return {names_ + node.name_offset, node.name_octets};
    }
    [[nodiscard]] const NodeLinks& links(const Node& node) const { return links_[node.links]; }

private:
    std::uint64_t seed_ = 0;
    TagTable tags_;
    const Node* nodes_ = nullptr;
    const std::uint8_t* names_ = nullptr;
    const NodeLinks* links_ = nullptr;
};

/// Fills a table.
class NameTableBuilder {
public:
    explicit NameTableBuilder(std::uint64_t seed);

    /// Reserves room for so many names, so that adding them does not grow the table.
    void reserve(std::size_t name_count);
    /// The node of this name; makes it if it is new.
    NodeId insert(std::span<const std::uint8_t> name);
    [[nodiscard]] Node& node(NodeId id) { return nodes_[id]; }
    /// The node's links; makes them if it has none.
    [[nodiscard]] NodeLinks& add_links(NodeId id);
    /// Frees buckets that are not needed for the names that were added.
    void fit();

    [[nodiscard]] std::size_t node_count() const { return nodes_.size() - 1; }
    [[nodiscard]] NameTable::Parts parts() const { return {buckets_, nodes_, names_, links_}; }
    /// What was added so far; until the next name is added.
    [[nodiscard]] NameTable table() const { return {seed_, parts()}; }

private:
    void rebuild(std::size_t bucket_count);

    std::uint64_t seed_;
    LargeVector<TagBucket> buckets_;
    LargeVector<Node> nodes_;
    LargeVector<std::uint8_t> names_;
    LargeVector<NodeLinks> links_;
};

}  // namespace meridian::zones
