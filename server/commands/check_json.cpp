// Writes what `meridian check` found as one JSON document.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/check_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string_view>

namespace meridian::server {

namespace {

boost::json::value text_or_null(std::string_view text) {
    if (text.empty()) { return nullptr; }
    return boost::json::string(text);
}

boost::json::value number_or_null(std::uint32_t number) {
    if (number == 0) { return nullptr; }
    return number;
}

bool is_error(const zones::Diagnostic& diagnostic) {
    return diagnostic.severity == zones::Severity::Error;
}

boost::json::object diagnostic_json(const zones::Diagnostic& diagnostic) {
    return {{"severity", is_error(diagnostic) ? "error" : "warning"},
            {"code", text_or_null(diagnostic.code)},
            {"file", text_or_null(diagnostic.file)},
            {"line", number_or_null(diagnostic.at.line)},
            {"column", number_or_null(diagnostic.at.column)},
            {"length", number_or_null(diagnostic.at.length)},
            {"key", text_or_null(diagnostic.key)},
            {"message", diagnostic.message},
            {"hint", text_or_null(diagnostic.hint)},
            {"source_line", text_or_null(diagnostic.source_line)},
            {"zones", boost::json::array(diagnostic.zones.begin(), diagnostic.zones.end())}};
}

}  // namespace

std::string check_json(const std::vector<std::string>& files,
                       const zones::Diagnostics& diagnostics) {
    boost::json::array files_json;
    for (const std::string& file : files) {
        const auto errors = std::ranges::count_if(
            diagnostics, [&](const auto& entry) { return entry.file == file && is_error(entry); });
        const auto all = std::ranges::count(diagnostics, file, &zones::Diagnostic::file);
        files_json.push_back(
            boost::json::object{{"file", file}, {"errors", errors}, {"warnings", all - errors}});
    }
    boost::json::array diagnostics_json;
    for (const zones::Diagnostic& diagnostic : diagnostics) {
        diagnostics_json.push_back(diagnostic_json(diagnostic));
    }
    const auto errors = std::ranges::count_if(diagnostics, is_error);
    const auto warnings = static_cast<std::ptrdiff_t>(diagnostics.size()) - errors;
    const boost::json::object document{{"files", std::move(files_json)},
                                       {"diagnostics", std::move(diagnostics_json)},
                                       {"errors", errors},
                                       {"warnings", warnings}};
    return boost::json::serialize(document);
}

}  // namespace meridian::server
