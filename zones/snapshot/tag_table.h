// Finds numbers by the hash of their name: a flat table of tags.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/bytes.h"

namespace meridian::zones {

/// One cache line: eight numbers above 0, filled from the front, with the lower half of the hash of
/// each; 0 is a free slot.
struct alignas(64) TagBucket {
    static constexpr std::size_t kSlots = 8;
    std::array<std::uint32_t, kSlots> tags{};
    std::array<std::uint32_t, kSlots> numbers{};
};

/// Searches buckets that it does not own; a number that found its bucket full lies in the next one.
/// The seed of the hash is unpredictable, so that no attacker can choose colliding names.
class TagTable {
public:
    TagTable() = default;
    /// Expects one bucket at least.
    explicit TagTable(std::span<const TagBucket> buckets)
        : buckets_(buckets.data()), bucket_count_(buckets.size()) {}

    /// The number with that hash for which `is_wanted` is true, or 0. `is_wanted` is asked about
    /// numbers in the table and about 0, which it has to deny: a free slot may have the tag as
    /// well.
    template <typename IsWanted>
    [[nodiscard]] std::uint32_t find(std::uint64_t hash, const IsWanted& is_wanted) const {
        for (std::size_t at = home(hash);; at = after(at)) {
            const TagBucket& bucket = buckets_[at];
            for (unsigned tagged = tagged_slots(bucket, hash); tagged != 0; tagged &= tagged - 1) {
                const std::uint32_t number =
                    bucket.numbers[static_cast<unsigned>(std::countr_zero(tagged))];
                if (is_wanted(number)) { return number; }
            }
            if (bucket.numbers.back() == 0) { return 0; }
        }
    }
    void prefetch(std::uint64_t hash) const { __builtin_prefetch(&buckets_[home(hash)]); }
    /// What `find` will most likely ask about first; 0 where the first bucket has none.
    [[nodiscard]] std::uint32_t likely(std::uint64_t hash) const {
        const TagBucket& bucket = buckets_[home(hash)];
        const unsigned tagged = tagged_slots(bucket, hash);
        return tagged == 0 ? 0 : bucket.numbers[static_cast<unsigned>(std::countr_zero(tagged))];
    }

    /// How many buckets hold so many numbers. They are at most three quarters full, so that every
    /// search meets a free slot soon.
    static std::size_t bucket_count_for(std::size_t count) { return count / kMostInBucket + 1; }
    /// Whether another number would fill the buckets too far.
    static bool is_full(std::size_t count, std::size_t bucket_count) {
        return count >= bucket_count * kMostInBucket;
    }
    /// Puts a number above 0 into a table that has room.
    static void place(std::span<TagBucket> buckets, std::uint32_t number, std::uint64_t hash) {
        const TagTable table(buckets);
        for (std::size_t at = table.home(hash);; at = table.after(at)) {
            TagBucket& bucket = buckets[at];
            const auto slot = static_cast<std::size_t>(
                std::find(bucket.numbers.begin(), bucket.numbers.end(), 0U) -
                bucket.numbers.begin());
            if (slot == TagBucket::kSlots) { continue; }
            bucket.tags[slot] = static_cast<std::uint32_t>(hash);
            bucket.numbers[slot] = number;
            return;
        }
    }

private:
    static constexpr std::size_t kMostInBucket = TagBucket::kSlots / 4 * 3;

    /// One bit for each slot of the bucket that has the tag of `hash`, its lower half. The upper
    /// half chooses the bucket, as a fraction of all, so that there may be any number of them.
    static unsigned tagged_slots(const TagBucket& bucket, std::uint64_t hash) {
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
        for (unsigned slot = 0; slot < TagBucket::kSlots; ++slot) {
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

    const TagBucket* buckets_ = nullptr;
    std::size_t bucket_count_ = 0;
};

}  // namespace meridian::zones
