// Sends a request of a command to the running server.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/control_question.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <system_error>
#include <utility>
#include <vector>

#include "server/commands/report.h"
#include "server/control/control_client.h"
#include "server/control/json_fields.h"
#include "server/control/socket_path.h"
#include "server/state/state_directory.h"
#include "server/state/state_lock.h"

namespace meridian::server {

namespace {

std::string socket_in(const std::string& directory) {
    return (std::filesystem::path(directory) / kControlSocket).string();
}

bool is_there(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

/// Whether a socket is there, or may be: what lies in a directory that we may not enter is unknown.
bool may_be_there(const std::string& path) {
    return access(path.c_str(), F_OK) == 0 || errno == EACCES;
}

/// The socket in the directory that a server started by this user would take. Since the server may
/// run as another user, else the first directory that has a socket.
std::string find_socket(const std::vector<std::string>& places) {
    std::string chosen = StateDirectory::open_to_read(places).path();
    if (chosen.empty()) { chosen = places.front(); }
    if (is_there(socket_in(chosen))) { return socket_in(chosen); }
    for (const auto& condition : {is_there, may_be_there}) {
        const auto other = std::ranges::find_if(
            places, [&](const std::string& place) { return condition(socket_in(place)); });
        if (other != places.end()) { return socket_in(*other); }
    }
    return socket_in(chosen);
}

/// A server that starts has its directory long before it listens.
std::string text_of(const ControlFailure& failure, const std::string& path) {
    const int process = failure.is_absent
                            ? state_lock_holder(std::filesystem::path(path).parent_path().string())
                            : 0;
    if (process == 0) { return failure.text; }
    return "the server with pid " + std::to_string(process) + " does not listen at " + path +
           " yet: it still loads, or its log says what prevents it";
}

struct Lead {
    Settings settings;
    bool is_sure = true;  ///< False where they have errors, perhaps in the line that leads there.
};

/// Reads the settings that lead to the server, and prints the first error in them. None, with all
/// errors printed, where they do not lead to a server.
std::optional<Lead> lead_to_server(const std::string& config_file) {
    SettingsReading reading = load_settings(config_file);
    if (reading.settings) { return Lead{std::move(*reading.settings)}; }
    if (!reading.despite_errors) {
        print_diagnostics(reading.diagnostics);
        return {};
    }
    const auto error = std::ranges::find(reading.diagnostics, zones::Severity::Error,
                                         &zones::Diagnostic::severity);
    print_error("asking the server all the same: " + zones::to_line(*error));
    return Lead{std::move(*reading.despite_errors), false};
}

}  // namespace

std::string sudo_user() {
    const char* user = std::getenv("SUDO_USER");
    return user == nullptr ? std::string() : std::string(user);
}

Result<boost::json::object, NoReply> ask_server(const ControlTarget& target, ControlRequest request,
                                                std::chrono::milliseconds timeout) {
    std::string path = target.socket;
    bool is_sure = true;
    if (path.empty()) {
        const auto lead = lead_to_server(target.config_file);
        if (!lead) { return Failure{NoReply::CannotAsk}; }
        path = find_socket(lead->settings.state_places);
        request.configuration = absolute_path(lead->settings.file);
        is_sure = lead->is_sure;
    }
    const auto line = ask_control(path, json_line(control_request_json(request)), timeout);
    if (!line) {
        print_error(text_of(line.error(), path));
        const bool is_silent = line.error().is_silence && is_sure;
        return Failure{is_silent ? NoReply::Silence : NoReply::CannotAsk};
    }
    boost::json::parse_options tolerant;
    tolerant.allow_invalid_utf8 = true;  // of an older server
    boost::system::error_code error;
    boost::json::value reply = boost::json::parse(*line, error, {}, tolerant);
    if (error || !reply.is_object()) {
        print_error(path + ": the reply is no JSON object");
        return Failure{NoReply::CannotAsk};
    }
    if (const std::string refusal = text_in(reply.get_object(), "error"); !refusal.empty()) {
        print_error(path + ": the server says: " + refusal);
        return Failure{NoReply::CannotAsk};
    }
    return std::move(reply.get_object());
}

}  // namespace meridian::server
