// Finds the node of a domain name: a flat hash over whole lower-cased wire names.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/name_table.h"

#include <limits>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/dns/name_hash.h"

namespace meridian::zones {
NameTable::NameTable(std::uint64_t seed) : seed_(seed), buckets_(1), bucket_mask_(0), nodes_(1) {}

std::uint64_t NameTable::hash(std::span<const std::uint8_t> name) const {
    return dns::hash_name(name, seed_);
}

NodeId NameTable::find(std::span<const std::uint8_t> name, std::uint64_t hash) const {
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::uint64_t at = hash >> 32;; ++at) {
        for (const Slot& slot : buckets_[at & bucket_mask_].slots) {
            if (slot.node == 0) { return 0; }
            if (slot.tag != tag) { continue; }
            const Node& candidate = nodes_[slot.node];
            if (same_octets(this->name(candidate), name)) { return slot.node; }
        }
    }
}

NodeId NameTable::insert(std::span<const std::uint8_t> name) {
    const std::uint64_t name_hash = hash(name);
    if (const NodeId existing = find(name, name_hash); existing != 0) { return existing; }
    if (nodes_.size() >= capacity(buckets_.size())) { grow(2 * buckets_.size()); }

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

void NameTable::place(NodeId id, std::uint64_t hash) {
    for (std::uint64_t at = hash >> 32;; ++at) {
        for (Slot& slot : buckets_[at & bucket_mask_].slots) {
            if (slot.node != 0) { continue; }
            slot = {static_cast<std::uint32_t>(hash), id};
            return;
        }
    }
}

/// At most three quarters full, so that every search meets a free slot soon.
std::size_t NameTable::capacity(std::size_t bucket_count) {
    return bucket_count * std::tuple_size_v<decltype(Bucket::slots)> / 4 * 3;
}

void NameTable::reserve(std::size_t name_count) {
    nodes_.reserve(name_count + 1);
    std::size_t bucket_count = buckets_.size();
    while (capacity(bucket_count) <= name_count) {
        bucket_count *= 2;
    }
    if (bucket_count > buckets_.size()) { grow(bucket_count); }
}

void NameTable::grow(std::size_t bucket_count) {
    std::vector<Bucket>(bucket_count).swap(buckets_);
    bucket_mask_ = bucket_count - 1;
    for (NodeId id = 1; id < nodes_.size(); ++id) {
        place(id, hash(name(nodes_[id])));
    }
}

std::size_t NameTable::memory_octets() const {
    return buckets_.capacity() * sizeof(Bucket) + nodes_.capacity() * sizeof(Node) +
           names_.capacity();
}

void NameTable::shrink() {
    nodes_.shrink_to_fit();
    names_.shrink_to_fit();
}

}  // namespace meridian::zones
