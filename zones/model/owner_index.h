// Finds the owner of a name among those of a zone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// Numbers of owners by the hash of their names. The index does not store the vector of owners:
/// each call gets it. The hash has a random seed, so that no attacker can choose colliding names.
class OwnerIndex {
public:
    OwnerIndex();
    /// Adds all owners of a zone.
    explicit OwnerIndex(const std::vector<Owner>& owners);

    /// Returns the hash of `name`, in wire form and any case, and prefetches its slot: in a zone of
    /// millions of names most of the work is waiting for memory.
    [[nodiscard]] std::uint32_t prefetch(std::span<const std::uint8_t> name) const {
        const std::uint32_t name_hash = hash(name);
        __builtin_prefetch(&slots_[name_hash & (slots_.size() - 1)]);
        return name_hash;
    }
    [[nodiscard]] std::optional<std::size_t> find(const std::vector<Owner>& owners,
                                                  std::span<const std::uint8_t> name,
                                                  std::uint32_t name_hash) const;
    [[nodiscard]] std::optional<std::size_t> find(const std::vector<Owner>& owners,
                                                  std::span<const std::uint8_t> name) const {
        return find(owners, name, hash(name));
    }
    /// Reserves room for so many owners, so that adding them does not grow the index.
    void reserve(std::size_t owner_count);
    /// Adds one owner, the next one of the vector.
    void add(std::uint32_t name_hash);
    void add(std::span<const std::uint8_t> name) { add(hash(name)); }

private:
    struct Slot {
        std::uint32_t hash = 0;
        std::uint32_t number = 0;  // from 1; 0: free
    };
    [[nodiscard]] std::uint32_t hash(std::span<const std::uint8_t> name) const;
    void grow(std::size_t slot_count);
    void place(Slot slot);

    std::uint64_t seed_;
    std::vector<Slot> slots_;  // a power of two, at most half of them taken
    std::size_t count_ = 0;
};

}  // namespace meridian::zones
