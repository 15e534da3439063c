// Renders a log message with its fields as text or as members of a JSON object.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log_text.h"

#include <array>
#include <cstdint>

#include "meridian/utf8.h"

namespace meridian::server {

namespace {

constexpr std::string_view kReplacement = "\xef\xbf\xbd";  // U+FFFD

/// C0, DEL, and C1 in its UTF-8 form, which some terminals obey.
bool is_control(std::string_view character) {
    const auto first = static_cast<std::uint8_t>(character[0]);
    if (character.size() == 1) { return first < 0x20 || first == 0x7f; }
    return first == 0xc2 && static_cast<std::uint8_t>(character[1]) < 0xa0;
}

void append_escaped(std::string& out, std::string_view text, bool quoted) {
    constexpr std::string_view kHex = "0123456789abcdef";
    while (!text.empty()) {
        const std::size_t octets = utf8_octets(text, 0);
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
