// Writes entries of the journal as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/json/fwd.hpp>

#include "server/journal/journal_entry.h"

namespace meridian::server {

/// `at` in unix seconds, `kind`, `subject`, `state`, `before`, `detail`, `region`, `service`,
/// `file`, `until`, `author`, `cause`; null where there is none.
boost::json::object journal_entry_json(const JournalEntry& entry);

}  // namespace meridian::server
