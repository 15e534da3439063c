// Looks whether a server could start with its settings on this machine, without starting one.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/check_start.h"

#include <algorithm>
#include <array>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ip/udp.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <filesystem>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

#include "meridian/limits.h"
#include "meridian/zones/toml_document.h"
#include "server/control/socket_path.h"
#include "server/runtime/log_target.h"
#include "server/runtime/privileges.h"
#include "server/runtime/server_user.h"
#include "server/runtime/settings_diagnostics.h"
#include "server/state/file_text.h"
#include "server/state/state_directory.h"
#include "server/state/trusted_path.h"

namespace meridian::server {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using boost::system::error_code;

/// The text of meridian.toml with positions; nothing where the file cannot be read.
std::optional<zones::TomlDocument> document_of(const std::string& path) {
    const auto file = read_file(path, kMaxTomlFileOctets);
    if (!file) { return {}; }
    auto document = zones::read_toml(path, file->text);
    if (!document) { return {}; }
    return std::move(document).value();
}

asio::ip::address asio_address(const IpAddress& address) {
    const auto octets = address.octets();
    if (!address.is_v4()) { return asio::ip::address_v6(octets); }
    return asio::ip::address_v4({octets[0], octets[1], octets[2], octets[3]});
}

/// Binds a socket of the kind and closes it; returns the error. TCP is bound as the server binds
/// it; UDP without SO_REUSEPORT, which would let it share the port with another program.
template <typename Socket>
error_code try_to_bind(const Endpoint& endpoint) {
    asio::io_context context;
    Socket socket(context);
    const typename Socket::endpoint_type local(asio_address(endpoint.address), endpoint.port);
    error_code error;
    if (socket.open(local.protocol(), error)) { return error; }
    if (!endpoint.address.is_v4() && socket.set_option(asio::ip::v6_only(true), error)) {
        return error;
    }
    constexpr bool kIsTcp = std::is_same_v<Socket, asio::ip::tcp::acceptor>;
    if (kIsTcp && socket.set_option(asio::socket_base::reuse_address(true), error)) {
        return error;
    }
    (void)socket.bind(local, error);
    return error;
}

/// Whether a server with this state directory runs, or was killed and left its socket.
bool has_running_server(const Settings& settings) {
    return std::ranges::any_of(settings.state_places, [](const std::string& place) {
        std::error_code ignored;
        return fs::exists(fs::path(place) / kControlSocket, ignored);
    });
}

class StartChecker {
public:
    StartChecker(const Settings& settings, const SourceLook& seen, const zones::TomlTable* root,
                 zones::Findings& findings)
        : settings_(settings), seen_(seen), root_(root), findings_(findings) {}

    void check() {
        check_listen();
        check_sources();
        check_user();
        check_group();
        const bool has_log = check_log();
        // Where root does not run the check, the rights of this user say nothing about a start.
        if (!is_root()) { return; }
        check_state();
        if (user_) { return check_as_user(has_log); }
        if (has_log) { report_exposed(why_log_is_exposed(settings_.log.to)); }
    }

private:
    void check_listen() {
        if (settings_.listen_is_default) { return; }  // a start leaves out what is not there
        const bool may_be_ours = has_running_server(settings_);
        for (std::size_t i = 0; i < settings_.listen.size(); ++i) {
            const Endpoint& endpoint = settings_.listen[i];
            for (const auto& [kind, error] :
                 {std::pair{"TCP", try_to_bind<asio::ip::tcp::acceptor>(endpoint)},
                  std::pair{"UDP", try_to_bind<asio::ip::udp::socket>(endpoint)}}) {
                if (error == asio::error::address_in_use && !may_be_ours) {
                    findings_.report(diagnostics::kPortTaken, listen_at(i), "server.listen",
                                     {endpoint.to_string(), kind});
                    break;
                }
                // No right to a low port says nothing: another user may start the server.
                if (error == asio::error::access_denied || !error) { continue; }
                if (error == asio::error::address_in_use) { continue; }
                findings_.report(diagnostics::kNoSuchAddress, listen_at(i), "server.listen",
                                 {endpoint.address.to_string(), error.message()});
                break;
            }
        }
    }

    void check_sources() {
        for (const auto& source : {settings_.health.source_v4, settings_.health.source_v6}) {
            if (!source) { continue; }
            const error_code error = try_to_bind<asio::ip::udp::socket>({*source, 0});
            if (error) {
                findings_.report(diagnostics::kSourceNotHere, position_of("health", "source"),
                                 "health.source", {source->to_string(), error.message()});
            }
        }
    }

    /// The place of an endpoint: there are as many values as endpoints, in the same order.
    [[nodiscard]] zones::TextPosition listen_at(std::size_t number) const {
        const zones::TomlEntry* entry = find("server", "listen");
        if (entry == nullptr) { return {}; }
        const auto* array = entry->value.get<zones::TomlArray>();
        if (array == nullptr || number >= array->items.size()) { return entry->value.span.at; }
        return array->items[number].span.at;
    }

    void check_user() {
        if (!settings_.user) { return; }
        const auto user = find_user(*settings_.user);  // also where the check does not run as root
        if (!user) { return report(diagnostics::kNoSuchUser, "server", "user", user.error()); }
        if (auto becomes = user_to_become(settings_)) { user_ = std::move(becomes).value(); }
        if (user_) { future_ = FutureOwner{user_->user_id, user_->group_id}; }
    }

    /// Whether the server's user is a member, its start says.
    void check_group() {
        if (!settings_.control_group || find_group(*settings_.control_group)) { return; }
        report(diagnostics::kNoSuchGroup, "control", "group",
               zones::quoted(*settings_.control_group));
    }

    bool check_log() {
        const fs::path to = settings_.log.to;
        if (!to.has_parent_path()) { return true; }  // "stderr" and the like
        std::error_code error;
        if (fs::is_directory(to, error)) {
            report(diagnostics::kLogIsDirectory, "log", "to", to.string());
        } else if (!fs::is_directory(to.parent_path(), error)) {
            report(diagnostics::kNoLogDirectory, "log", "to", to.parent_path().string());
        } else if (const auto why = why_log_is_refused(to.string(), future_);
                   is_root() && !why.empty()) {
            report(diagnostics::kUnusableLog, "log", "to", why);
        } else {
            return true;
        }
        return false;
    }

    void check_state() {
        const StateProspect prospect = StateDirectory::look_ahead(settings_.state_places, future_);
        if (!prospect.problem.empty()) {
            report(diagnostics::kNothingSaved, "server", "state", prospect.problem);
        } else if (!prospect.not_handed_over.empty()) {
            report(diagnostics::kNotHandedOver, "server", "state", prospect.not_handed_over);
        } else {
            check_control(prospect.path);
        }
    }

    void check_control(const std::string& directory) {
        if (directory.empty()) { return; }
        const fs::path socket = fs::path(directory) / kControlSocket;
        std::error_code ignored;
        const fs::file_status there = fs::symlink_status(socket, ignored);
        if (fs::exists(there) && !fs::is_socket(there)) {
            report(diagnostics::kNoControlSocket, "server", "state", socket.string());
        }
    }

    void check_as_user(bool has_log) {
        std::string log_problem;
        std::string exposed;
        std::vector<UnreadableFile> unreadable;
        const auto asked = run_as(*user_, [&] {
            if (has_log) {
                log_problem = why_not_made_anew(settings_.log.to);
                exposed = why_log_is_exposed(settings_.log.to);
            }
            unreadable = unreadable_files(user_->name, settings_, seen_);
        });
        if (!asked) { return report(diagnostics::kCannotBecome, "server", "user", asked.error()); }
        if (!log_problem.empty()) { report(diagnostics::kLogStaysAway, "log", "to", log_problem); }
        report_exposed(exposed);
        for (const UnreadableFile& file : unreadable) {
            report(diagnostics::kUserCannotRead, "server", "user", file.problem);
        }
    }

    void report_exposed(const std::string& problem) {
        if (!problem.empty()) { report(diagnostics::kLogIsExposed, "log", "to", problem); }
    }

    void report(const zones::DiagnosticKind& kind, std::string_view table, std::string_view key,
                const std::string& value) {
        findings_.report(kind, position_of(table, key), std::string(table) + "." + std::string(key),
                         {value});
    }

    [[nodiscard]] const zones::TomlEntry* find(std::string_view table, std::string_view key) const {
        const zones::TomlTable* found = root_ == nullptr ? nullptr : root_->table(table);
        return found == nullptr ? nullptr : found->find(key);
    }
    [[nodiscard]] zones::TextPosition position_of(std::string_view table,
                                                  std::string_view key) const {
        const zones::TomlEntry* entry = find(table, key);
        return entry == nullptr ? zones::TextPosition() : entry->value.span.at;
    }

    const Settings& settings_;
    const SourceLook& seen_;
    const zones::TomlTable* root_;
    zones::Findings& findings_;
    std::optional<SystemUser> user_;  ///< The user that the server becomes.
    std::optional<FutureOwner> future_;
};

}  // namespace

bool is_settings_file(const std::string& path) {
    if (fs::path(path).filename() == kSettingsName) { return true; }
    if (!path.ends_with(".toml")) { return false; }
    const auto document = document_of(path);
    if (!document || document->root.find("zone") != nullptr) { return false; }
    constexpr std::array<std::string_view, 4> kTables{"server", "geo", "log", "control"};
    return std::ranges::any_of(
        kTables, [&](std::string_view key) { return document->root.find(key) != nullptr; });
}

void place_database(const Settings& settings, zones::Diagnostics& diagnostics) {
    const auto document = document_of(settings.file);
    const zones::TomlTable* geo = document ? document->root.table("geo") : nullptr;
    const zones::TomlEntry* entry = geo == nullptr ? nullptr : geo->find("database");
    for (zones::Diagnostic& diagnostic : diagnostics) {
        if (!diagnostic.file.empty()) { continue; }
        diagnostic.file = settings.file;
        if (entry == nullptr) { continue; }  // the one that ships with Meridian
        diagnostic.at = entry->value.span.at;
        for (const zones::TomlValue* path : geo->list("database")) {
            const auto* text = path->get<std::string>();
            const bool is_named =
                text != nullptr && diagnostic.text.find(*text) != std::string::npos;
            if (is_named) { diagnostic.at = path->span.at; }
        }
        diagnostic.source_line = document->lines[diagnostic.at.line - 1];
    }
}

zones::Diagnostics check_start(const Settings& settings, const SourceLook& seen) {
    const auto document = document_of(settings.file);
    const std::vector<std::string> no_lines;
    zones::Findings findings(settings.file, document ? document->lines : no_lines);
    StartChecker(settings, seen, document ? &document->root : nullptr, findings).check();
    return findings.take();
}

}  // namespace meridian::server
