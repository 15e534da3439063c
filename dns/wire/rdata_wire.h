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

/// A fault, and the field of the shape that has it.
struct WireProblem {
    std::size_t field = 0;
    RdataError error;
};

/// The first fault of `wire` by its `shape`: every name must be whole and uncompressed, every field
/// present and inside its bounds, nothing behind the last one, each digest as long as its kind
/// demands.
std::optional<WireProblem> check_wire(const Shape& shape, std::span<const std::uint8_t> wire);

/// Whether an alias of SVCB has parameters: it should have none, and clients ignore them (RFC 9460
/// §2.4.2). Expects `wire` to have that `shape`.
bool has_needless_parameters(const Shape& shape, std::span<const std::uint8_t> wire);

/// The octets of the next field, all checked; the error says what is wrong with them.
Result<std::span<const std::uint8_t>, RdataError> take_field(const Field& field,
                                                             ByteReader& reader);

/// The length of the name at the front of `octets`; 0 when there is none.
std::size_t name_octets(std::span<const std::uint8_t> octets);

}  // namespace meridian::dns
