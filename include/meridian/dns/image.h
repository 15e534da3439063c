// Holds records as finished wire bytes that only have to be copied behind a question.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/record_set.h"

namespace meridian::dns {

/// Records ready to be copied, seen in place (in a snapshot's arena).
///
/// ```
/// RR:  owner pointer (2) | TYPE CLASS TTL RDLENGTH (10) | RDATA
/// ```
/// Every record's owner is a compression pointer of two octets, which the writer sets when the
/// records stand for another owner than QNAME. Names in RDATA of NS, CNAME, PTR, MX and SOA (RFC
/// 3597 §4) that end in the zone's apex end in a pointer to it, which the writer sets too: these
/// places are `apex_pointers`. So one image fits any QNAME: exact, wildcard or chained.
struct Image {
    std::span<const std::uint8_t> octets;
    std::span<const std::uint16_t> apex_pointers;  ///< Offsets in `octets`, rising.
    std::uint16_t record_count = 0;
    /// Octets of each record when all have the same length and no apex pointer (A, AAAA: such a set
    /// may start at any record), else 0.
    std::uint16_t stride_octets = 0;
};

/// An image with its own memory, as made at load time.
struct ImageBuffer {
    std::vector<std::uint8_t> octets;
    std::vector<std::uint16_t> apex_pointers;
    std::uint16_t record_count = 0;
    std::uint16_t stride_octets = 0;

    [[nodiscard]] Image view() const {
        return {octets, apex_pointers, record_count, stride_octets};
    }
};

/// Makes the image of a set whose names are compressed against `apex`. The owner pointers are
/// written as 0xC00C, the place of QNAME, and so are the apex pointers. No value when the records
/// exceed 65535 octets.
Result<ImageBuffer, Unit> make_image(const RecordSet& records, const Name& apex);

/// The records of `image` under an owner of their own, such as glue: it is written out up to the
/// apex in each. Such an image goes into the additional section, with QNAME's placement as
/// `Placement::owner`, and has no stride. Expects an image of `make_image` without apex pointers:
/// addresses have none, nor do types newer than RFC 1035 (RFC 3597 §4).
Result<ImageBuffer, Unit> make_owned_image(const Name& owner, const Image& image, const Name& apex);

}  // namespace meridian::dns
