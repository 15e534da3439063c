// Describes one change of what the server answers by, as a line of the journal.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/journal/journal_entry.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "meridian/enum_words.h"
#include "meridian/limits.h"
#include "meridian/octet_hash.h"
#include "server/state/state_lines.h"

namespace meridian::server {
namespace {

constexpr std::array<std::string_view, 11> kKinds{"start",    "stop",    "target", "region",
                                                  "override", "release", "reload", "zone",
                                                  "database", "alarm",   "lost"};
constexpr char kSeparator = '\t';
constexpr std::string_view kStateMark = "=";
constexpr std::string_view kNewsMark = "+";

/// The texts of an entry in the order of the line.
constexpr std::array kTexts{&JournalEntry::subject, &JournalEntry::state,  &JournalEntry::before,
                            &JournalEntry::detail,  &JournalEntry::region, &JournalEntry::service,
                            &JournalEntry::file,    &JournalEntry::author, &JournalEntry::cause};

/// Lines end in a line feed, and the parts of one are between tabs.
std::string one_field(std::string_view text) {
    std::string field(text.substr(0, kMaxJournalFieldOctets));
    std::ranges::replace_if(
        field,
        [](char letter) {
            const auto octet = static_cast<unsigned char>(letter);
            return octet < 0x20 || octet == 0x7f;
        },
        ' ');
    return field;
}

}  // namespace

std::string_view to_text(JournalKind kind) {
    return kKinds.at(static_cast<std::size_t>(kind));
}

std::optional<JournalKind> journal_kind_from_text(std::string_view text) {
    return enum_from_text<JournalKind>(kKinds, text);
}

std::string journal_line(const JournalEntry& entry) {
    std::string text(entry.is_state ? kStateMark : kNewsMark);
    const auto add = [&text](std::string_view field) {
        text += kSeparator;
        text += field;
    };
    add(std::to_string(entry.at));
    add(to_text(entry.kind));
    add(std::to_string(entry.until));
    for (const auto member : kTexts) {
        add(one_field(entry.*member));
    }
    return digested(text) + '\n';
}

std::string digested(const std::string& text) {
    return digest_of(text).to_text() + kSeparator + text;
}

std::optional<JournalEntry> parse_journal_line(std::string_view line) {
    const auto digest = Digest::parse(take_until(line, kSeparator));
    if (!digest || *digest != digest_of(line)) { return {}; }
    const std::string_view mark = take_until(line, kSeparator);
    const auto at = parse_number<std::int64_t>(take_until(line, kSeparator));
    const auto kind = journal_kind_from_text(take_until(line, kSeparator));
    const auto until = parse_number<std::int64_t>(take_until(line, kSeparator));
    if ((mark != kStateMark && mark != kNewsMark) || !at || !kind || !until) { return {}; }
    JournalEntry entry{.kind = *kind, .is_state = mark == kStateMark, .at = *at, .until = *until};
    for (const auto member : kTexts) {
        entry.*member = take_until(line, kSeparator);
    }
    if (!line.empty()) { return {}; }
    return entry;
}

}  // namespace meridian::server
