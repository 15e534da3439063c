// Finds the node of a domain name: a flat hash over whole lower-cased wire names.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/bytes.h"
#include "meridian/dns/name_hash.h"
#include "meridian/large_allocator.h"
#include "meridian/vectors.h"
#include "zones/snapshot/node.h"

namespace meridian::zones {

/// Buckets of one cache line, eight tags and their nodes each, linear to the next bucket. Filled by
/// the compiler, then only read; the hash is seeded so that nobody can choose colliding names.
class NameTable {
public:
    explicit NameTable(std::uint64_t seed);

    /// Expects lower case, as in all of this class.
    [[nodiscard]] std::uint64_t hash(std::span<const std::uint8_t> name) const {
        return dns::hash_name(name, seed_);
    }
    /// The node of exactly this name, or 0.
    [[nodiscard]] NodeId find(std::span<const std::uint8_t> name, std::uint64_t hash) const {
        for (std::size_t at = home(hash);; at = after(at)) {
            const Bucket& bucket = buckets_[at];
            for (unsigned tagged = tagged_slots(bucket, hash); tagged != 0; tagged &= tagged - 1) {
                const NodeId id = bucket.nodes[static_cast<unsigned>(std::countr_zero(tagged))];
                // A free slot may have the tag as well; node 0 has no name.
                if (same_octets(this->name(nodes_[id]), name)) { return id; }
            }
            if (bucket.nodes.back() == 0) { return 0; }
        }
    }
    [[nodiscard]] NodeId find(std::span<const std::uint8_t> name) const {
        return find(name, hash(name));
    }

    // A search among millions of names waits for memory four times. Whoever has several names to
    // find goes through all of them step by step instead, and the waiting overlaps.

    /// First the bucket.
    void prefetch_bucket(std::uint64_t hash) const { __builtin_prefetch(&buckets_[home(hash)]); }
    /// Then the node that `find` will most likely look at first; 0 where it is sure to find none in
    /// this bucket.
    [[nodiscard]] NodeId prefetch_node(std::uint64_t hash) const {
        const Bucket& bucket = buckets_[home(hash)];
        const unsigned tagged = tagged_slots(bucket, hash);
        if (tagged == 0) { return 0; }
        const NodeId id = bucket.nodes[static_cast<unsigned>(std::countr_zero(tagged))];
        __builtin_prefetch(&nodes_[id]);
        return id;
    }
    /// Then its name, which may lie across two lines.
    void prefetch_name(const Node& node) const {
        __builtin_prefetch(names_.data() + node.name_offset);
        __builtin_prefetch(names_.data() + node.name_offset + node.name_octets);
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
    [[nodiscard]] const NodeLinks& links(const Node& node) const { return links_[node.links]; }
    /// The node's links, made if it has none.
    [[nodiscard]] NodeLinks& add_links(NodeId id);
    [[nodiscard]] std::size_t node_count() const { return nodes_.size() - 1; }
    [[nodiscard]] std::size_t memory_octets() const;
    /// Gives back what growing left over.
    void shrink();

private:
    static constexpr std::size_t kSlots = 8;
    struct alignas(64) Bucket {
        std::array<std::uint32_t, kSlots> tags{};
        std::array<NodeId, kSlots> nodes{};  ///< Filled from the front; 0: free.
    };

    /// One bit for each slot of the bucket that has the tag of `hash`, its lower half. The upper
    /// half chooses the bucket, as a fraction of all, so that there may be any number of them.
    static unsigned tagged_slots(const Bucket& bucket, std::uint64_t hash) {
        const auto tag = static_cast<std::uint32_t>(hash);
#ifdef MERIDIAN_VECTORS
        const __m128i wanted = _mm_set1_epi32(static_cast<int>(tag));
        const auto* tags = reinterpret_cast<const __m128i*>(bucket.tags.data());
        const __m128i front = _mm_cmpeq_epi32(_mm_load_si128(tags), wanted);
        const __m128i back = _mm_cmpeq_epi32(_mm_load_si128(tags + 1), wanted);
        return static_cast<unsigned>(
            _mm_movemask_epi8(_mm_packs_epi16(_mm_packs_epi32(front, back), _mm_setzero_si128())));
#else
        unsigned tagged = 0;
        for (unsigned slot = 0; slot < kSlots; ++slot) {
            tagged |= static_cast<unsigned>(bucket.tags[slot] == tag) << slot;
        }
        return tagged;
#endif
    }
    [[nodiscard]] std::size_t home(std::uint64_t hash) const {
        return static_cast<std::size_t>(((hash >> 32) * bucket_count_) >> 32);
    }
    [[nodiscard]] std::size_t after(std::size_t bucket) const {
        return bucket + 1 == bucket_count_ ? 0 : bucket + 1;
    }
    void place(NodeId id, std::uint64_t hash);
    [[nodiscard]] static std::size_t capacity(std::size_t bucket_count);
    [[nodiscard]] static std::size_t bucket_count_for(std::size_t name_count);
    void rebuild(std::size_t bucket_count);

    std::uint64_t seed_;
    std::size_t bucket_count_;  ///< That of `buckets_`, which would be a subtraction away.
    LargeVector<Bucket> buckets_;
    LargeVector<Node> nodes_;
    LargeVector<std::uint8_t> names_;
    LargeVector<NodeLinks> links_;  ///< The first is that of the nodes that have none.
};

}  // namespace meridian::zones
