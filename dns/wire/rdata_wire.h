// Checks RDATA in wire form against the fields of its type.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

#include "dns/wire/rdata_shape.h"
#include "meridian/bytes.h"
#include "meridian/dns/rdata.h"
#include "meridian/result.h"

namespace meridian::dns {

/// What is wrong, and in which field of the shape.
struct WireProblem {
    std::size_t field = 0;
    RdataError error;
};

/// Whether `wire` is made as `shape` says: every name whole and uncompressed, every field there and
/// inside its bounds, nothing behind the last one, digests as long as their kind makes them.
std::optional<WireProblem> check_wire(const Shape& shape, std::span<const std::uint8_t> wire);

/// Whether an alias of SVCB has parameters: it should have none, and clients ignore them (RFC 9460
/// §2.4.2). Expects `wire` to be made as `shape` says.
bool has_needless_parameters(const Shape& shape, std::span<const std::uint8_t> wire);

/// The octets of the next field, all checked; the error says what is wrong with them.
Result<std::span<const std::uint8_t>, RdataError> take_field(const Field& field,
                                                             ByteReader& reader);

/// The length of the name at the front of `octets`; 0 when there is none.
std::size_t name_octets(std::span<const std::uint8_t> octets);

}  // namespace meridian::dns
