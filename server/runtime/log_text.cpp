// Renders a log message with its fields as text or as members of a JSON object.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log_text.h"

#include <array>
#include <cstdint>

namespace meridian::server {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

/// Octets of the well-formed UTF-8 character at the front (RFC 3629 §4), 0 when there is none.
std::size_t character_octets(std::string_view text) {
    const auto octet = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
    const std::uint8_t first = octet(0);
    if (first < 0x80) { return 1; }
    const std::size_t length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (first < 0xc2 || first > 0xf4 || text.size() < length) { return 0; }
    for (std::size_t i = 1; i < length; ++i) {
        if ((octet(i) & 0xc0) != 0x80) { return 0; }
    }
    const std::uint8_t second = octet(1);
    const bool overlong = (first == 0xe0 && second < 0xa0) || (first == 0xf0 && second < 0x90);
    const bool surrogate = first == 0xed && second > 0x9f;
    const bool beyond = first == 0xf4 && second > 0x8f;
    return overlong || surrogate || beyond ? 0 : length;
}

/// C0, DEL, and C1 in its UTF-8 form, which some terminals obey.
bool is_control(std::string_view character) {
    const auto first = static_cast<std::uint8_t>(character[0]);
    if (character.size() == 1) { return first < 0x20 || first == 0x7f; }
    return first == 0xc2 && static_cast<std::uint8_t>(character[1]) < 0xa0;
}

void append_escaped(std::string& out, std::string_view text, bool quoted) {
    constexpr std::string_view kHex = "0123456789abcdef";
    while (!text.empty()) {
        const std::size_t octets = character_octets(text);
        const std::string_view character = text.substr(0, octets == 0 ? 1 : octets);
        text.remove_prefix(character.size());
        if (octets == 0) {
            out += kReplacement;
        } else if (is_control(character)) {
            const auto code = static_cast<std::uint8_t>(character.back());
            out += "\\u00";
            out += kHex[code >> 4];
            out += kHex[code & 15];
        } else if (quoted && (character == "\"" || character == "\\")) {
            out += '\\';
            out += character;
        } else {
            out += character;
        }
    }
}

bool needs_quotes(std::string_view value) {
    return value.empty() || value.find_first_of(" \"=\\") != std::string_view::npos;
}

}  // namespace

std::string render_log_message(LogFormat format, std::string_view message, LogFields fields) {
    std::string out;
    if (format == LogFormat::Json) {
        out += "\"message\":\"";
        append_escaped(out, message, true);
        out += '"';
        for (const LogField& field : fields) {
            out += ",\"";
            append_escaped(out, field.key, true);
            out += field.is_number ? "\":" : "\":\"";
            append_escaped(out, field.value, true);
            if (!field.is_number) { out += '"'; }
        }
        return out;
    }
    append_escaped(out, message, false);
    for (const LogField& field : fields) {
        const bool quoted = needs_quotes(field.value);
        out += ' ';
        append_escaped(out, field.key, false);
        out += quoted ? "=\"" : "=";
        append_escaped(out, field.value, quoted);
        if (quoted) { out += '"'; }
    }
    return out;
}

std::string printable(std::string_view text) {
    std::string out;
    append_escaped(out, text, false);
    return out;
}

}  // namespace meridian::server
