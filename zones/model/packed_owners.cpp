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

// What an owner begins with.
constexpr std::uint64_t kEndsInApex = 1;
constexpr std::uint64_t kIsSteered = 2;
constexpr std::uint64_t kHasSteerTtl = 4;
constexpr std::uint64_t kIsOneRecord = 8;  // one set of one: both numbers are left out

/// What the owners before leave to build upon. Neighbours are much alike, so each thing is told by
/// how it differs from the last one of its kind.
struct Before {
    std::array<std::uint8_t, kMaxNameOctets> name{};
    std::size_t name_octets = 0;
    std::uint32_t line = 0;
    TextPosition owner;
    TextPosition steer;
    TextPosition set;
    std::uint32_t ttl_seconds = 0;

    [[nodiscard]] Octets last_name() const { return Octets(name).first(name_octets); }
    void keep_name(Octets octets) {
        std::ranges::copy(octets, name.begin());
        name_octets = octets.size();
    }
};

bool is_same_but_for_line(const TextPosition& one, const TextPosition& other) {
    return one.column == other.column && one.length == other.length && one.file == other.file;
}

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
    /// How much of it the last name begins with as well, then the rest.
    void add_name(Octets name) {
        const Octets last = before_.last_name();
        const auto common = std::ranges::mismatch(name, last).in1 - name.begin();
        add_number(static_cast<std::uint64_t>(common));
        add(name.subspan(static_cast<std::size_t>(common)));
        before_.keep_name(name);
    }
    /// The line by how far it lies behind the last one, or before it.
    void add(const TextPosition& position, TextPosition Before::* kind) {
        const std::int64_t lines = std::int64_t{position.line} - before_.line;
        const std::uint64_t distance = lines < 0 ? static_cast<std::uint64_t>(-lines) * 2 - 1
                                                 : static_cast<std::uint64_t>(lines) * 2;
        const bool is_same = is_same_but_for_line(position, before_.*kind);
        add_number(distance << 1 | (is_same ? 1 : 0));
        if (!is_same) {
            for (const std::uint32_t number : {position.column, position.length, position.file}) {
                add_number(number);
            }
        }
        before_.line = position.line;
        before_.*kind = position;
    }
    void add(dns::Type type, std::uint32_t ttl_seconds) {
        const bool is_same = ttl_seconds == before_.ttl_seconds;
        add_number(static_cast<std::uint64_t>(type) << 1 | (is_same ? 1 : 0));
        if (!is_same) { add_number(ttl_seconds); }
        before_.ttl_seconds = ttl_seconds;
    }

private:
    std::vector<std::uint8_t>& octets_;
    Before before_;
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
    /// Good until the next one.
    Octets take_name() {
        const auto common = static_cast<std::size_t>(take_number());
        const Octets rest = take_octets();
        MERIDIAN_ASSERT(common + rest.size() <= before_.name.size());
        std::ranges::copy(rest, before_.name.begin() + static_cast<std::ptrdiff_t>(common));
        before_.name_octets = common + rest.size();
        return before_.last_name();
    }
    TextPosition take_position(TextPosition Before::* kind) {
        const std::uint64_t told = take_number();
        const std::uint64_t lines = told >> 1;
        const auto distance = static_cast<std::uint32_t>((lines + 1) / 2);
        TextPosition position = before_.*kind;
        position.line = lines % 2 == 1 ? before_.line - distance : before_.line + distance;
        if ((told & 1) == 0) {
            for (std::uint32_t* number : {&position.column, &position.length, &position.file}) {
                *number = take_u32();
            }
        }
        before_.line = position.line;
        before_.*kind = position;
        return position;
    }
    void take_type_and_ttl(dns::RecordSet& records) {
        const std::uint64_t told = take_number();
        records.type = static_cast<dns::Type>(told >> 1);
        if ((told & 1) == 0) { before_.ttl_seconds = take_u32(); }
        records.ttl_seconds = before_.ttl_seconds;
    }
    [[nodiscard]] bool is_whole() const { return !reader_.failed() && reader_.remaining() == 0; }

private:
    ByteReader reader_;
    Before before_;
};

bool ends_in(Octets name, Octets apex) {
    return name.size() >= apex.size() && std::ranges::equal(name.last(apex.size()), apex);
}

void pack(const Owner& owner, Octets apex, Packer& to) {
    const Octets name = owner.name.wire();
    const bool in_apex = ends_in(name, apex);
    const bool is_one_record =
        owner.sets.size() == 1 && owner.sets.front().records.records.size() == 1;
    to.add_number((in_apex ? kEndsInApex : 0) | (owner.steer ? kIsSteered : 0) |
                  (owner.steer_ttl_seconds != 0 ? kHasSteerTtl : 0) |
                  (is_one_record ? kIsOneRecord : 0));
    to.add_name(in_apex ? name.first(name.size() - apex.size()) : name);
    to.add(owner.position, &Before::owner);
    if (owner.steer) {
        to.add_number(*owner.steer);
        to.add(owner.steer_position, &Before::steer);
    }
    if (owner.steer_ttl_seconds != 0) { to.add_number(owner.steer_ttl_seconds); }
    if (!is_one_record) { to.add_number(owner.sets.size()); }
    for (const OwnedSet& set : owner.sets) {
        to.add(set.records.type, set.records.ttl_seconds);
        to.add(set.position, &Before::set);
        if (!is_one_record) { to.add_number(set.records.records.size()); }
        for (const dns::Rdata& rdata : set.records.records) {
            to.add(Octets(rdata));
        }
    }
}

dns::Name take_name(Unpacker& from, bool in_apex, Octets apex) {
    std::array<std::uint8_t, kMaxNameOctets> octets{};
    const Octets front = from.take_name();
    MERIDIAN_ASSERT(front.size() + (in_apex ? apex.size() : 0) <= octets.size());
    const auto behind = std::ranges::copy(front, octets.begin()).out;
    if (in_apex) { std::ranges::copy(apex, behind); }
    return dns::Name::from_wire(octets).value();
}

std::size_t take_count(Unpacker& from, bool is_one) {
    return is_one ? 1 : static_cast<std::size_t>(from.take_number());
}

OwnedSet take_set(Unpacker& from, bool is_one_record) {
    OwnedSet set;
    from.take_type_and_ttl(set.records);
    set.position = from.take_position(&Before::set);
    const std::size_t count = take_count(from, is_one_record);
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
    const bool is_one_record = (marks & kIsOneRecord) != 0;
    owner.name = take_name(from, (marks & kEndsInApex) != 0, apex);
    owner.position = from.take_position(&Before::owner);
    if ((marks & kIsSteered) != 0) {
        owner.steer = static_cast<std::size_t>(from.take_number());
        owner.steer_position = from.take_position(&Before::steer);
    }
    if ((marks & kHasSteerTtl) != 0) { owner.steer_ttl_seconds = from.take_u32(); }
    const std::size_t count = take_count(from, is_one_record);
    owner.sets.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        owner.sets.push_back(take_set(from, is_one_record));
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
