// Finds the owner of a name among those of a zone.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/owner_index.h"

#include <bit>

#include "meridian/assert.h"
#include "meridian/dns/wire/ascii_case.h"
#include "meridian/dns/wire/name_hash.h"
#include "meridian/huge_pages.h"

namespace meridian::zones {

namespace {

/// One seed for the process: a random device for each of ten thousand zones takes longer than
/// reading them.
std::uint64_t seed_of_process() {
    static const std::uint64_t seed = dns::random_hash_seed();
    return seed;
}

}  // namespace

OwnerIndex::OwnerIndex() : seed_(seed_of_process()), slots_(16) {}

OwnerIndex::OwnerIndex(const std::vector<Owner>& owners) : OwnerIndex() {
    for (const Owner& owner : owners) {
        add(owner.name.wire());
    }
}

std::optional<std::size_t> OwnerIndex::find(const std::vector<Owner>& owners,
                                            std::span<const std::uint8_t> name,
                                            std::uint32_t name_hash) const {
    for (std::size_t at = name_hash;; ++at) {
        const Slot& slot = slots_[at & (slots_.size() - 1)];
        if (slot.number == 0) { return {}; }
        if (slot.hash == name_hash && dns::same_name(owners[slot.number - 1].name.wire(), name)) {
            return slot.number - 1;
        }
    }
}

void OwnerIndex::add(std::uint32_t name_hash) {
    if (++count_ * 2 > slots_.size()) { grow(slots_.size() * 2); }
    place({name_hash, static_cast<std::uint32_t>(count_)});
}

void OwnerIndex::reserve(std::size_t owner_count) {
    const std::size_t slot_count = std::bit_ceil(owner_count * 2);
    if (slot_count > slots_.size()) { grow(slot_count); }
}

void OwnerIndex::grow(std::size_t slot_count) {
    std::vector<Slot> old;
    reserve_in_huge_pages(old, slot_count);
    old.resize(slot_count);
    old.swap(slots_);
    for (const Slot& slot : old) {
        if (slot.number != 0) { place(slot); }
    }
}

void OwnerIndex::place(Slot slot) {
    std::size_t at = slot.hash & (slots_.size() - 1);
    while (slots_[at].number != 0) {
        at = (at + 1) & (slots_.size() - 1);
    }
    slots_[at] = slot;
}

std::uint32_t OwnerIndex::hash(std::span<const std::uint8_t> name) const {
    return static_cast<std::uint32_t>(dns::hash_name(dns::LowerCasedName(name).wire(), seed_));
}

}  // namespace meridian::zones
