// Writes entries of the journal as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/journal_json.h"

#include <boost/json.hpp>

#include "server/control/json_fields.h"

namespace meridian::server {

boost::json::object journal_entry_json(const JournalEntry& entry) {
    using boost::json::value;
    return {{"at", entry.at},
            {"kind", to_text(entry.kind)},
            {"subject", text_or_null(entry.subject)},
            {"state", text_or_null(entry.state)},
            {"before", text_or_null(entry.before)},
            {"detail", text_or_null(entry.detail)},
            {"region", text_or_null(entry.region)},
            {"service", text_or_null(entry.service)},
            {"file", text_or_null(entry.file)},
            {"until", entry.until == 0 ? value(nullptr) : value(entry.until)},
            {"author", text_or_null(entry.author)},
            {"cause", text_or_null(entry.cause)}};
}

}  // namespace meridian::server
