// Sets pointers in records that were copied into a message.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dns/wire/message_format.h"
#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {

/// The compression pointer to `target` (RFC 1035 §4.1.4).
inline std::uint16_t pointer_to(std::size_t target) {
    MERIDIAN_ASSERT(target <= kMaxCompressionOffset);
    return static_cast<std::uint16_t>(kPointerMark << 8 | target);
}

/// Octets of a record of an image before its RDATA: the owner is a pointer, or the root label.
inline std::size_t record_head_octets(std::span<const std::uint8_t> records, std::size_t at) {
    return kRecordFixedOctets + (records[at] == 0 ? 1 : kPointerOctets);
}

/// The octets of the whole record that begins at `at`.
inline std::size_t record_octets(std::span<const std::uint8_t> records, std::size_t at) {
    const std::size_t head_octets = record_head_octets(records, at);
    return head_octets + load_u16(records, at + head_octets - 2);  // RDLENGTH ends the head
}

/// Sets the owner of every record in `records`, each of which begins with a pointer; a root owner
/// does not change. Expects at least one record.
inline void place_owners(std::span<std::uint8_t> records, std::uint16_t owner) {
    const std::uint16_t pointer = pointer_to(owner);
    std::size_t offset = 0;
    if (records[0] == 0) { return; }
    do {
        store_u16(records, offset, pointer);
        const std::size_t rdata_octets =
            load_u16(records, offset + kPointerOctets + kRdataLengthAt);
        offset += kRecordHeadOctets + rdata_octets;
    } while (offset < records.size());
}

}  // namespace meridian::dns
