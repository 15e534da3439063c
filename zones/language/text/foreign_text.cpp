// Recognises a file that is of another form altogether, so that one sentence says so.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/text/foreign_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "meridian/utf8.h"
#include "zones/language/text/record_line.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kLookedAtOctets = 4096;  // every kind of file shows itself by then
constexpr std::ptrdiff_t kBinaryControls = 3;  // a text may have one or two by mistake
constexpr std::string_view kBlanksOfLines = " \t\r";

/// What a text is instead of TOML, and the line that shows it.
struct ForeignForm {
    const DiagnosticKind* kind = nullptr;  ///< Takes no values.
    std::uint32_t line = 1;
};

/// The lines of a text one after another, their numbers from 1.
class Lines {
public:
    explicit Lines(std::string_view text) : rest_(text) {}
    bool next() {
        if (rest_.empty()) { return false; }
        const std::size_t end = std::min(rest_.find('\n'), rest_.size() - 1);
        line_ = rest_.substr(0, end + 1);
        rest_.remove_prefix(end + 1);
        if (line_.ends_with('\n')) { line_.remove_suffix(1); }
        if (line_.ends_with('\r')) { line_.remove_suffix(1); }
        ++number_;
        return true;
    }
    [[nodiscard]] std::string_view line() const { return line_; }
    [[nodiscard]] std::uint32_t number() const { return number_; }

private:
    std::string_view rest_;
    std::string_view line_;
    std::uint32_t number_ = 0;
};

std::string_view trimmed_line(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanksOfLines), line.size()));
    return line.substr(0, line.find_last_not_of(kBlanksOfLines) + 1);
}

bool is_key_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
}

/// `key:` or `key: value`, or an item of a list, as YAML has them. TOML has no colon within a bare
/// key.
bool is_yaml(std::string_view line) {
    if (line == "---" || line.starts_with("- ") || line.starts_with("%YAML")) { return true; }
    const std::size_t end = static_cast<std::size_t>(
        std::find_if_not(line.begin(), line.end(), is_key_letter) - line.begin());
    if (end == 0 || end == line.size() || line[end] != ':') { return false; }
    return end + 1 == line.size() || line[end + 1] == ' ';
}

bool is_master_file(std::string_view line) {
    constexpr std::array<std::string_view, 4> kOpenings{"$TTL", "$ORIGIN", "$INCLUDE", "@ "};
    const auto record = record_line(line, 0);
    return (record && record->is_soa) ||
           std::ranges::any_of(kOpenings,
                               [&](std::string_view opening) { return line.starts_with(opening); });
}

/// Whether some line is of TOML and of no other form: then the file is TOML with faulty lines.
bool has_line_of_toml(std::string_view text) {
    for (Lines lines(text); lines.next();) {
        const std::string_view line = trimmed_line(lines.line());
        const std::size_t brackets = std::min(line.find_first_not_of('['), line.size());
        const auto* const end = std::find_if_not(
            line.begin() + static_cast<std::ptrdiff_t>(brackets), line.end(), is_key_letter);
        const bool has_key = end != line.begin() + static_cast<std::ptrdiff_t>(brackets);
        const std::string_view rest =
            trimmed_line(line.substr(static_cast<std::size_t>(end - line.begin())));
        if (has_key && rest.starts_with(brackets == 0 ? '=' : ']')) { return true; }
    }
    return false;
}

/// `key = value`, also with dots and quotes in the key, or `[table]`.
bool is_toml(std::string_view line) {
    if (line.starts_with('[')) { return line.find(']') != std::string_view::npos; }
    const std::size_t equals = line.find('=');
    if (equals == std::string_view::npos) { return false; }
    const std::string_view key = trimmed_line(line.substr(0, equals));
    const std::string_view value = trimmed_line(line.substr(equals + 1));
    const bool is_value =
        !value.empty() &&
        std::string_view("\"'[{0123456789tf").find(value.front()) != std::string_view::npos;
    return is_value && !key.empty() && std::ranges::all_of(key, [](char letter) {
               return is_key_letter(letter) || letter == '.' || letter == '"';
           });
}

/// `options {`, `zone "b.example" {`, `zone "b.example" IN {`: no record ends in a brace.
bool is_server_configuration(std::string_view line) {
    return line.ends_with('{') && line.front() != '{';
}

/// Decides by the first line that is neither empty nor a comment.
const DiagnosticKind* form_of(std::string_view line, std::string_view text) {
    if (line.starts_with('{') || line.starts_with("[{") || line == "[") {
        return &diagnostics::kIsJson;
    }
    if (line.starts_with("<!") || line.starts_with("<?") || line.starts_with("<html") ||
        line.starts_with("<HTML")) {
        return &diagnostics::kIsMarkup;
    }
    if (is_yaml(line) && !has_line_of_toml(text)) { return &diagnostics::kIsYaml; }
    return is_master_file(line) ? &diagnostics::kIsMasterFile : nullptr;
}

/// A line that git and others write where two versions did not agree: a letter seven times, then a
/// blank.
bool has_merge_mark(std::string_view line) {
    constexpr std::size_t kMarkLetters = 7;
    if (!line.starts_with("<<<<<<<") && !line.starts_with(">>>>>>>")) { return false; }
    return line.size() == kMarkLetters || line[kMarkLetters] == ' ';
}

bool is_utf16(std::string_view text) {
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff")) { return true; }
    const std::string_view front = text.substr(0, 8);  // four letters of ASCII without a mark
    const std::size_t zeros_at = front.starts_with('\0') ? 0 : 1;  // of each two octets
    for (std::size_t i = 0; i < front.size(); ++i) {
        if ((front[i] == '\0') != (i % 2 == zeros_at)) { return false; }  // all zeros, too
    }
    return front.size() >= 4;
}

}  // namespace

const DiagnosticKind* unreadable_form(std::string_view text) {
    if (is_utf16(text)) { return &diagnostics::kIsUtf16; }
    const std::string_view front = text.substr(0, kLookedAtOctets);
    const bool is_compressed = front.starts_with("\x1f\x8b") || front.starts_with("PK\x03\x04");
    const auto controls = std::ranges::count_if(front, [](char octet) {
        return static_cast<unsigned char>(octet) < 0x20 && octet != '\t' && octet != '\n' &&
               octet != '\r';
    });
    const bool has_zero = front.find('\0') != std::string_view::npos;
    return is_compressed || (has_zero && controls >= kBinaryControls) ? &diagnostics::kIsBinary
                                                                      : nullptr;
}

namespace {

/// Expects a text that is no TOML: a text of TOML may hold what looks like the marks of a merge.
std::optional<ForeignForm> foreign_form(std::string_view text) {
    if (const DiagnosticKind* unreadable = unreadable_form(text)) {
        return ForeignForm{unreadable, 1};
    }
    if (text.starts_with(kByteOrderMark)) { text.remove_prefix(kByteOrderMark.size()); }
    bool is_first = true;
    std::uint32_t semicolon_line = 0;  // of a comment, as master files have them
    for (Lines lines(text); lines.next();) {
        if (has_merge_mark(lines.line())) {
            return ForeignForm{&diagnostics::kMergeMark, lines.number()};
        }
        const std::string_view line = trimmed_line(lines.line());
        if (!is_first || line.empty() || line.starts_with('#')) { continue; }
        if (line.starts_with(';')) {
            semicolon_line = semicolon_line == 0 ? lines.number() : semicolon_line;
            continue;
        }
        is_first = false;
        if (const DiagnosticKind* form = form_of(line, text)) {
            const bool below = semicolon_line > 0 && form == &diagnostics::kIsMasterFile;
            return ForeignForm{form, below ? semicolon_line : lines.number()};
        }
    }
    if (is_first && semicolon_line > 0) {
        return ForeignForm{&diagnostics::kIsMasterFile, semicolon_line};
    }
    return {};
}

}  // namespace

Diagnostics explained(const std::string& file, std::string_view text, Diagnostics faults) {
    const auto form = foreign_form(text);
    if (!form) { return faults; }
    Diagnostic only = diagnostic_of(*form->kind, file, {form->line, 1, 1}, "");
    const auto same_line = std::ranges::find_if(
        faults, [&](const Diagnostic& fault) { return fault.at.line == form->line; });
    const bool is_readable =
        form->kind != &diagnostics::kIsUtf16 && form->kind != &diagnostics::kIsBinary;
    if (is_readable && same_line != faults.end()) { only.source_line = same_line->source_line; }
    return {std::move(only)};
}

std::optional<ForeignMasterForm> foreign_master_form(std::string_view text) {
    constexpr std::string_view kExample =
        "a line of a master file is OWNER [TTL] [CLASS] TYPE DATA";
    text = text.substr(0, kLookedAtOctets);
    if (text.starts_with(kByteOrderMark)) { text.remove_prefix(kByteOrderMark.size()); }
    for (Lines lines(text); lines.next();) {
        const std::string_view line = trimmed_line(lines.line());
        if (line.empty() || line.starts_with('#') || line.starts_with("//")) { continue; }
        const DiagnosticKind* const form = form_of(line, line);
        if (form == &diagnostics::kIsJson) {
            return ForeignMasterForm{"JSON", kExample, lines.number()};
        }
        if (form == &diagnostics::kIsMarkup) {
            return ForeignMasterForm{"HTML or XML",
                                     "was an error page saved instead of the file that was to be "
                                     "fetched?",
                                     lines.number()};
        }
        if (form == &diagnostics::kIsYaml) {
            return ForeignMasterForm{"YAML", kExample, lines.number()};
        }
        if (is_toml(line)) {
            return ForeignMasterForm{"TOML", "end its name in .toml instead", lines.number()};
        }
        if (is_server_configuration(line)) {
            return ForeignMasterForm{"a configuration, such as BIND's named.conf", kExample,
                                     lines.number()};
        }
        return {};
    }
    return {};
}

}  // namespace meridian::zones
