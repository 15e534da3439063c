// Turns LOC between text and wire form.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_location.h"

#include <array>
#include <cstdio>

#include "dns/wire/rdata_faults.h"
#include "meridian/bytes.h"

namespace meridian::dns {
namespace {

constexpr std::uint32_t kEquator = 0x80000000;             // also the prime meridian
constexpr std::uint32_t kMillisecondsPerDegree = 3600000;  // thousandths of an arc second
constexpr std::uint64_t kAltitudeBaseCentimetres = 10000000;
constexpr std::uint64_t kMaxAltitudeCentimetres = 0xffffffff - kAltitudeBaseCentimetres;
constexpr std::uint64_t kMaxSizeCentimetres = 9000000000;  // mantissa 9, exponent 9

/// A number with a fixed point: with two decimals a `maximum` of 1234 stands for 12.34.
struct DecimalBounds {
    unsigned decimals = 0;
    std::uint64_t maximum = 0;
};

Failure<RdataError> refuse_decimal(std::string_view text, std::size_t column, std::string_view name,
                                   DecimalBounds bounds) {
    std::uint64_t scale = 1;
    for (unsigned i = 0; i < bounds.decimals; ++i) {
        scale *= 10;
    }
    std::string largest = std::to_string(bounds.maximum / scale);
    if (bounds.maximum % scale != 0) { largest += '.' + std::to_string(bounds.maximum % scale); }
    const std::string shown = quoted_excerpt(text);
    if (bounds.decimals == 0) {
        return Failure{refused(faults::kNoWholePart, column, {name, shown, largest})};
    }
    return Failure{refused(faults::kNoDecimalPart, column,
                           {name, shown, largest, std::to_string(bounds.decimals)})};
}

/// Reads "12.34" as 1234 when two decimals are allowed.
Result<std::uint64_t, RdataError> read_decimal(std::string_view text, std::size_t column,
                                               std::string_view name, DecimalBounds bounds) {
    const auto refuse = [&] { return refuse_decimal(text, column, name, bounds); };
    std::uint64_t value = 0;
    bool in_fraction = false;
    bool has_digit = false;
    unsigned decimals_left = bounds.decimals;
    for (const char c : text) {
        if (c == '.' && !in_fraction && has_digit && bounds.decimals > 0) {
            in_fraction = true;
            continue;
        }
        if (c < '0' || c > '9' || (in_fraction && decimals_left == 0)) { return refuse(); }
        has_digit = true;
        decimals_left -= in_fraction ? 1 : 0;
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        if (value > bounds.maximum) { return refuse(); }
    }
    for (; decimals_left > 0; --decimals_left) {
        value *= 10;
    }
    if (!has_digit || text.back() == '.' || value > bounds.maximum) { return refuse(); }
    return value;
}

struct Axis {
    std::string_view name;
    std::array<std::string_view, 3> part_names;
    std::string_view hemisphere_name;
    std::uint32_t max_degrees;
    char positive;
    char negative;
};
constexpr Axis kLatitude{"latitude",
                         {"latitude degrees", "latitude minutes", "latitude seconds"},
                         "latitude hemisphere",
                         90,
                         'N',
                         'S'};
constexpr Axis kLongitude{"longitude",
                          {"longitude degrees", "longitude minutes", "longitude seconds"},
                          "longitude hemisphere",
                          180,
                          'E',
                          'W'};

bool is_letter(std::string_view text, char letter) {
    return text.size() == 1 && (text[0] & ~0x20) == letter;
}

/// `degrees [minutes [seconds]] N`.
Refusal read_axis(const Axis& axis, TokenCursor& cursor, Rdata& wire) {
    const std::array<std::uint64_t, 3> maxima{axis.max_degrees, 59, 59999};
    constexpr std::array<std::uint64_t, 3> kUnits{kMillisecondsPerDegree, 60000, 1};
    const std::size_t column = cursor.column();
    std::uint64_t milliseconds = 0;
    for (std::size_t part = 0;; ++part) {
        const auto token = cursor.take_word(part == 0 ? axis.part_names[0] : axis.hemisphere_name);
        if (!token) { return token.error(); }
        const bool positive = is_letter(token->text, axis.positive);
        if (part > 0 && (positive || is_letter(token->text, axis.negative))) {
            if (milliseconds > std::uint64_t{axis.max_degrees} * kMillisecondsPerDegree) {
                return refused(faults::kOffTheGlobe, column,
                               {axis.name, std::to_string(axis.max_degrees)});
            }
            const auto offset = static_cast<std::uint32_t>(milliseconds);
            const std::uint32_t value = positive ? kEquator + offset : kEquator - offset;
            for (int shift = 24; shift >= 0; shift -= 8) {
                wire.push_back(static_cast<std::uint8_t>(value >> shift));
            }
            return std::nullopt;
        }
        if (part == 3) {
            return refused(faults::kNoHemisphere, token->column,
                           {axis.name, {&axis.positive, 1}, {&axis.negative, 1}});
        }
        const auto value = read_decimal(token->text, token->column, axis.part_names[part],
                                        {part == 2 ? 3u : 0u, maxima[part]});
        if (!value) { return value.error(); }
        milliseconds += *value * kUnits[part];
    }
}

std::string_view without_metres(std::string_view text) {
    const bool unit = text.size() > 1 && is_letter(text.substr(text.size() - 1), 'M');
    return unit ? text.substr(0, text.size() - 1) : text;
}

Result<std::uint32_t, RdataError> read_altitude(TokenCursor& cursor) {
    const auto token = cursor.take_word("altitude");
    if (!token) { return Failure{token.error()}; }
    const std::string_view text = without_metres(token->text);
    const bool below = text.starts_with('-');
    const auto value = read_decimal(
        text.substr(below ? 1 : 0), token->column, below ? "depth below the surface" : "altitude",
        {2, below ? kAltitudeBaseCentimetres : kMaxAltitudeCentimetres});
    if (!value) { return Failure{value.error()}; }
    return static_cast<std::uint32_t>(below ? kAltitudeBaseCentimetres - *value
                                            : kAltitudeBaseCentimetres + *value);
}

/// A mantissa and a power of ten of centimetres, four bits each; further digits are cut off.
Result<std::uint8_t, RdataError> read_size(TokenCursor& cursor, std::string_view name,
                                           std::uint8_t otherwise) {
    if (cursor.at_end()) { return otherwise; }
    const auto token = cursor.take_word(name);
    if (!token) { return Failure{token.error()}; }
    auto value =
        read_decimal(without_metres(token->text), token->column, name, {2, kMaxSizeCentimetres});
    if (!value) { return Failure{value.error()}; }
    std::uint64_t mantissa = *value;
    unsigned exponent = 0;
    for (; mantissa >= 10; mantissa /= 10) {
        ++exponent;
    }
    return static_cast<std::uint8_t>(mantissa << 4 | exponent);
}

std::string print_size(std::uint8_t size) {
    std::uint64_t centimetres = size >> 4;
    for (unsigned exponent = size & 0xf; exponent > 0; --exponent) {
        centimetres *= 10;
    }
    std::array<char, 32> text{};
    std::snprintf(text.data(), text.size(), " %llu.%02llum",
                  static_cast<unsigned long long>(centimetres / 100),
                  static_cast<unsigned long long>(centimetres % 100));
    return text.data();
}

std::string print_axis(const Axis& axis, std::uint32_t value) {
    const std::uint32_t offset = value >= kEquator ? value - kEquator : kEquator - value;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), "%u %u %u.%03u %c", offset / kMillisecondsPerDegree,
                  offset / 60000 % 60, offset / 1000 % 60, offset % 1000,
                  value >= kEquator ? axis.positive : axis.negative);
    return text.data();
}

bool is_within(const Axis& axis, std::uint32_t value) {
    const std::uint32_t offset = value >= kEquator ? value - kEquator : kEquator - value;
    return offset <= axis.max_degrees * kMillisecondsPerDegree;
}

}  // namespace

Refusal read_location(TokenCursor& cursor, Rdata& wire) {
    // The text begins with the latitude, the wire with version and sizes.
    Rdata position;
    if (auto refusal = read_axis(kLatitude, cursor, position)) { return refusal; }
    if (auto refusal = read_axis(kLongitude, cursor, position)) { return refusal; }
    const auto altitude = read_altitude(cursor);
    if (!altitude) { return altitude.error(); }
    const auto size = read_size(cursor, "size", 0x12);  // 1 m, RFC 1876 §3
    if (!size) { return size.error(); }
    const auto horizontal = read_size(cursor, "horizontal precision", 0x16);  // 10 km
    if (!horizontal) { return horizontal.error(); }
    const auto vertical = read_size(cursor, "vertical precision", 0x13);  // 10 m
    if (!vertical) { return vertical.error(); }

    wire.insert(wire.end(), {std::uint8_t{0}, *size, *horizontal, *vertical});
    wire.insert(wire.end(), position.begin(), position.end());
    for (int shift = 24; shift >= 0; shift -= 8) {
        wire.push_back(static_cast<std::uint8_t>(*altitude >> shift));
    }
    return std::nullopt;
}

Refusal check_location(std::span<const std::uint8_t> octets) {
    if (octets[0] != 0) { return refused(faults::kLocationVersion, 0); }
    for (std::size_t i = 1; i <= 3; ++i) {
        if (octets[i] >> 4 > 9 || (octets[i] & 0xf) > 9) {
            return refused(faults::kLocationSize, 0);
        }
    }
    if (!is_within(kLatitude, load_u32(octets, 4))) {
        return refused(faults::kOffTheGlobe, 0, {"location latitude", "90"});
    }
    if (!is_within(kLongitude, load_u32(octets, 8))) {
        return refused(faults::kOffTheGlobe, 0, {"location longitude", "180"});
    }
    return std::nullopt;
}

std::string print_location(std::span<const std::uint8_t> octets) {
    const std::uint64_t altitude = load_u32(octets, 12);
    const bool below = altitude < kAltitudeBaseCentimetres;
    const std::uint64_t height =
        below ? kAltitudeBaseCentimetres - altitude : altitude - kAltitudeBaseCentimetres;
    std::array<char, 48> text{};
    std::snprintf(text.data(), text.size(), " %s%llu.%02llum", below ? "-" : "",
                  static_cast<unsigned long long>(height / 100),
                  static_cast<unsigned long long>(height % 100));
    return print_axis(kLatitude, load_u32(octets, 4)) + " " +
           print_axis(kLongitude, load_u32(octets, 8)) + text.data() + print_size(octets[1]) +
           print_size(octets[2]) + print_size(octets[3]);
}

}  // namespace meridian::dns
