// Writes to the log what a load or reload came to.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/reload_log.h"

#include <algorithm>
#include <cstddef>
#include <string>
#include <vector>

namespace meridian::server {

namespace {

constexpr std::size_t kNamesInALine = 16;  // a line of ten thousand names is of no use

/// File names alone, since the directory is the same for all.
std::string names_of(const std::vector<std::string>& paths) {
    std::string names;
    const std::size_t shown = std::min(paths.size(), kNamesInALine);
    for (std::size_t i = 0; i < shown; ++i) {
        if (!names.empty()) { names += ' '; }
        names += paths[i].substr(paths[i].rfind('/') + 1);
    }
    if (shown < paths.size()) { names += " and " + std::to_string(paths.size() - shown) + " more"; }
    return names.empty() ? "none" : names;
}

std::string describe_database(const LoadReport& report) {
    if (!report.database_error.empty()) { return report.database_held_back ? "held" : "kept"; }
    return report.database_changed ? "changed" : "unchanged";
}

}  // namespace

void log_diagnostic(const zones::Diagnostic& diagnostic, Log& log) {
    const std::string line = zones::to_log_line(diagnostic);
    if (diagnostic.severity == zones::Severity::Error) {
        log.error(line);
    } else {
        log.warning(line);
    }
}

void log_findings(const LoadReport& report, Log& log) {
    for (const zones::Diagnostic& diagnostic : zones::summarised(report.diagnostics)) {
        log_diagnostic(diagnostic, log);
    }
    if (!report.database_error.empty()) { log.error("geo database: " + report.database_error); }
    for (const std::string& warning : report.database_warnings) {
        log.warning("geo database: " + warning);
    }
    if (report.database_changed && !report.database_change.empty()) {
        log.info("geo database: " + report.database_change);
    }
}

void log_reload(const LoadReport& report, const zones::Snapshot& served,
                std::chrono::milliseconds took, const char* cause, Log& log) {
    const std::string message = !report.snapshot  ? "reload changed nothing"
                                : !report.clean() ? "reloaded in part"
                                                  : "reloaded";
    log.info(message, {{"cause", cause},
                       {"generation", served.generation()},
                       {"changed", names_of(report.files(FileFate::Changed))},
                       {"added", names_of(report.files(FileFate::Added))},
                       {"removed", names_of(report.files(FileFate::Removed))},
                       {"with_errors", names_of(report.files_with_errors())},
                       {"held", names_of(report.files(FileFate::HeldBack))},
                       {"database", describe_database(report)},
                       {"zones", served.zone_count()},
                       {"names", served.name_count()},
                       {"milliseconds", took.count()}});
}

}  // namespace meridian::server
