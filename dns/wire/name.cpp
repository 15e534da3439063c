// Reads, compares and prints domain names.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/name.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "dns/wire/label_starts.h"
#include "dns/wire/name_text.h"
#include "dns/wire/rdata_faults.h"
#include "meridian/assert.h"
#include "meridian/dns/wire/ascii_case.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

std::uint64_t eight_octets(const std::uint8_t* octets) {
    std::uint64_t eight = 0;
    std::memcpy(&eight, octets, sizeof eight);
    return lower_cased_eight(eight);
}

std::strong_ordering compare_labels(Octets left, Octets right) {
    return std::lexicographical_compare_three_way(
        left.begin(), left.end(), right.begin(), right.end(),
        [](std::uint8_t a, std::uint8_t b) { return lower_cased(a) <=> lower_cased(b); });
}

void append_escaped(std::string& text, std::uint8_t octet) {
    // The characters that dig escapes: those with a meaning in a master file (RFC 1035 §5.1).
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

/// Compares eight octets at a time; the last eight overlap those before.
bool same_name(Octets left, Octets right) {
    if (left.size() != right.size()) { return false; }
    if (left.size() < 8) {
        return std::equal(
            left.begin(), left.end(), right.begin(),
            [](std::uint8_t a, std::uint8_t b) { return lower_cased(a) == lower_cased(b); });
    }
    const std::size_t last = left.size() - 8;
    for (std::size_t at = 0; at < last; at += 8) {
        if (eight_octets(&left[at]) != eight_octets(&right[at])) { return false; }
    }
    return eight_octets(&left[last]) == eight_octets(&right[last]);
}

std::size_t label_count(Octets name) {
    std::size_t count = 0;
    for (std::size_t offset = 0; name[offset] != 0; offset += 1u + name[offset]) {
        ++count;
    }
    return count;
}

std::string_view describe(NameError error) {
    return name_fault(error).text;
}

Name::Name(Octets wire) : wire_(wire) {}

Result<Name, NameError> Name::parse(std::string_view text, const Name& origin) {
    NameBuffer buffer;
    if (const auto error = buffer.read(text, origin.wire())) { return Failure{*error}; }
    return Name(buffer.wire());
}

Result<Name, NameError> Name::parse_absolute(std::string_view text) {
    // Without an origin "@" stands for itself.
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
    return Name(octets.first(end));
}

std::size_t Name::label_count() const {
    return dns::label_count(wire());
}

bool Name::is_wildcard() const {
    const Octets octets = wire();
    return octets.size() > 2 && octets[0] == 1 && octets[1] == '*';
}

Name Name::parent() const {
    MERIDIAN_ASSERT(!is_root());
    return Name(wire().subspan(1u + wire()[0]));
}

Name Name::lower_cased() const {
    return Name(LowerCasedName(wire()).wire());
}

bool Name::is_at_or_below(const Name& ancestor) const {
    const Octets name = wire();
    if (name.size() < ancestor.octets()) { return false; }
    // The last octets may equal the ancestor and yet begin in the middle of a label.
    const std::size_t ancestor_at = name.size() - ancestor.octets();
    std::size_t offset = 0;
    while (offset < ancestor_at) {
        offset += 1u + name[offset];
    }
    return offset == ancestor_at && same_name(name.subspan(offset), ancestor.wire());
}

Result<Name, NameError> Name::child(std::string_view label) const {
    if (label.empty()) { return Failure{NameError::EmptyLabel}; }
    if (label.size() > kMaxLabelOctets) { return Failure{NameError::LabelTooLong}; }
    if (1 + label.size() + wire_.size() > kMaxNameOctets) {
        return Failure{NameError::NameTooLong};
    }
    std::array<std::uint8_t, kMaxNameOctets> octets{static_cast<std::uint8_t>(label.size())};
    const auto behind_label = std::ranges::copy(label, octets.begin() + 1).out;
    const auto end = std::ranges::copy(wire(), behind_label).out;
    return Name(std::span(octets.begin(), end));
}

std::string Name::to_text() const {
    if (is_root()) { return "."; }
    const Octets name = wire();
    std::string text;
    for (std::size_t offset = 0; name[offset] != 0; offset += 1u + name[offset]) {
        for (const std::uint8_t octet : name.subspan(offset + 1, name[offset])) {
            append_escaped(text, octet);
        }
        text += '.';
    }
    return text;
}

bool operator==(const Name& left, const Name& right) {
    return same_name(left.wire(), right.wire());
}

std::strong_ordering operator<=>(const Name& left, const Name& right) {
    const LabelStarts left_starts(left.wire());
    const LabelStarts right_starts(right.wire());
    const std::size_t shared = std::min(left_starts.count, right_starts.count);
    for (std::size_t depth = 1; depth <= shared; ++depth) {
        const std::size_t left_at = left_starts.offsets[left_starts.count - depth];
        const std::size_t right_at = right_starts.offsets[right_starts.count - depth];
        const auto order =
            compare_labels(left.wire().subspan(left_at + 1, left.wire()[left_at]),
                           right.wire().subspan(right_at + 1, right.wire()[right_at]));
        if (order != 0) { return order; }
    }
    return left_starts.count <=> right_starts.count;
}

}  // namespace meridian::dns
