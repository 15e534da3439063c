// Renders a log message with its fields as text or as members of a JSON object.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/log_text.h"

#include "meridian/terminal_text.h"

namespace meridian::server {

namespace {

void append_escaped(std::string& out, std::string_view text, bool quoted) {
    while (!text.empty()) {
        if (quoted && (text[0] == '"' || text[0] == '\\')) { out += '\\'; }
        append_shown(out, text);
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

}  // namespace meridian::server
