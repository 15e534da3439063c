// Writes the answers that take more than one finished image.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/dns/query.h"
#include "meridian/dns/transport/handler.h"
#include "meridian/zones/answer.h"
#include "zones/snapshot/choice.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

/// Writes all answers that `write_reply` leaves to it, and the outcome but for the zone. It has a
/// writer of its own, so that the compiler can hold that of `write_reply` in registers.
void write_at_length(const AnswerSources& sources, dns::Request& request, const dns::Query& query,
                     const Found& found, AnswerState& state);

}  // namespace meridian::zones
