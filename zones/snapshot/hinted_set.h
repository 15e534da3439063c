// Writes HTTPS records whose hints are the addresses that the same client gets.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "zones/snapshot/reply.h"

namespace meridian::zones {

/// Appends the records with the addresses of the client's region in place of hints that are written
/// `auto`, in the scope and with the TTL of these. Where the families come from different regions,
/// hints are left out: a client would take both for one place (RFC 9460 §7.3).
void append_hinted_set(Reply& reply, const HintedSet& set);

}  // namespace meridian::zones
