// Reads the most common RDATA without allocating anything but the result.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_plain.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <span>
#include <system_error>

#include "dns/wire/name_text.h"
#include "dns/wire/rdata_number.h"
#include "dns/wire/rdata_token.h"
#include "meridian/limits.h"

namespace meridian::dns {
namespace {

constexpr std::size_t kMaxAddressText = 45;  // RFC 4291 §2.2, with an IPv4 address at its end

/// Octets of a word that stand for themselves, at any position.
constexpr std::array<bool, 256> kPlainOctets = [] {
    std::array<bool, 256> plain{};
    for (unsigned octet = 0; octet < plain.size(); ++octet) {
        const char c = static_cast<char>(octet);
        plain[octet] =
            !is_control(c) && c != ' ' && c != '"' && c != '\\' && c != '(' && c != ')' && c != ';';
    }
    return plain;
}();

std::string_view without_leading_spaces(std::string_view text) {
    while (!text.empty() && is_space(text.front())) {
        text.remove_prefix(1);
    }
    return text;
}

/// Takes words off the front of a text. A word with any other octet is refused.
class Words {
public:
    explicit Words(std::string_view text) : text_(without_leading_spaces(text)) {}

    [[nodiscard]] bool at_end() const { return text_.empty(); }
    [[nodiscard]] bool at_quote() const { return text_.front() == '"'; }

    /// Empty when there is no plain word.
    std::string_view take() {
        std::size_t octets = 0;
        while (octets < text_.size() && kPlainOctets[static_cast<unsigned char>(text_[octets])]) {
            ++octets;
        }
        if (octets < text_.size() && !is_space(text_[octets])) { return {}; }
        return advance(octets, octets);
    }
    /// The string between the quotes here; none when an octet in it or behind it is not plain.
    std::optional<std::string_view> take_quoted() {
        text_.remove_prefix(1);
        std::size_t octets = 0;
        while (octets < text_.size() && text_[octets] != '"') {
            const char c = text_[octets];
            if (c == '\\' || (is_control(c) && c != '\t')) { return {}; }
            ++octets;
        }
        if (octets == text_.size()) { return {}; }
        if (octets + 1 < text_.size() && !is_space(text_[octets + 1])) { return {}; }
        return advance(octets, octets + 1);
    }
    std::optional<std::uint16_t> take_u16() {
        const std::string_view word = take();
        std::uint16_t value = 0;
        const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
        if (error != std::errc() || end != word.data() + word.size()) { return {}; }
        return value;
    }

private:
    std::string_view advance(std::size_t word_octets, std::size_t octets) {
        const std::string_view word = text_.substr(0, word_octets);
        text_ = without_leading_spaces(text_.substr(octets));
        return word;
    }

    std::string_view text_;
};

std::optional<Rdata> read_address(int family, std::size_t octets, std::string_view word) {
    std::array<char, kMaxAddressText + 1> terminated{};
    std::array<std::uint8_t, 16> address{};
    if (word.size() > kMaxAddressText) { return {}; }
    std::ranges::copy(word, terminated.begin());
    if (inet_pton(family, terminated.data(), address.data()) != 1) { return {}; }
    const auto wire = std::span(address).first(octets);
    return Rdata(wire.begin(), wire.end());
}

/// `number_count` numbers of 16 bits and a name.
std::optional<Rdata> read_target(std::size_t number_count, Words& words, const Name& origin) {
    std::array<std::uint16_t, 3> numbers{};
    for (std::size_t i = 0; i < number_count; ++i) {
        const auto number = words.take_u16();
        if (!number) { return {}; }
        numbers[i] = *number;
    }
    NameBuffer name;
    if (name.read(words.take(), origin.wire())) { return {}; }
    Rdata wire;
    wire.reserve(2 * number_count + name.wire().size());
    for (const std::uint16_t number : std::span(numbers).first(number_count)) {
        append_u16(wire, number);
    }
    append(wire, name.wire());
    return wire;
}

std::optional<Rdata> read_strings(Words& words, std::size_t text_octets) {
    Rdata wire;
    wire.reserve(text_octets + 1);  // each string has at least a space or quotes
    do {
        std::optional<std::string_view> string;
        if (words.at_quote()) {
            string = words.take_quoted();
        } else if (const std::string_view word = words.take(); !word.empty()) {
            string = word;
        }
        if (!string || string->size() > kMaxStringOctets) { return {}; }
        wire.push_back(static_cast<std::uint8_t>(string->size()));
        wire.insert(wire.end(), string->begin(), string->end());
    } while (!words.at_end());
    return wire.size() <= kMaxRdataOctets ? std::optional(std::move(wire)) : std::nullopt;
}

}  // namespace

std::optional<Rdata> read_plain_rdata(Type type, std::string_view text, const Name& origin) {
    Words words(text);
    if (words.at_end()) { return {}; }
    std::optional<Rdata> wire;
    switch (type) {
        case Type::A:
            wire = read_address(AF_INET, 4, words.take());
            break;
        case Type::AAAA:
            wire = read_address(AF_INET6, 16, words.take());
            break;
        case Type::NS:
        case Type::CNAME:
        case Type::PTR:
        case Type::DNAME:
            wire = read_target(0, words, origin);
            break;
        case Type::MX:
            wire = read_target(1, words, origin);
            break;
        case Type::SRV:
            wire = read_target(3, words, origin);
            break;
        case Type::TXT:
        case Type::SPF:
            if (text.size() <= 2 * kMaxRdataOctets) { wire = read_strings(words, text.size()); }
            break;
        default:
            break;
    }
    return words.at_end() ? std::move(wire) : std::nullopt;
}

}  // namespace meridian::dns
