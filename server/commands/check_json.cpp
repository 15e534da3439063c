// Writes what `meridian check` found as one JSON document.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <boost/json.hpp>

#include "server/commands/check_results.h"
#include "server/control/json_fields.h"
#include "server/control/reload_json.h"

namespace meridian::server {

namespace {

bool is_error(const zones::Diagnostic& diagnostic) {
    return diagnostic.severity == zones::Severity::Error;
}

}  // namespace

std::string check_json(const std::vector<std::string>& files,
                       const std::vector<FileNotRead>& not_read,
                       const zones::Diagnostics& diagnostics) {
    boost::json::array files_json;
    for (const std::string& file : files) {
        const auto errors = std::ranges::count_if(
            diagnostics, [&](const auto& entry) { return entry.file == file && is_error(entry); });
        const auto all = std::ranges::count(diagnostics, file, &zones::Diagnostic::file);
        files_json.push_back(
            boost::json::object{{"file", file}, {"errors", errors}, {"warnings", all - errors}});
    }
    for (const FileNotRead& file : not_read) {
        files_json.push_back(boost::json::object{
            {"file", file.path}, {"checked", false}, {"because_of", file.zone_file}});
    }
    const auto errors = std::ranges::count_if(diagnostics, is_error);
    const auto warnings = static_cast<std::ptrdiff_t>(diagnostics.size()) - errors;
    const boost::json::object document{{"files", std::move(files_json)},
                                       {"diagnostics", diagnostics_json(diagnostics)},
                                       {"errors", errors},
                                       {"warnings", warnings}};
    return json_line(document);
}

}  // namespace meridian::server
