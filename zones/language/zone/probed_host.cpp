// Reads the names of hosts that checks send to a server.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/probed_host.h"

#include <algorithm>

#include "meridian/dns/wire/ascii_case.h"
#include "meridian/ip_address.h"
#include "meridian/limits.h"
#include "meridian/utf8.h"
#include "zones/language/text/odd_letters.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kDigits = "0123456789";

bool is_label(std::string_view label) {
    // The underscore is in no host name (RFC 1123 §2.1), and servers are called so all the same.
    return !label.empty() && label.size() <= kMaxLabelOctets && !label.starts_with('-') &&
           !label.ends_with('-') &&
           label.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-_") == label.npos;
}

/// Expects small letters and no final dot. A last label of digits would be taken for an address.
bool is_host_name(std::string_view text) {
    if (text.size() > kMaxNameOctets - 2) { return false; }  // of the wire: a length and the root
    while (true) {
        const std::size_t dot = std::min(text.find('.'), text.size());
        if (!is_label(text.substr(0, dot))) { return false; }
        if (dot == text.size()) { return text.find_first_not_of(kDigits) != text.npos; }
        text.remove_prefix(dot + 1);
    }
}

std::string host_form(std::string_view text) {
    std::string host = dns::lower_cased(text);
    if (host.ends_with('.')) { host.pop_back(); }
    return host;
}

/// What to write instead of what is no host name.
std::string meant_host(std::string_view text) {
    const auto is_host = [](std::string_view host) {
        return IpAddress::parse(host) || is_host_name(host_form(host));
    };
    if (text.starts_with('[') && text.ends_with(']')) {
        const std::string_view inner = text.substr(1, text.size() - 2);
        if (IpAddress::parse(inner)) { return "write " + quoted(inner) + ", without brackets"; }
    }
    const std::size_t colon = text.rfind(':');
    const std::size_t slash = text.find('/');
    if (slash != text.npos && is_host(text.substr(0, slash))) {
        return "write " + quoted(text.substr(0, slash)) + "; the path stands in `https` or `http`";
    }
    if (colon != text.npos && is_host(text.substr(0, colon)) &&
        text.find_first_not_of(kDigits, colon + 1) == text.npos && colon + 1 < text.size()) {
        return "write " + quoted(text.substr(0, colon)) + " and " +
               "port = " + std::string(text.substr(colon + 1));
    }
    return "expected one such as \"www.beigel.example\", or an address";
}

/// Reports letters of other scripts; false where all are ASCII.
bool report_foreign_letters(std::string_view text, const KeyPosition& where, Findings& findings) {
    if (report_odd_letter(text, where.at, where.key, findings)) { return true; }
    if (is_ascii(text)) { return false; }
    if (const auto plain = to_a_labels(text)) {
        findings.report(diagnostics::kForeignLetters, where.at, where.key,
                        {quoted(text), quoted(*plain)});
    } else {
        findings.report(diagnostics::kForbiddenLetters, where.at, where.key, {quoted(text)});
    }
    return true;
}

}  // namespace

std::optional<std::string> read_probed_host(std::string_view text, const KeyPosition& where,
                                            Findings& findings) {
    if (report_foreign_letters(text, where, findings)) { return {}; }
    if (const auto host = host_of_web_address(text)) {
        findings.report(diagnostics::kWebAddress, where.at, where.key,
                        {quoted(text), quoted(*host)});
        return {};
    }
    if (const auto address = IpAddress::parse(text)) { return address->to_string(); }
    std::string host = host_form(text);
    if (!is_host_name(host)) {
        findings.report(diagnostics::kNoHostName, where.at, where.key,
                        {quoted(text), meant_host(text)});
        return {};
    }
    if (host.find('.') == host.npos && host != "localhost" && !text.ends_with('.')) {
        findings.report(diagnostics::kHostOfOneLabel, where.at, where.key, {quoted(text)});
    }
    return host;
}

std::optional<std::string> probed_host_of(const dns::Name& name) {
    std::string host = host_form(name.to_text());
    if (!is_host_name(host)) { return {}; }
    return host;
}

}  // namespace meridian::zones
