// Reads the presentation form of a name into a buffer, without allocating.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/name_text.h"

#include <algorithm>
#include <array>

namespace meridian::dns {
namespace {

bool is_printable(char character) {
    return character >= ' ' && character <= '~';
}

/// Whether an octet of a label may stand for itself.
constexpr std::array<bool, 256> kPlain = [] {
    std::array<bool, 256> plain{};
    for (unsigned octet = '!'; octet <= '~'; ++octet) {
        plain[octet] = octet != '.' && octet != '\\';
    }
    return plain;
}();

/// Takes an escape off the front of `text`: `\X`, or `\DDD`, which may stand for any octet.
std::optional<std::uint8_t> take_escaped(std::string_view& text) {
    constexpr std::size_t kDigits = 3;
    text.remove_prefix(1);
    if (text.empty()) { return {}; }
    if (!is_digit(text.front())) {
        const auto octet = static_cast<std::uint8_t>(text.front());
        text.remove_prefix(1);
        return octet;
    }
    const std::string_view digits = text.substr(0, kDigits);
    if (digits.size() < kDigits || !std::ranges::all_of(digits, is_digit)) { return {}; }
    const int value = (digits[0] - '0') * 100 + (digits[1] - '0') * 10 + (digits[2] - '0');
    if (value > 255) { return {}; }
    text.remove_prefix(kDigits);
    return static_cast<std::uint8_t>(value);
}

}  // namespace

std::optional<NameError> NameBuffer::read(std::string_view text,
                                          std::span<const std::uint8_t> origin) {
    label_at_ = 0;
    count_ = 1;
    if (text.empty()) { return NameError::Empty; }
    if (text == "@") { return end_with(origin); }
    if (text == ".") { return end_with({}); }
    while (!text.empty()) {
        take_plain(text);
        if (count_ - label_at_ - 1 > kMaxLabelOctets) { return NameError::LabelTooLong; }
        if (text.empty()) { break; }
        if (text.front() != '.') {
            if (const auto error = add(text)) { return error; }
            continue;
        }
        if (const auto error = end_label()) { return error; }
        text.remove_prefix(1);
        if (text.empty()) { return end_with({}); }
    }
    if (const auto error = end_label()) { return error; }
    return end_with(origin);
}

/// Moves plain octets from the front of `text` to the end of the label, at most one more than fit.
void NameBuffer::take_plain(std::string_view& text) {
    const std::size_t room = kMaxLabelOctets + 1 - (count_ - label_at_ - 1);
    const std::string_view front = text.substr(0, room);
    std::size_t octets = 0;
    while (octets < front.size() && kPlain[static_cast<unsigned char>(front[octets])]) {
        octets_[count_ + octets] = static_cast<std::uint8_t>(front[octets]);
        ++octets;
    }
    count_ += octets;
    text.remove_prefix(octets);
}

/// Moves one octet from the front of `text` to the end of the label.
std::optional<NameError> NameBuffer::add(std::string_view& text) {
    if (text.front() != '\\') {
        if (text.front() == ' ') { return NameError::Space; }
        if (!is_printable(text.front())) { return NameError::NotAscii; }
        octets_[count_++] = static_cast<std::uint8_t>(text.front());
        text.remove_prefix(1);
    } else {
        const bool decimal = text.size() > 1 && is_digit(text[1]);
        const auto octet = take_escaped(text);
        if (!octet) { return NameError::BadEscape; }
        if (!decimal && !is_printable(static_cast<char>(*octet))) { return NameError::NotAscii; }
        octets_[count_++] = *octet;
    }
    if (count_ - label_at_ - 1 > kMaxLabelOctets) { return NameError::LabelTooLong; }
    return {};
}

std::optional<NameError> NameBuffer::end_label() {
    const std::size_t label_octets = count_ - label_at_ - 1;
    if (label_octets == 0) { return NameError::EmptyLabel; }
    octets_[label_at_] = static_cast<std::uint8_t>(label_octets);
    label_at_ = count_++;
    if (count_ > kMaxNameOctets) { return NameError::NameTooLong; }
    return {};
}

/// Ends the name: appends `suffix`, or the root, behind its last label.
std::optional<NameError> NameBuffer::end_with(std::span<const std::uint8_t> suffix) {
    octets_[label_at_] = 0;
    if (suffix.empty()) { return {}; }
    if (label_at_ + suffix.size() > kMaxNameOctets) { return NameError::NameTooLong; }
    std::ranges::copy(suffix, octets_.begin() + static_cast<std::ptrdiff_t>(label_at_));
    count_ = label_at_ + suffix.size();
    return {};
}

}  // namespace meridian::dns
