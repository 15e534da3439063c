// Tells what a load or reload came to.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/load_report.h"

#include "server/sources/source_messages.h"

namespace meridian::server {

bool LoadReport::clean() const {
    return database_error.empty() && !zones::has_errors(diagnostics);
}

zones::Diagnostics LoadReport::all_diagnostics() const {
    zones::Diagnostics all = diagnostics;
    if (!database_error.empty()) {
        all.push_back(zones::diagnostic_of(messages::kUnusableDatabase, {}, {}, "geo.database",
                                           {database_error}));
    }
    for (const std::string& warning : database_warnings) {
        all.push_back(
            zones::diagnostic_of(messages::kLackingDatabase, {}, {}, "geo.database", {warning}));
    }
    return all;
}

}  // namespace meridian::server
