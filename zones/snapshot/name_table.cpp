// Finds the node of a name in its zone: a flat hash over the labels in front of the apex.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/name_table.h"

#include <limits>

#include "meridian/assert.h"

namespace meridian::zones {
namespace {

constexpr std::uint8_t kNoNameOctets = 0xff;  // longer than any name in front of an apex

}  // namespace

NameTableBuilder::NameTableBuilder(std::uint64_t seed)
    : seed_(seed), buckets_(1), nodes_(1), links_(1) {
    nodes_.front().name_octets = kNoNameOctets;
}

NodeId NameTableBuilder::insert(std::span<const std::uint8_t> name) {
    const std::uint64_t hash = dns::hash_name(name, seed_);
    if (const NodeId existing = table().find(name, hash); existing != 0) { return existing; }
    if (TagTable::is_full(node_count(), buckets_.size())) { rebuild(2 * buckets_.size()); }

    MERIDIAN_ASSERT(names_.size() + name.size() <= std::numeric_limits<std::uint32_t>::max());
    Node node;
    node.name_offset = static_cast<std::uint32_t>(names_.size());
    node.name_octets = static_cast<std::uint8_t>(name.size());
    names_.insert(names_.end(), name.begin(), name.end());
    nodes_.push_back(node);
    const auto id = static_cast<NodeId>(nodes_.size() - 1);
    TagTable::place(buckets_, id, hash);
    return id;
}

NodeLinks& NameTableBuilder::add_links(NodeId id) {
    Node& node = nodes_[id];
    if (node.links == 0) {
        node.links = static_cast<std::uint32_t>(links_.size());
        links_.emplace_back();
    }
    return links_[node.links];
}

void NameTableBuilder::reserve(std::size_t name_count) {
    nodes_.reserve(name_count + 1);
    const std::size_t bucket_count = TagTable::bucket_count_for(name_count);
    if (bucket_count > buckets_.size()) { rebuild(bucket_count); }
}

void NameTableBuilder::rebuild(std::size_t bucket_count) {
    LargeVector<TagBucket>(bucket_count).swap(buckets_);
    const NameTable names = table();
    for (NodeId id = 1; id < nodes_.size(); ++id) {
        TagTable::place(buckets_, id, names.hash(names.name(nodes_[id])));
    }
}

void NameTableBuilder::fit() {
    // Empty non-terminals may have doubled the buckets though only a few did not fit.
    const std::size_t bucket_count = TagTable::bucket_count_for(node_count());
    if (buckets_.size() > bucket_count + bucket_count / 4) { rebuild(bucket_count); }
}

}  // namespace meridian::zones
