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
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// Numbers of owners by the hash of their names, which stay where they are: the index does not know
/// the vector, so each call is given the one whose owners were added. Seeded, so that no file can
/// be made whose names collide.
class OwnerIndex {
public:
    OwnerIndex();
    /// With all owners of a zone.
    explicit OwnerIndex(const std::vector<Owner>& owners);

    /// Of `name` in wire form, in any case. Its place in the index is on its way from memory then:
    /// in a zone of millions of names, waiting for it is most of the work.
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
    /// Makes room for so many owners, so that taking them in moves nothing.
    void reserve(std::size_t owner_count);
    /// Takes in one owner more, which stands behind those that are in.
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
