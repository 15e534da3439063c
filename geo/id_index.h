// Gives equal things one number, by their hash.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace meridian::geo {

/// A hash table with open addressing. It holds the numbers alone, the caller holds the things:
/// eight octets a slot, so that half a million places cost few cache misses (a std::unordered_map
/// doubled the time of compiling).
class IdIndex {
public:
    /// The number for which `is_same(number)` is true; where there is none, the thing gets
    /// `next_id`. Expects the low bits of `hash` to be well spread.
    template <typename IsSame>
    std::uint32_t find_or_insert(std::uint32_t hash, std::uint32_t next_id, IsSame&& is_same) {
        if ((count_ + 1) * 2 > slots_.size()) { grow(); }
        std::size_t slot = hash & (slots_.size() - 1);
        for (; slots_[slot].is_taken(); slot = (slot + 1) & (slots_.size() - 1)) {
            if (slots_[slot].hash == hash && is_same(slots_[slot].id)) { return slots_[slot].id; }
        }
        slots_[slot] = {hash, next_id};
        ++count_;
        return next_id;
    }

private:
    static constexpr std::uint32_t kFree = 0xffff'ffff;
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t id = kFree;
        [[nodiscard]] bool is_taken() const { return id != kFree; }
    };

    void grow() {
        std::vector<Slot> old(slots_.empty() ? 1024 : slots_.size() * 2);
        old.swap(slots_);
        for (const Slot& taken : old) {
            if (!taken.is_taken()) { continue; }
            std::size_t slot = taken.hash & (slots_.size() - 1);
            while (slots_[slot].is_taken()) {
                slot = (slot + 1) & (slots_.size() - 1);
            }
            slots_[slot] = taken;
        }
    }

    std::vector<Slot> slots_;
    std::size_t count_ = 0;
};

}  // namespace meridian::geo
