// Asks the running server for the commands that speak with it.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/control_question.h"

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <vector>

#include "server/commands/report.h"
#include "server/control/control_client.h"
#include "server/control/json_fields.h"
#include "server/control/socket_path.h"
#include "server/sources/state_directory.h"

namespace meridian::server {

namespace {

std::string socket_in(const std::string& directory) {
    return (std::filesystem::path(directory) / kControlSocket).string();
}

bool is_there(const std::string& path) {
    std::error_code ignored;
    return std::filesystem::exists(path, ignored);
}

/// In the directory that a server started by this user would take, or else, since the server's user
/// may be another one, in the first that has a socket.
std::string find_socket(const std::vector<std::string>& places) {
    std::string chosen = StateDirectory::open_to_read(places).path();
    if (chosen.empty()) { chosen = places.front(); }
    if (is_there(socket_in(chosen))) { return socket_in(chosen); }
    const auto other = std::ranges::find_if(
        places, [](const std::string& place) { return is_there(socket_in(place)); });
    return socket_in(other == places.end() ? chosen : *other);
}

std::optional<std::string> socket_of(const ControlTarget& target) {
    if (!target.socket.empty()) { return target.socket; }
    const auto settings = settings_or_complaint(target.config_file);
    if (!settings) { return {}; }
    return find_socket(settings->state_places);
}

}  // namespace

std::optional<ControlReply> ask_server(const ControlTarget& target,
                                       const boost::json::object& question,
                                       std::chrono::milliseconds timeout) {
    const auto path = socket_of(target);
    if (!path) { return {}; }
    auto line = ask_control(*path, boost::json::serialize(question), timeout);
    if (!line) {
        print_error(line.error());
        return {};
    }
    boost::json::parse_options tolerant;
    tolerant.allow_invalid_utf8 = true;  // a path is whatever the file system holds
    boost::system::error_code error;
    const boost::json::value reply = boost::json::parse(*line, error, {}, tolerant);
    if (error || !reply.is_object()) {
        print_error(*path + ": the reply is no JSON object");
        return {};
    }
    if (const std::string told = text_in(reply.get_object(), "error"); !told.empty()) {
        print_error(*path + ": the server says: " + told);
        return {};
    }
    return ControlReply{std::move(line).value(), reply.get_object()};
}

}  // namespace meridian::server
