// Describes what a load or reload came to.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/sources/load_report.h"

#include "server/sources/source_diagnostics.h"

namespace meridian::server {

void LoadReport::set_fate(const std::string& file, FileFate fate) {
    if (fate == FileFate::Unchanged) {
        fates.erase(file);
    } else {
        fates.insert_or_assign(file, fate);
    }
}

FileFate LoadReport::fate_of(const std::string& file) const {
    const auto found = fates.find(file);
    return found == fates.end() ? FileFate::Unchanged : found->second;
}

std::vector<std::string> LoadReport::files(FileFate fate) const {
    std::vector<std::string> found;
    for (const auto& [file, its_fate] : fates) {
        if (its_fate == fate) { found.push_back(file); }
    }
    return found;
}

std::vector<std::string> LoadReport::files_with_errors() const {
    std::vector<std::string> found;
    for (const auto& [file, fate] : fates) {
        if (is_last_good(fate)) { found.push_back(file); }
    }
    return found;
}

bool LoadReport::clean() const {
    return database_error.empty() && !zones::has_errors(diagnostics);
}

zones::Diagnostics LoadReport::all_diagnostics() const {
    zones::Diagnostics all = diagnostics;
    if (!database_error.empty()) {
        all.push_back(zones::diagnostic_of(diagnostics::kUnusableDatabase, {}, {}, "geo.database",
                                           {database_error}));
    }
    for (const std::string& warning : database_warnings) {
        all.push_back(
            zones::diagnostic_of(diagnostics::kLackingDatabase, {}, {}, "geo.database", {warning}));
    }
    return all;
}

}  // namespace meridian::server
