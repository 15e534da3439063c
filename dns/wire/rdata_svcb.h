// Turns the SvcParams of SVCB and HTTPS between text and wire form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "dns/wire/rdata_token.h"

namespace meridian::dns {

/// A fault that makes a list of SvcParams malformed or inconsistent.
struct ParameterProblem {
    std::uint16_t key = 0;  ///< The parameter at fault.
    RdataError error;
};

/// Reads the remaining tokens, in any order, and writes them in the order of their keys (RFC 9460
/// §2.1, §2.2).
Refusal read_service_parameters(TokenCursor& cursor, Rdata& wire);

/// Checks the wire form: order, bounds and values of known keys, and that `mandatory` (RFC
/// 9460 §8) and `no-default-alpn` (§7.1.1) agree with the rest.
std::optional<ParameterProblem> check_service_parameters(std::span<const std::uint8_t> octets);

/// Expects octets in which check_service_parameters finds no fault.
std::string print_service_parameters(std::span<const std::uint8_t> octets);

}  // namespace meridian::dns
