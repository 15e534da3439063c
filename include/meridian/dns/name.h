// Holds one domain name in wire form.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "meridian/dns/wire/name_octets.h"
#include "meridian/result.h"

namespace meridian::dns {

enum class NameError : std::uint8_t {
    Empty,         ///< No text at all.
    EmptyLabel,    ///< Two dots side by side, or one in front.
    LabelTooLong,  ///< Over 63 octets (RFC 1035 §2.3.4).
    NameTooLong,   ///< Over 255 octets with the root label.
    BadEscape,     ///< `\` not followed by a character or by three digits of at most 255.
    Space,         ///< A space that is not escaped.
    NotAscii,      ///< An octet above 126 or a control character that is not escaped.
};

/// Whether two names in wire form are equal (RFC 4343).
bool same_name(std::span<const std::uint8_t> left, std::span<const std::uint8_t> right);

/// Labels of a name in wire form, the root not counted.
std::size_t label_count(std::span<const std::uint8_t> name);

/// In words, for a diagnostic: "a label is longer than 63 octets".
std::string_view describe(NameError error);

/// An absolute name, uncompressed wire form with the root label, in the case in which it was
/// written. Compares without regard to ASCII case (RFC 4343). Always valid: at most 255 octets.
///
/// For load time and tests; a query's name stays in its packet.
class Name {
public:
    Name() = default;  ///< The root.

    /// Reads presentation form (RFC 1035 §5.1: `\.` and `\DDD`). A name that does not end in a dot
    /// continues with `origin`; "@" is the origin itself.
    static Result<Name, NameError> parse(std::string_view text, const Name& origin);
    static Result<Name, NameError> parse_absolute(std::string_view text);

    /// Takes exactly one uncompressed name from the front of `octets` and ignores the rest. No
    /// value when the name is malformed or cut.
    static Result<Name, NameError> from_wire(std::span<const std::uint8_t> octets);

    [[nodiscard]] std::span<const std::uint8_t> wire() const { return wire_.octets(); }
    [[nodiscard]] std::size_t octets() const { return wire_.size(); }  ///< 1-255, with the root's
    [[nodiscard]] std::size_t label_count() const;                     ///< 0 for the root
    [[nodiscard]] bool is_root() const { return wire_.size() == 1; }
    [[nodiscard]] bool is_wildcard() const;  ///< First label is exactly "*" (RFC 4592 §2.1.1).
    [[nodiscard]] Name parent() const;       ///< Expects a name that is not the root.
    [[nodiscard]] Name lower_cased() const;
    /// Whether this is `ancestor` or lies below it.
    [[nodiscard]] bool is_at_or_below(const Name& ancestor) const;
    /// The name with one more label in front, taken literally. Expects the result to fit.
    [[nodiscard]] Result<Name, NameError> child(std::string_view label) const;

    /// Presentation form with the final dot, special characters escaped.
    [[nodiscard]] std::string to_text() const;

    friend bool operator==(const Name& left, const Name& right);
    /// Canonical order (RFC 4034 §6.1).
    friend std::strong_ordering operator<=>(const Name& left, const Name& right);

private:
    explicit Name(std::span<const std::uint8_t> wire);

    NameOctets wire_;
};

}  // namespace meridian::dns
