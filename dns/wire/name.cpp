// Reads, compares and prints domain names.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/name.h"

#include <algorithm>
#include <array>

#include "meridian/assert.h"
#include "meridian/dns/ascii_case.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

/// Where each label's length octet lies, first label first; the root label is left out.
struct LabelStarts {
    std::array<std::uint8_t, kMaxNameLabels> offsets{};
    std::size_t count = 0;
};

LabelStarts label_starts(Octets wire) {
    LabelStarts starts;
    for (std::size_t offset = 0; wire[offset] != 0; offset += 1u + wire[offset]) {
        starts.offsets[starts.count] = static_cast<std::uint8_t>(offset);
        ++starts.count;
    }
    return starts;
}

bool equal_ignoring_case(Octets left, Octets right) {
    return std::equal(
        left.begin(), left.end(), right.begin(), right.end(),
        [](std::uint8_t a, std::uint8_t b) { return lower_cased(a) == lower_cased(b); });
}

std::strong_ordering compare_labels(Octets left, Octets right) {
    return std::lexicographical_compare_three_way(
        left.begin(), left.end(), right.begin(), right.end(),
        [](std::uint8_t a, std::uint8_t b) { return lower_cased(a) <=> lower_cased(b); });
}

bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/// Takes text apart into labels. What it has read so far is always a valid prefix of a name.
class TextReader {
public:
    explicit TextReader(std::string_view text) : text_(text) {}

    /// Reads to the end of the text. Says whether it ended in a dot, which makes it absolute.
    Result<bool, NameError> read() {
        std::vector<std::uint8_t> label;
        while (!text_.empty()) {
            if (text_.front() == '.') {
                text_.remove_prefix(1);
                if (const auto added = add_label(label); !added) { return added; }
                if (text_.empty()) { return true; }
                continue;
            }
            const Result<std::uint8_t, NameError> octet = read_octet();
            if (!octet) { return Failure{octet.error()}; }
            label.push_back(*octet);
            if (label.size() > kMaxLabelOctets) { return Failure{NameError::LabelTooLong}; }
        }
        if (const auto added = add_label(label); !added) { return added; }
        return false;
    }

    [[nodiscard]] const std::vector<std::uint8_t>& labels() const { return labels_; }

private:
    /// The value stands for nothing; only the error counts.
    Result<bool, NameError> add_label(std::vector<std::uint8_t>& label) {
        if (label.empty()) { return Failure{NameError::EmptyLabel}; }
        labels_.push_back(static_cast<std::uint8_t>(label.size()));
        labels_.insert(labels_.end(), label.begin(), label.end());
        label.clear();
        if (labels_.size() + 1 > kMaxNameOctets) { return Failure{NameError::NameTooLong}; }
        return true;
    }

    Result<std::uint8_t, NameError> read_octet() {
        const char first = text_.front();
        text_.remove_prefix(1);
        if (first != '\\') { return printable(first); }
        if (text_.empty()) { return Failure{NameError::BadEscape}; }
        if (is_digit(text_.front())) { return read_decimal(); }
        const char escaped = text_.front();
        text_.remove_prefix(1);
        return printable(escaped);
    }

    /// The three digits of `\DDD`, which stand for any octet at all.
    Result<std::uint8_t, NameError> read_decimal() {
        constexpr std::size_t kDigits = 3;
        const std::string_view digits = text_.substr(0, kDigits);
        if (digits.size() < kDigits || !std::all_of(digits.begin(), digits.end(), is_digit)) {
            return Failure{NameError::BadEscape};
        }
        const int value = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
        if (value > 255) { return Failure{NameError::BadEscape}; }
        text_.remove_prefix(kDigits);
        return static_cast<std::uint8_t>(value);
    }

    static Result<std::uint8_t, NameError> printable(char character) {
        if (character < ' ' || character > '~') { return Failure{NameError::NotAscii}; }
        return static_cast<std::uint8_t>(character);
    }

    std::string_view text_;
    std::vector<std::uint8_t> labels_;
};

void append_escaped(std::string& text, std::uint8_t octet) {
    // What dig escapes: the characters with a meaning in a master file (RFC 1035 §5.1).
    constexpr std::string_view kSpecial = "\"().;\\@$";
    if (octet <= ' ' || octet > '~') {
        text += '\\';
        text += static_cast<char>('0' + octet / 100);
        text += static_cast<char>('0' + octet / 10 % 10);
        text += static_cast<char>('0' + octet % 10);
        return;
    }
    const char character = static_cast<char>(octet);
    if (kSpecial.find(character) != kSpecial.npos) { text += '\\'; }
    text += character;
}

}  // namespace

std::string_view describe(NameError error) {
    switch (error) {
        case NameError::Empty:
            return "the name is empty";
        case NameError::EmptyLabel:
            return "a label is empty (two dots side by side, or one in front)";
        case NameError::LabelTooLong:
            return "a label is longer than 63 octets";
        case NameError::NameTooLong:
            return "the name is longer than 255 octets";
        case NameError::BadEscape:
            return "a backslash needs a character or three digits of at most 255 behind it";
        case NameError::NotAscii:
            return "the name holds a character that is not printable ASCII";
    }
    return "the name is malformed";
}

Name::Name() : wire_{0} {}

Result<Name, NameError> Name::parse(std::string_view text, const Name& origin) {
    if (text.empty()) { return Failure{NameError::Empty}; }
    if (text == "@") { return origin; }
    if (text == ".") { return Name(); }
    TextReader reader(text);
    const Result<bool, NameError> is_absolute = reader.read();
    if (!is_absolute) { return Failure{is_absolute.error()}; }

    const Octets suffix = *is_absolute ? Octets{} : origin.wire();
    Name name;
    name.wire_ = reader.labels();
    name.wire_.insert(name.wire_.end(), suffix.begin(), suffix.end());
    if (suffix.empty()) { name.wire_.push_back(0); }
    if (name.wire_.size() > kMaxNameOctets) { return Failure{NameError::NameTooLong}; }
    return name;
}

Result<Name, NameError> Name::parse_absolute(std::string_view text) {
    // Without an origin "@" stands for nothing but itself.
    if (text == "@") { return Name().child(text); }
    return parse(text, Name());
}

Result<Name, NameError> Name::from_wire(Octets octets) {
    std::size_t end = 0;
    while (true) {
        if (end >= octets.size()) { return Failure{NameError::Empty}; }
        const std::size_t label_octets = octets[end];
        if (label_octets > kMaxLabelOctets) { return Failure{NameError::LabelTooLong}; }
        end += 1 + label_octets;
        if (end > kMaxNameOctets) { return Failure{NameError::NameTooLong}; }
        if (label_octets == 0) { break; }
    }
    Name name;
    name.wire_.assign(octets.begin(), octets.begin() + static_cast<std::ptrdiff_t>(end));
    return name;
}

std::span<const std::uint8_t> Name::wire() const {
    return wire_;
}

std::size_t Name::octets() const {
    return wire_.size();
}

std::size_t Name::label_count() const {
    return label_starts(wire_).count;
}

bool Name::is_root() const {
    return wire_.size() == 1;
}

bool Name::is_wildcard() const {
    return wire_.size() > 2 && wire_[0] == 1 && wire_[1] == '*';
}

Name Name::parent() const {
    MERIDIAN_ASSERT(!is_root());
    Name name;
    name.wire_.assign(wire_.begin() + 1 + wire_[0], wire_.end());
    return name;
}

Name Name::lower_cased() const {
    Name name;
    name.wire_.resize(wire_.size());
    std::transform(wire_.begin(), wire_.end(), name.wire_.begin(),
                   [](std::uint8_t octet) { return dns::lower_cased(octet); });
    return name;
}

bool Name::is_at_or_below(const Name& ancestor) const {
    // The last octets may look like the ancestor and yet begin in the middle of a label.
    const LabelStarts starts = label_starts(wire_);
    const std::size_t ancestor_labels = ancestor.label_count();
    if (ancestor_labels > starts.count) { return false; }
    if (ancestor_labels == 0) { return true; }
    const std::size_t offset = starts.offsets[starts.count - ancestor_labels];
    return equal_ignoring_case(wire().subspan(offset), ancestor.wire());
}

Result<Name, NameError> Name::child(std::string_view label) const {
    if (label.empty()) { return Failure{NameError::EmptyLabel}; }
    if (label.size() > kMaxLabelOctets) { return Failure{NameError::LabelTooLong}; }
    if (1 + label.size() + wire_.size() > kMaxNameOctets) {
        return Failure{NameError::NameTooLong};
    }
    Name name;
    name.wire_.assign(1, static_cast<std::uint8_t>(label.size()));
    name.wire_.insert(name.wire_.end(), label.begin(), label.end());
    name.wire_.insert(name.wire_.end(), wire_.begin(), wire_.end());
    return name;
}

std::string Name::to_text() const {
    if (is_root()) { return "."; }
    std::string text;
    for (std::size_t offset = 0; wire_[offset] != 0; offset += 1u + wire_[offset]) {
        for (const std::uint8_t octet : wire().subspan(offset + 1, wire_[offset])) {
            append_escaped(text, octet);
        }
        text += '.';
    }
    return text;
}

bool operator==(const Name& left, const Name& right) {
    return equal_ignoring_case(left.wire_, right.wire_);
}

std::strong_ordering operator<=>(const Name& left, const Name& right) {
    const LabelStarts left_starts = label_starts(left.wire_);
    const LabelStarts right_starts = label_starts(right.wire_);
    const std::size_t shared = std::min(left_starts.count, right_starts.count);
    for (std::size_t depth = 1; depth <= shared; ++depth) {
        const std::size_t left_at = left_starts.offsets[left_starts.count - depth];
        const std::size_t right_at = right_starts.offsets[right_starts.count - depth];
        const auto order =
            compare_labels(left.wire().subspan(left_at + 1, left.wire_[left_at]),
                           right.wire().subspan(right_at + 1, right.wire_[right_at]));
        if (order != 0) { return order; }
    }
    return left_starts.count <=> right_starts.count;
}

}  // namespace meridian::dns
