// Recognises a file that is of another form altogether, so that one sentence says so.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/foreign_text.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include "zones/model/messages.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kLookedAtOctets = 4096;  // every kind of file shows itself by then
constexpr std::ptrdiff_t kBinaryControls = 3;  // a text has one or two by mistake
constexpr std::string_view kBlanks = " \t\r";

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

std::string_view without_blanks(std::string_view line) {
    line.remove_prefix(std::min(line.find_first_not_of(kBlanks), line.size()));
    return line.substr(0, line.find_last_not_of(kBlanks) + 1);
}

bool is_key_letter(char letter) {
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') || letter == '_' || letter == '-';
}

/// `key:` or `key: value`, or an item of a list, as YAML has them. A colon within a bare key is no
/// TOML wherever it stands.
bool is_yaml(std::string_view line) {
    if (line == "---" || line.starts_with("- ") || line.starts_with("%YAML")) { return true; }
    const std::size_t end = static_cast<std::size_t>(
        std::find_if_not(line.begin(), line.end(), is_key_letter) - line.begin());
    if (end == 0 || end == line.size() || line[end] != ':') { return false; }
    return end + 1 == line.size() || line[end + 1] == ' ';
}

bool is_master_file(std::string_view line) {
    constexpr std::array<std::string_view, 4> kOpenings{"$TTL", "$ORIGIN", "$INCLUDE", "@ "};
    return line.starts_with(';') || std::ranges::any_of(kOpenings, [&](std::string_view opening) {
               return line.starts_with(opening);
           });
}

/// By the first line that says something.
const Message* form_of(std::string_view line) {
    if (line.starts_with('{') || line.starts_with("[{") || line == "[") {
        return &messages::kIsJson;
    }
    if (line.starts_with("<!") || line.starts_with("<?") || line.starts_with("<html") ||
        line.starts_with("<HTML")) {
        return &messages::kIsMarkup;
    }
    if (is_yaml(line)) { return &messages::kIsYaml; }
    return is_master_file(line) ? &messages::kIsMasterFile : nullptr;
}

/// What git and others leave where two versions did not agree: seven of a letter and a blank.
bool is_merge_mark(std::string_view line) {
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

const Message* unreadable_form(std::string_view text) {
    if (is_utf16(text)) { return &messages::kIsUtf16; }
    const std::string_view front = text.substr(0, kLookedAtOctets);
    const bool is_compressed = front.starts_with("\x1f\x8b") || front.starts_with("PK\x03\x04");
    const auto controls = std::ranges::count_if(front, [](char octet) {
        return static_cast<unsigned char>(octet) < 0x20 && octet != '\t' && octet != '\n' &&
               octet != '\r';
    });
    const bool has_zero = front.find('\0') != std::string_view::npos;
    return is_compressed || (has_zero && controls >= kBinaryControls) ? &messages::kIsBinary
                                                                      : nullptr;
}

std::optional<ForeignForm> foreign_form(std::string_view text) {
    if (const Message* unreadable = unreadable_form(text)) { return ForeignForm{unreadable, 1}; }
    constexpr std::string_view kByteOrderMark = "\xef\xbb\xbf";
    if (text.starts_with(kByteOrderMark)) { text.remove_prefix(kByteOrderMark.size()); }
    bool is_first = true;
    for (Lines lines(text); lines.next();) {
        if (is_merge_mark(lines.line())) {
            return ForeignForm{&messages::kMergeMark, lines.number()};
        }
        const std::string_view line = without_blanks(lines.line());
        if (!is_first || line.empty() || line.starts_with('#')) { continue; }
        is_first = false;
        if (const Message* form = form_of(line)) { return ForeignForm{form, lines.number()}; }
    }
    return {};
}

}  // namespace meridian::zones
