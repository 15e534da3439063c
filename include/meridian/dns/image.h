// Holds records as finished wire bytes, ready to be copied behind a question.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/wire/record_set.h"
#include "meridian/limits.h"

namespace meridian::dns {

/// The last octet of the message at which an image may begin: behind the question and the aliases
/// of a chain, each with the DNAME that made it.
constexpr std::size_t kMaxImageStart =
    kHeaderOctets + (kMaxNameOctets + 4) + (kMaxCnameHops + 1) * 2 * (2 + 10 + kMaxNameOctets);
/// The last offset in an image at which a name may begin that pointers lead to: a pointer reaches
/// it in every message.
constexpr std::size_t kMaxOffsetInImage = kMaxCompressionOffset - kMaxImageStart;

/// Where a name begins, before the message is known: so many octets from the end of the owner's
/// name, of which it is a suffix, or so many from the beginning of the image.
///
/// ```
/// 1 1 0 | octets of the suffix, with the root label's (13)
/// 1 1 1 | offset in the image (13)
/// ```
/// The two highest bits are those of a compression pointer (RFC 1035 §4.1.4), so that a walk over
/// an image recognises a pointer by its first octet.
class NamePointer {
public:
    NamePointer() = default;  ///< Nowhere.
    static constexpr NamePointer suffix(std::size_t octets) { return NamePointer(kMark | octets); }
    /// Expects an offset of at most kMaxOffsetInImage.
    static constexpr NamePointer inside(std::size_t offset) {
        return NamePointer(kMark | kInside | offset);
    }
    /// The two octets that an image holds at each of its `pointers`.
    static constexpr NamePointer from_image(std::uint16_t value) { return NamePointer(value); }

    [[nodiscard]] constexpr bool is_somewhere() const { return value_ != 0; }
    [[nodiscard]] constexpr bool is_inside() const { return (value_ & kInside) != 0; }
    [[nodiscard]] constexpr std::uint16_t octets() const { return value_ & kOctets; }
    [[nodiscard]] constexpr std::uint16_t value() const { return value_; }

    friend bool operator==(NamePointer, NamePointer) = default;

private:
    static constexpr std::size_t kMark = 0xc000;
    static constexpr std::uint16_t kInside = 0x2000;
    static constexpr std::uint16_t kOctets = 0x1fff;
    static_assert(kMaxOffsetInImage <= kOctets);

    explicit constexpr NamePointer(std::size_t value) : value_(static_cast<std::uint16_t>(value)) {}

    std::uint16_t value_ = 0;
};

/// Records ready to be copied, seen in place (in a snapshot's arena).
///
/// ```
/// RR:  owner pointer (2) | TYPE CLASS TTL RDLENGTH (10) | RDATA
/// ```
/// Every record's owner is a compression pointer of two octets, which the writer sets when the
/// records stand for another owner than QNAME; or the root label, which is shorter and stays. Names
/// in RDATA of NS, CNAME, PTR, MX and SOA (RFC 3597 §4) end in a pointer as soon as their rest
/// stands in the owner or in an earlier record: these offsets are `pointers`, and hold a
/// NamePointer until the writer knows where the image begins. So one image fits any QNAME: exact,
/// wildcard or chained.
struct Image {
    std::span<const std::uint8_t> octets;
    std::span<const std::uint16_t> pointers;  ///< Offsets in `octets`, rising.
    std::uint16_t record_count = 0;
    /// The octets of each record when all have the same length and no pointer (such a set of A or
    /// AAAA may start at any record), else 0.
    std::uint16_t stride_octets = 0;
};

/// An image with its own memory, made at load time.
struct ImageBuffer {
    std::vector<std::uint8_t> octets;
    std::vector<std::uint16_t> pointers;
    std::uint16_t record_count = 0;
    std::uint16_t stride_octets = 0;

    [[nodiscard]] Image view() const { return {octets, pointers, record_count, stride_octets}; }
};

/// Whether the owners of an image are pointers, or are all the root.
enum class ImageOwner : std::uint8_t { Placed, Root };

/// Makes the image of a set. Its names are compressed against each other and against `suffix`,
/// which ends every owner that the image is for: the owner itself, or what stands behind the
/// asterisk of a wildcard, in wire form. The owner pointers are written as 0xC00C, the place of
/// QNAME. No value when the records exceed 65535 octets.
Result<ImageBuffer, Unit> make_image(const RecordSet& records, std::span<const std::uint8_t> suffix,
                                     ImageOwner owner = ImageOwner::Placed);

/// Where the RDATA of the first record begins: TTL and RDLENGTH stand in the six octets before.
/// Expects a record.
std::size_t first_rdata_at(const Image& image);

/// For each record, in order, where the name lies that the record points to (`target_name`). The
/// default pointer stands for a record without one, and for a name too far behind for a pointer.
/// Expects an image of this type.
std::vector<NamePointer> target_pointers(const Image& image, Type type);

/// The records of `image` with their owner written out in each, for owners that a pointer cannot
/// reach. The writer places such an image at QNAME, which leaves its owners unchanged; it has no
/// stride. Expects an image without pointers.
Result<ImageBuffer, Unit> make_owned_image(const Name& owner, const Image& image);

}  // namespace meridian::dns
