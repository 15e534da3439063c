// Reads the OPT record of a query and writes that of its answer (RFC 6891).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "dns/wire/message_format.h"
#include "meridian/dns/edns.h"
#include "meridian/dns/types.h"

namespace meridian::dns {

/// Empties a slot that is used again.
void forget_edns(Edns& edns);
/// Forgets the options alone: a client may take the echo of an option to mean that the server
/// understood the option.
void forget_options(Edns& edns);

/// Reads the OPT record with these fields and RDATA. Returns false where it makes the query
/// malformed; `edns` then holds what was read before the fault. Any option that this server does
/// not know is passed over (RFC 6891 §6.1.2).
bool read_opt(std::span<const std::uint8_t, kRecordFixedOctets> fixed, bool has_root_owner,
              std::span<const std::uint8_t> rdata, Edns& edns);

/// Writes our own OPT record at the front of `octets`: 1232 octets, version 0, DO as it came (RFC
/// 3225 §3). Returns its length, which is that of `answer_opt_octets`. Expects an OPT in the query,
/// and room for that length.
std::size_t write_opt(std::span<std::uint8_t> octets, const Edns& edns, Rcode rcode,
                      const AnswerOptions& answer);

}  // namespace meridian::dns
