// Writes and reads the outcome of a reload and its diagnostics as JSON.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/control/reload_json.h"

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <utility>

#include "server/control/change_json.h"
#include "server/control/json_fields.h"

namespace meridian::server {

namespace {

boost::json::value number_or_null(std::uint32_t number) {
    if (number == 0) { return nullptr; }
    return number;
}

zones::Diagnostic diagnostic_from_json(const boost::json::object& object) {
    zones::Diagnostic diagnostic;
    diagnostic.severity = text_in(object, "severity") == "warning" ? zones::Severity::Warning
                                                                   : zones::Severity::Error;
    diagnostic.file = text_in(object, "file");
    diagnostic.at = {.line = number_in<std::uint32_t>(object, "line"),
                     .column = number_in<std::uint32_t>(object, "column"),
                     .length = number_in<std::uint32_t>(object, "length")};
    diagnostic.key = text_in(object, "key");
    diagnostic.text = text_in(object, "message");
    diagnostic.hint = text_in(object, "hint");
    diagnostic.source_line = text_in(object, "source_line");
    diagnostic.source_from = std::max(1U, number_in<std::uint32_t>(object, "source_from"));
    diagnostic.zones = texts_in(object, "zones");
    return diagnostic;
}

}  // namespace

boost::json::object diagnostic_json(const zones::Diagnostic& diagnostic) {
    const bool is_error = diagnostic.severity == zones::Severity::Error;
    boost::json::object object{{"severity", is_error ? "error" : "warning"},
                               {"code", text_or_null(diagnostic.code)},
                               {"file", text_or_null(diagnostic.file)},
                               {"line", number_or_null(diagnostic.at.line)},
                               {"column", number_or_null(diagnostic.at.column)},
                               {"length", number_or_null(diagnostic.at.length)},
                               {"key", text_or_null(diagnostic.key)},
                               {"message", diagnostic.text},
                               {"hint", text_or_null(diagnostic.hint)},
                               {"source_line", text_or_null(diagnostic.source_line)},
                               {"zones", texts_json(diagnostic.zones)}};
    if (diagnostic.source_from > 1) { object.emplace("source_from", diagnostic.source_from); }
    return object;
}

boost::json::array diagnostics_json(const zones::Diagnostics& diagnostics) {
    boost::json::array array;
    for (const zones::Diagnostic& diagnostic : diagnostics) {
        array.push_back(diagnostic_json(diagnostic));
    }
    return array;
}

boost::json::object reload_json(const ReloadOutcome& outcome) {
    boost::json::object object{{"result", to_text(outcome.result)},
                               {"generation", outcome.generation},
                               {"milliseconds", outcome.milliseconds},
                               {"diagnostics", diagnostics_json(outcome.diagnostics)}};
    for (auto& member : change_json(outcome.change)) {
        object.emplace(member.key(), std::move(member.value()));
    }
    object["needs_restart"] = texts_json(outcome.needs_restart);
    return object;
}

Result<ReloadOutcome, std::string> reload_from_json(const boost::json::object& object) {
    const auto result = reload_result_from_text(text_in(object, "result"));
    if (!result) { return Failure{std::string("the reply holds no result that is known here")}; }
    ReloadOutcome outcome{.result = *result,
                          .generation = number_in<std::uint64_t>(object, "generation"),
                          .milliseconds = number_in<std::int64_t>(object, "milliseconds"),
                          .change = change_from_json(object),
                          .needs_restart = texts_in(object, "needs_restart")};
    for (const boost::json::value& entry : array_in(object, "diagnostics")) {
        if (!entry.is_object()) { continue; }
        outcome.diagnostics.push_back(diagnostic_from_json(entry.get_object()));
    }
    return outcome;
}

}  // namespace meridian::server
