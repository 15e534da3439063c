// Finds the node of a domain name: a flat hash over whole lower-cased wire names.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/snapshot/name_table.h"

#include <limits>

#include "meridian/assert.h"

namespace meridian::zones {
namespace {

// Odd constants with well-spread bits; their values carry no meaning.
constexpr std::uint64_t kMultiplier = 0xa0761d6478bd642f;
constexpr std::uint64_t kFinalMultiplier = 0xe7037ed1a0b428db;

/// Both halves of the 128-bit product, folded.
std::uint64_t fold_multiply(std::uint64_t left, std::uint64_t right) {
    __extension__ using Product = unsigned __int128;
    const Product product = static_cast<Product>(left) * right;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}

std::uint64_t load_word(const std::uint8_t* octets) {
    std::uint64_t word = 0;
    std::memcpy(&word, octets, sizeof word);
    return word;
}

}  // namespace

NameTable::NameTable(std::uint64_t seed) : seed_(seed), buckets_(1), bucket_mask_(0), nodes_(1) {}

std::uint64_t NameTable::hash(std::span<const std::uint8_t> name) const {
    std::uint64_t state = seed_ ^ name.size();
    const std::uint8_t* octets = name.data();
    std::size_t left = name.size();
    while (left >= 8) {
        state = fold_multiply(state ^ load_word(octets), kMultiplier);
        octets += 8;
        left -= 8;
    }
    if (left > 0) {
        // The last word overlaps the one before where there is one: no loop over single octets.
        std::uint64_t word = 0;
        if (name.size() >= 8) {
            word = load_word(octets + left - 8);
        } else {
            for (std::size_t i = 0; i < left; ++i) {
                word = (word << 8) | octets[i];
            }
        }
        state = fold_multiply(state ^ word, kMultiplier);
    }
    return fold_multiply(state, kFinalMultiplier);
}

NodeId NameTable::find(std::span<const std::uint8_t> name, std::uint64_t hash) const {
    const auto tag = static_cast<std::uint32_t>(hash);
    for (std::uint64_t at = hash >> 32;; ++at) {
        for (const Slot& slot : buckets_[at & bucket_mask_].slots) {
            if (slot.node == 0) { return 0; }
            if (slot.tag != tag) { continue; }
            const Node& candidate = nodes_[slot.node];
            if (candidate.name_octets == name.size() &&
                std::memcmp(names_.data() + candidate.name_offset, name.data(), name.size()) == 0) {
                return slot.node;
            }
        }
    }
}

NodeId NameTable::insert(std::span<const std::uint8_t> name) {
    const std::uint64_t name_hash = hash(name);
    if (const NodeId existing = find(name, name_hash); existing != 0) { return existing; }
    // At most three quarters full, so that every search meets a free slot soon.
    if (nodes_.size() * 4 >= buckets_.size() * 8 * 3) { grow(); }

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

void NameTable::grow() {
    std::vector<Bucket>(buckets_.size() * 2).swap(buckets_);
    bucket_mask_ = buckets_.size() - 1;
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
