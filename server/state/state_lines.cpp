// Frames the lines of a state file: which form they have, and whether they are whole.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/state/state_lines.h"

#include <algorithm>

#include "meridian/octet_hash.h"

namespace meridian::server {

std::string_view take_until(std::string_view& text, char separator) {
    const std::string_view taken = text.substr(0, text.find(separator));
    text.remove_prefix(std::min(text.size(), taken.size() + 1));
    return taken;
}

std::string write_state_lines(const StateForm& form, const std::string& lines) {
    std::string text = std::string(form.title) + std::to_string(form.version) + '\n' + lines;
    return text + std::string(kDigestWord) + digest_of(text).to_text() + '\n';
}

Result<Unit, std::string> read_state_lines(const StateForm& form, std::string_view text,
                                           const std::function<bool(std::string_view)>& take) {
    const Failure damaged{std::string("it is damaged")};
    std::string_view rest = text;
    const std::string_view title = take_until(rest, '\n');
    if (!title.starts_with(form.title)) { return damaged; }
    const auto version = parse_number<std::uint32_t>(title.substr(form.title.size()));
    if (!version) { return damaged; }
    if (*version != form.version) {
        return Failure{"it is in version " + std::to_string(*version) +
                       " of its form, and this Meridian reads version " +
                       std::to_string(form.version)};
    }
    while (!rest.empty()) {
        const std::string_view above = text.substr(0, text.size() - rest.size());
        const std::string_view line = take_until(rest, '\n');
        if (!line.starts_with(kDigestWord)) {
            if (!take(line)) { return damaged; }
            continue;
        }
        const bool whole = rest.empty() && text.ends_with('\n') &&
                           line.substr(kDigestWord.size()) == digest_of(above).to_text();
        if (whole) { return Unit{}; }
        return damaged;
    }
    return damaged;
}

}  // namespace meridian::server
