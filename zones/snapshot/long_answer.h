// Writes the answers that take more than one finished image.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>

#include "meridian/dns/handler.h"
#include "meridian/dns/query.h"
#include "meridian/zones/answer.h"
#include "zones/snapshot/snapshot_data.h"

namespace meridian::zones {

/// What takes more than `write_reply` does. With a writer of its own: that of most queries is then
/// seen by nobody else, and lives in registers.
/// Returns the length of the reply.
std::size_t write_at_length(const SnapshotData& data, const dns::Request& request,
                            const dns::Query& query, const Found& found, AnswerState& state);

}  // namespace meridian::zones
