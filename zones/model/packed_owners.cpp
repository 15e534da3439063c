// Keeps the names of a zone small while nobody looks at them.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/packed_owners.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/large_pages.h"
#include "meridian/limits.h"

namespace meridian::zones {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::uint64_t kEndsInApex = 1;
constexpr std::uint64_t kIsSteered = 2;

/// Numbers of seven bits an octet, the lowest first; all but the last octet have their top bit set.
class Packer {
public:
    explicit Packer(std::vector<std::uint8_t>& octets) : octets_(octets) {}

    void add_number(std::uint64_t number) {
        for (; number >= 0x80; number >>= 7) {
            octets_.push_back(static_cast<std::uint8_t>(number | 0x80));
        }
        octets_.push_back(static_cast<std::uint8_t>(number));
    }
    void add(Octets octets) {
        add_number(octets.size());
        octets_.insert(octets_.end(), octets.begin(), octets.end());
    }
    /// Lines by how far they lie behind the last one, or before it.
    void add(const TextPosition& position) {
        const std::int64_t lines = std::int64_t{position.line} - line_;
        add_number(lines < 0 ? static_cast<std::uint64_t>(-lines) * 2 - 1
                             : static_cast<std::uint64_t>(lines) * 2);
        line_ = position.line;
        for (const std::uint32_t number : {position.column, position.length, position.file}) {
            add_number(number);
        }
    }

private:
    std::vector<std::uint8_t>& octets_;
    std::uint32_t line_ = 0;
};

class Unpacker {
public:
    explicit Unpacker(Octets octets) : reader_(octets) {}

    std::uint64_t take_number() {
        std::uint64_t number = 0;
        for (unsigned shift = 0;; shift += 7) {
            const std::uint8_t octet = reader_.read_u8();
            number |= std::uint64_t{octet & 0x7fU} << shift;
            if (octet < 0x80) { return number; }
        }
    }
    std::uint32_t take_u32() { return static_cast<std::uint32_t>(take_number()); }
    Octets take_octets() {
        const auto count = static_cast<std::size_t>(take_number());
        return reader_.read(count);
    }
    TextPosition take_position() {
        const std::uint64_t lines = take_number();
        const auto distance = static_cast<std::uint32_t>((lines + 1) / 2);
        line_ = lines % 2 == 1 ? line_ - distance : line_ + distance;
        TextPosition position{line_, 0, 0, 0};
        for (std::uint32_t* number : {&position.column, &position.length, &position.file}) {
            *number = take_u32();
        }
        return position;
    }
    [[nodiscard]] bool is_whole() const { return !reader_.failed() && reader_.remaining() == 0; }

private:
    ByteReader reader_;
    std::uint32_t line_ = 0;
};

bool ends_in(Octets name, Octets apex) {
    return name.size() >= apex.size() && std::ranges::equal(name.last(apex.size()), apex);
}

void pack(const Owner& owner, Octets apex, Packer& to) {
    const Octets name = owner.name.wire();
    const bool in_apex = ends_in(name, apex);
    to.add_number((in_apex ? kEndsInApex : 0) | (owner.steer ? kIsSteered : 0));
    to.add(in_apex ? name.first(name.size() - apex.size()) : name);
    to.add(owner.position);
    if (owner.steer) {
        to.add_number(*owner.steer);
        to.add(owner.steer_position);
    }
    to.add_number(owner.steer_ttl_seconds);
    to.add_number(owner.sets.size());
    for (const OwnedSet& set : owner.sets) {
        to.add_number(static_cast<std::uint64_t>(set.records.type));
        to.add_number(set.records.ttl_seconds);
        to.add(set.position);
        to.add_number(set.records.records.size());
        for (const dns::Rdata& rdata : set.records.records) {
            to.add(Octets(rdata));
        }
    }
}

dns::Name take_name(Unpacker& from, bool in_apex, Octets apex) {
    std::array<std::uint8_t, kMaxNameOctets> octets{};
    const Octets front = from.take_octets();
    MERIDIAN_ASSERT(front.size() + (in_apex ? apex.size() : 0) <= octets.size());
    const auto behind = std::ranges::copy(front, octets.begin()).out;
    if (in_apex) { std::ranges::copy(apex, behind); }
    return dns::Name::from_wire(octets).value();
}

OwnedSet take_set(Unpacker& from) {
    OwnedSet set;
    set.records.type = static_cast<dns::Type>(from.take_number());
    set.records.ttl_seconds = from.take_u32();
    set.position = from.take_position();
    const auto count = static_cast<std::size_t>(from.take_number());
    set.records.records.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const Octets rdata = from.take_octets();
        set.records.records.emplace_back(rdata.begin(), rdata.end());
    }
    return set;
}

Owner take_owner(Unpacker& from, Octets apex) {
    Owner owner;
    const std::uint64_t marks = from.take_number();
    owner.name = take_name(from, (marks & kEndsInApex) != 0, apex);
    owner.position = from.take_position();
    if ((marks & kIsSteered) != 0) {
        owner.steer = static_cast<std::size_t>(from.take_number());
        owner.steer_position = from.take_position();
    }
    owner.steer_ttl_seconds = from.take_u32();
    const auto count = static_cast<std::size_t>(from.take_number());
    owner.sets.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        owner.sets.push_back(take_set(from));
    }
    return owner;
}

}  // namespace

PackedOwners::PackedOwners(const std::vector<Owner>& owners, const dns::Name& apex)
    : count_(owners.size()) {
    Packer packer(octets_);
    for (const Owner& owner : owners) {
        pack(owner, apex.wire(), packer);
    }
    octets_.shrink_to_fit();
}

std::vector<Owner> PackedOwners::unpack(const dns::Name& apex) const {
    std::vector<Owner> owners;
    reserve_in_large_pages(owners, count_);
    Unpacker unpacker(octets_);
    for (std::size_t i = 0; i < count_; ++i) {
        owners.push_back(take_owner(unpacker, apex.wire()));
    }
    MERIDIAN_ASSERT(unpacker.is_whole());  // nobody but the packer writes these octets
    return owners;
}

}  // namespace meridian::zones
