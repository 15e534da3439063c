// Writes the request of an HTTP check.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/http_request.h"

#include <strings.h>

#include <algorithm>

namespace meridian::server {

namespace {

void append(std::string& request, std::string_view text) {
    std::ranges::replace_copy_if(
        text, std::back_inserter(request),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }, ' ');
}

void append_header(std::string& request, std::string_view name, std::string_view value) {
    append(request, name);
    request += ": ";
    append(request, value);
    request += "\r\n";
}

bool has_header(const zones::HealthCheck& check, const char* name) {
    return std::ranges::any_of(check.headers, [&](const auto& header) {
        return strcasecmp(header.first.c_str(), name) == 0;
    });
}

/// RFC 9110 §7.2: with the port, unless it is the one of the scheme.
std::string host_header(const zones::HealthCheck& check, const IpAddress& address) {
    std::string host = check.host;
    if (host.empty()) { host = address.to_string(); }
    const bool is_literal = IpAddress::parse(host).has_value() && host.find(':') != host.npos;
    if (is_literal) { host = "[" + host + "]"; }
    const std::uint16_t usual = check.kind == zones::CheckKind::Https ? 443 : 80;
    return check.port == usual ? host : host + ":" + std::to_string(check.port);
}

}  // namespace

std::string http_request(const zones::HealthCheck& check, const IpAddress& address,
                         std::string_view user_agent) {
    std::string request;
    append(request, check.method);
    request += ' ';
    append(request, check.path.empty() ? "/" : check.path);
    request += " HTTP/1.1\r\n";
    if (!has_header(check, "host")) { append_header(request, "Host", host_header(check, address)); }
    if (!has_header(check, "user-agent")) { append_header(request, "User-Agent", user_agent); }
    if (!has_header(check, "accept")) { append_header(request, "Accept", "*/*"); }
    if (!has_header(check, "connection")) { append_header(request, "Connection", "close"); }
    if (check.method == "POST" || check.method == "PUT") {
        append_header(request, "Content-Length", "0");  // RFC 9110 §8.6
    }
    for (const auto& [name, value] : check.headers) {
        append_header(request, name, value);
    }
    return request + "\r\n";
}

}  // namespace meridian::server
