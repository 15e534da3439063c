// Finds the node of a domain name: a flat hash over whole lower-cased wire names.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/name_table.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "meridian/assert.h"

namespace meridian::zones {
NameTable::NameTable(std::uint64_t seed)
    : seed_(seed), bucket_count_(1), buckets_(1), nodes_(1), links_(1) {}

NodeId NameTable::insert(std::span<const std::uint8_t> name) {
    const std::uint64_t name_hash = hash(name);
    if (const NodeId existing = find(name, name_hash); existing != 0) { return existing; }
    if (nodes_.size() > capacity(buckets_.size())) { rebuild(2 * buckets_.size()); }

    MERIDIAN_ASSERT(names_.size() + name.size() <= std::numeric_limits<std::uint32_t>::max());
    Node node;
    node.name_offset = static_cast<std::uint32_t>(names_.size());
    node.name_octets = static_cast<std::uint8_t>(name.size());
    names_.insert(names_.end(), name.begin(), name.end());
    nodes_.push_back(node);
    const auto id = static_cast<NodeId>(nodes_.size() - 1);
    place(id, name_hash);
    return id;
}

NodeLinks& NameTable::add_links(NodeId id) {
    Node& node = nodes_[id];
    if (node.links == 0) {
        node.links = static_cast<std::uint32_t>(links_.size());
        links_.emplace_back();
    }
    return links_[node.links];
}

void NameTable::place(NodeId id, std::uint64_t hash) {
    for (std::size_t at = home(hash);; at = after(at)) {
        Bucket& bucket = buckets_[at];
        const auto slot = static_cast<std::size_t>(
            std::find(bucket.nodes.begin(), bucket.nodes.end(), NodeId{0}) - bucket.nodes.begin());
        if (slot == kSlots) { continue; }
        bucket.tags[slot] = static_cast<std::uint32_t>(hash);
        bucket.nodes[slot] = id;
        return;
    }
}

/// At most three quarters full, so that every search meets a free slot soon.
std::size_t NameTable::capacity(std::size_t bucket_count) {
    return bucket_count * kSlots / 4 * 3;
}

std::size_t NameTable::bucket_count_for(std::size_t name_count) {
    return name_count / capacity(1) + 1;
}

void NameTable::reserve(std::size_t name_count) {
    nodes_.reserve(name_count + 1);
    const std::size_t bucket_count = bucket_count_for(name_count);
    if (bucket_count > buckets_.size()) { rebuild(bucket_count); }
}

void NameTable::rebuild(std::size_t bucket_count) {
    LargeVector<Bucket>(bucket_count).swap(buckets_);
    bucket_count_ = bucket_count;
    for (NodeId id = 1; id < nodes_.size(); ++id) {
        place(id, hash(name(nodes_[id])));
    }
}

std::size_t NameTable::memory_octets() const {
    return buckets_.capacity() * sizeof(Bucket) + nodes_.capacity() * sizeof(Node) +
           names_.capacity() + links_.capacity() * sizeof(NodeLinks);
}

void NameTable::shrink() {
    // Empty non-terminals may have doubled the buckets for the sake of the last few.
    const std::size_t bucket_count = bucket_count_for(node_count());
    if (buckets_.size() > bucket_count + bucket_count / 4) { rebuild(bucket_count); }
    nodes_.shrink_to_fit();
    names_.shrink_to_fit();
    links_.shrink_to_fit();
}

}  // namespace meridian::zones
