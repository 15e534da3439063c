// Reads what a check over HTTP asks for.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/http_check_reader.h"

#include <algorithm>
#include <array>
#include <map>
#include <string_view>

#include "meridian/dns/wire/ascii_case.h"
#include "meridian/limits.h"
#include "zones/language/records/zone_names.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

constexpr std::uint16_t kHttpPort = 80;
constexpr std::uint16_t kHttpsPort = 443;
constexpr std::string_view kCapitals = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kSmallLetters = "abcdefghijklmnopqrstuvwxyz";

/// How the message is delimited and where it goes, which no file changes (RFC 9110 §7.6.1).
constexpr std::array<std::string_view, 8> kOwnHeaders{
    "connection", "content-length",    "expect", "host", "keep-alive",
    "te",         "transfer-encoding", "upgrade"};

bool consists_of(std::string_view text, std::string_view letters) {
    return !text.empty() && text.find_first_not_of(letters) == text.npos;
}

bool is_visible(char letter) {
    return letter > ' ' && letter <= '~';
}

/// RFC 9110 §5.6.2
bool is_token(std::string_view text) {
    return !text.empty() && std::ranges::all_of(text, [](char letter) {
        return is_visible(letter) &&
               std::string_view("\"(),/:;<=>?@[\\]{}").find(letter) == std::string_view::npos;
    });
}

/// The path with %XX for each octet that cannot stand in a request (RFC 3986 §2.1).
std::string encoded(std::string_view path) {
    constexpr std::string_view kHex = "0123456789ABCDEF";
    std::string result;
    for (const char letter : path) {
        if (is_visible(letter)) {
            result += letter;
            continue;
        }
        const auto octet = static_cast<unsigned char>(letter);
        result += {'%', kHex[octet >> 4], kHex[octet & 15]};
    }
    return result;
}

/// What to write instead of a path that cannot be asked for; empty for one that can.
std::string meant_path(std::string_view text, std::string_view key) {
    if (const auto host = host_of_web_address(text)) {
        const std::size_t slash = text.find('/', text.find("://") + 3);
        const std::string path(slash == text.npos ? "/" : text.substr(slash));
        return "write " + std::string(key) + " = " + quoted(path) + " and host = " + quoted(*host);
    }
    const std::size_t mark = std::min(text.find('#'), text.size());
    std::string meant = encoded(text.substr(0, mark));
    if (!meant.starts_with('/')) { meant.insert(0, "/"); }
    // Some servers take "//x/" for a host (RFC 3986 §4.2), others for "/x/".
    while (meant.starts_with("//")) {
        meant.erase(0, 1);
    }
    if (meant == text) { return {}; }
    return (mark < text.size() ? "a \"#\" and what follows is not sent; write " : "write ") +
           quoted(meant);
}

class HttpCheckReader {
public:
    HttpCheckReader(const TomlTable& table, const std::string& path, HealthCheck& check,
                    Findings& findings)
        : table_(table), path_(path), check_(check), findings_(findings) {}

    void read(const TomlEntry& asked) {
        const bool is_secure = check_.kind == CheckKind::Https;
        check_.port = static_cast<std::uint16_t>(
            table_.integer("port").value_or(is_secure ? kHttpsPort : kHttpPort));
        read_path(asked);
        read_method();
        read_headers();
        read_expectation();
    }

private:
    /// The text at `key` of `table`, whose whole key is `path`; null where there is none, and after
    /// a diagnostic where it is too long.
    const std::string* text_at(const TomlTable& table, const std::string& path,
                               std::string_view key) {
        const std::string* text = table.text(key);
        if (text == nullptr || text->size() <= kMaxProbeTextOctets) { return text; }
        findings_.report(diagnostics::kProbeTextTooLong, table.find(key)->value.span.at,
                         key_path(path, key),
                         {std::to_string(text->size()), std::to_string(kMaxProbeTextOctets)});
        return nullptr;
    }

    void report(const DiagnosticKind& kind, std::string_view key,
                std::initializer_list<std::string_view> values) {
        findings_.report(kind, table_.find(key)->value.span.at, key_path(path_, key), values);
    }

    void read_path(const TomlEntry& asked) {
        const std::string* text = text_at(table_, path_, asked.key);
        if (text == nullptr) { return; }
        if (const std::string meant = meant_path(*text, asked.key); !meant.empty()) {
            return report(diagnostics::kNoUrlPath, asked.key, {quoted(*text), meant});
        }
        check_.path = *text;
    }

    void read_method() {
        const std::string* text = text_at(table_, path_, "method");
        if (text == nullptr) { return; }
        check_.method = *text;
        if (*text == "CONNECT") {  // its target is a host and a port, and its reply a tunnel
            return report(diagnostics::kMethodOfProxies, "method", {quoted(*text)});
        }
        if (consists_of(*text, kCapitals)) { return; }
        std::string capitals = *text;
        std::ranges::transform(capitals, capitals.begin(), [](char letter) {
            return kSmallLetters.find(letter) == kSmallLetters.npos
                       ? letter
                       : static_cast<char>(letter - 'a' + 'A');
        });
        report(diagnostics::kNoMethod, "method",
               {quoted(*text), consists_of(capitals, kCapitals)
                                   ? "write " + quoted(capitals) + "; methods stand in capitals"
                                   : "expected one such as \"GET\" or \"HEAD\""});
    }

    void read_headers() {
        const TomlTable* headers = table_.table("headers");
        if (headers == nullptr) { return; }
        if (headers->entries().size() > kMaxProbeHeaders) {
            return findings_.report(
                diagnostics::kTooManyHeaders, table_.find("headers")->key_span.at,
                key_path(path_, "headers"),
                {std::to_string(headers->entries().size()), std::to_string(kMaxProbeHeaders)});
        }
        std::map<std::string, TextPosition> seen;
        for (const TomlEntry& entry : headers->entries()) {
            read_header(*headers, entry, seen);
        }
    }

    void read_header(const TomlTable& headers, const TomlEntry& entry,
                     std::map<std::string, TextPosition>& seen) {
        const std::string path = key_path(path_, "headers");
        const std::string key = key_path(path, entry.key);
        const TextPosition at = entry.key_span.at;
        const std::string small = dns::lower_cased(entry.key);
        const auto [first, is_new] = seen.emplace(small, at);
        if (!is_new) {
            return findings_.report(
                diagnostics::kKeyTwice, at, key,
                {quoted(entry.key), "line " + std::to_string(first->second.line)});
        }
        if (!is_token(entry.key) || entry.key.size() > kMaxProbeTextOctets) {
            return findings_.report(diagnostics::kNoHeaderName, at, key, {quoted(entry.key)});
        }
        if (std::ranges::find(kOwnHeaders, small) != kOwnHeaders.end()) {
            return findings_.report(
                diagnostics::kOwnHeader, at, key,
                {quoted(entry.key),
                 small == "host" ? "write `host` beside `headers` instead" : "leave it out"});
        }
        const std::string* value = text_at(headers, path, entry.key);
        if (value == nullptr) { return; }
        const auto is_fit = [](char letter) { return is_visible(letter) || letter == ' '; };
        if (!std::ranges::all_of(*value, is_fit)) {
            return findings_.report(diagnostics::kNoHeaderValue, entry.value.span.at, key);
        }
        check_.headers.emplace_back(entry.key, *value);
    }

    void read_expectation() {
        const TomlTable* expect = table_.table("expect");
        if (expect == nullptr) { return; }
        for (const TomlValue* item : expect->list("status")) {
            const auto* status = item->get<std::int64_t>();
            if (status != nullptr) { check_.status.push_back(static_cast<std::uint16_t>(*status)); }
        }
        const std::string path = key_path(path_, "expect");
        const std::string* body = text_at(*expect, path, "body");
        if (body == nullptr) { return; }
        if (body->empty()) {
            findings_.report(diagnostics::kEmptyExpectation, expect->find("body")->value.span.at,
                             key_path(path, "body"));
        }
        check_.body = *body;
        if (check_.method == "HEAD") {
            findings_.report(diagnostics::kBodyOfHead, expect->find("body")->key_span.at,
                             key_path(path, "body"));
        }
    }

    const TomlTable& table_;
    const std::string& path_;
    HealthCheck& check_;
    Findings& findings_;
};

}  // namespace

void read_http_check(const TomlEntry& asked, const TomlTable& table, const std::string& path,
                     HealthCheck& check, Findings& findings) {
    HttpCheckReader(table, path, check, findings).read(asked);
}

}  // namespace meridian::zones
