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
#include "server/runtime/privileges.h"
#include "server/runtime/settings_messages.h"
#include "server/sources/file_text.h"

namespace meridian::server {

namespace {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using boost::system::error_code;

/// What meridian.toml says, and where; nothing where it cannot be read, or is not there.
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

/// What binding a socket of the kind comes to. TCP is bound as the server binds it; UDP without
/// SO_REUSEPORT, which would let it share the port with whoever has it.
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

/// Whether a server that keeps its state there runs, or has ended without taking leave.
bool has_running_server(const Settings& settings) {
    return std::ranges::any_of(settings.state_places, [](const std::string& place) {
        std::error_code ignored;
        return fs::exists(fs::path(place) / kControlSocket, ignored);
    });
}

class StartChecker {
public:
    StartChecker(const Settings& settings, const zones::TomlTable* root, zones::Findings& findings)
        : settings_(settings), root_(root), findings_(findings) {}

    void check() {
        check_listen();
        check_user();
        check_log();
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
                    findings_.tell(messages::kPortTaken, listen_at(i), "server.listen",
                                   {endpoint.to_string(), kind});
                    break;
                }
                // No right to a low port says nothing: another user may start the server.
                if (error == asio::error::access_denied || !error) { continue; }
                if (error == asio::error::address_in_use) { continue; }
                findings_.tell(messages::kNoSuchAddress, listen_at(i), "server.listen",
                               {endpoint.address.to_string(), error.message()});
                break;
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
        const auto user = find_user(*settings_.user);
        if (user) { return; }
        findings_.tell(messages::kNoSuchUser, place_of("server", "user"), "server.user",
                       {user.error()});
    }

    void check_log() {
        const fs::path to = settings_.log.to;
        if (!to.has_parent_path()) { return; }  // "stderr" and the like
        std::error_code error;
        if (fs::is_directory(to, error)) {
            findings_.tell(messages::kLogIsDirectory, place_of("log", "to"), "log.to",
                           {to.string()});
        } else if (!fs::is_directory(to.parent_path(), error)) {
            findings_.tell(messages::kNoLogDirectory, place_of("log", "to"), "log.to",
                           {to.parent_path().string()});
        }
    }

    [[nodiscard]] const zones::TomlEntry* find(std::string_view table, std::string_view key) const {
        const zones::TomlTable* found = root_ == nullptr ? nullptr : root_->table(table);
        return found == nullptr ? nullptr : found->find(key);
    }
    [[nodiscard]] zones::TextPosition place_of(std::string_view table, std::string_view key) const {
        const zones::TomlEntry* entry = find(table, key);
        return entry == nullptr ? zones::TextPosition() : entry->value.span.at;
    }

    const Settings& settings_;
    const zones::TomlTable* root_;
    zones::Findings& findings_;
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

zones::Diagnostics check_start(const Settings& settings) {
    const auto document = document_of(settings.file);
    const std::vector<std::string> no_lines;
    zones::Findings findings(settings.file, document ? document->lines : no_lines);
    StartChecker(settings, document ? &document->root : nullptr, findings).check();
    return findings.take();
}

}  // namespace meridian::server
