// Reads the numbers in RDATA, including times and mnemonics.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_number.h"

#include <algorithm>
#include <chrono>

#include "dns/wire/rdata_faults.h"
#include "dns/wire/rdata_ldns.h"

namespace meridian::dns {
namespace {

constexpr std::string_view kDigits = "0123456789";
constexpr std::size_t kShownDigits = 20;  // enough for any 64-bit number in a diagnostic

std::uint32_t seconds_of_unit(char unit) {
    switch (unit) {
        case 's':
        case 'S':
            return 1;
        case 'm':
        case 'M':
            return 60;
        case 'h':
        case 'H':
            return 3600;
        case 'd':
        case 'D':
            return 86400;
        case 'w':
        case 'W':
            return 604800;
        default:
            return 0;
    }
}

}  // namespace

bool holds_only_digits(std::string_view text) {
    return !text.empty() && text.find_first_not_of(kDigits) == text.npos;
}

Result<std::uint32_t, RdataError> read_number(std::string_view text, std::size_t column,
                                              std::string_view name, std::uint32_t maximum) {
    if (!holds_only_digits(text)) {
        return Failure{refused(faults::kNoWholeNumber, column,
                               {name, quoted_excerpt(text), std::to_string(maximum)})};
    }
    std::uint64_t value = 0;
    for (const char c : text) {
        value = value * 10 + static_cast<std::uint64_t>(c - '0');
        if (value > maximum) {
            std::string shown(text.substr(0, kShownDigits));
            if (text.size() > kShownDigits) { shown += "..."; }
            return Failure{
                refused(faults::kNumberTooLarge, column, {name, shown, std::to_string(maximum)})};
        }
    }
    return static_cast<std::uint32_t>(value);
}

Refusal read_integer(TokenCursor& cursor, std::string_view name, unsigned octets, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const std::uint32_t maximum = octets == 4 ? 0xffffffffu : (1u << (8 * octets)) - 1;
    const auto value = read_number(token->text, token->column, name, maximum);
    if (!value) { return value.error(); }
    for (unsigned left = octets; left > 0; --left) {
        wire.push_back(static_cast<std::uint8_t>(*value >> (8 * (left - 1))));
    }
    return std::nullopt;
}

Refusal read_period(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const std::string_view text = token->text;
    if (text.empty() || holds_only_digits(text)) {
        const auto value = read_number(text, token->column, name, kMaxTtlSeconds);
        if (!value) { return value.error(); }
        append_u32(wire, *value);
        return std::nullopt;
    }
    std::uint64_t total_seconds = 0;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t end = std::min(text.find_first_not_of(kDigits, i), text.size());
        const std::uint32_t unit = end > i && end < text.size() ? seconds_of_unit(text[end]) : 0;
        if (unit == 0) {
            return refused(faults::kNoPeriod, token->column, {name, quoted_excerpt(text)});
        }
        const auto value =
            read_number(text.substr(i, end - i), token->column + i, name, kMaxTtlSeconds);
        if (!value) { return value.error(); }
        total_seconds += std::uint64_t{*value} * unit;
        if (total_seconds > kMaxTtlSeconds) {
            return refused(faults::kPeriodTooLong, token->column,
                           {name, quoted_excerpt(text), std::to_string(kMaxTtlSeconds)});
        }
        i = end + 1;
    }
    append_u32(wire, static_cast<std::uint32_t>(total_seconds));
    return std::nullopt;
}

Refusal read_time(TokenCursor& cursor, std::string_view name, Rdata& wire) {
    namespace chrono = std::chrono;
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const std::string_view text = token->text;
    if (text.size() != 14 || !holds_only_digits(text)) {
        const auto value = read_number(text, token->column, name, 0xffffffffu);
        if (!value) { return value.error(); }
        append_u32(wire, *value);
        return std::nullopt;
    }
    const auto part = [text](std::size_t from, std::size_t count) {
        unsigned value = 0;
        for (const char c : text.substr(from, count)) {
            value = value * 10 + static_cast<unsigned>(c - '0');
        }
        return value;
    };
    const chrono::year_month_day date{chrono::year(static_cast<int>(part(0, 4))),
                                      chrono::month(part(4, 2)), chrono::day(part(6, 2))};
    const std::int64_t seconds =
        date.ok() ? chrono::sys_seconds(chrono::sys_days(date)).time_since_epoch().count() +
                        std::int64_t{part(8, 2)} * 3600 + part(10, 2) * 60 + part(12, 2)
                  : -1;
    const bool in_clock = part(8, 2) < 24 && part(10, 2) < 60 && part(12, 2) < 60;
    if (!in_clock || seconds < 0 || seconds > 0xffffffffLL) {
        return refused(faults::kNoTime, token->column, {name, quoted_excerpt(text)});
    }
    append_u32(wire, static_cast<std::uint32_t>(seconds));
    return std::nullopt;
}

Refusal read_mnemonic(FieldKind kind, TokenCursor& cursor, std::string_view name, Rdata& wire) {
    const auto token = cursor.take_word(name);
    if (!token) { return token.error(); }
    const bool wide = kind == FieldKind::CertificateType;
    const std::uint32_t maximum = wide ? 0xffff : 0xff;
    const char first = token->text.front();
    if (first == '-' || first == '+' || kDigits.find(first) != kDigits.npos) {
        const auto value = read_number(token->text, token->column, name, maximum);
        if (!value) { return value.error(); }
        if (wide) { wire.push_back(static_cast<std::uint8_t>(*value >> 8)); }
        wire.push_back(static_cast<std::uint8_t>(*value));
        return std::nullopt;
    }
    const auto octets = read_with_ldns(kind, std::string(token->text));
    if (!octets || octets->size() != (wide ? 2 : 1)) {
        return refused(faults::kUnknownMnemonic, token->column,
                       {name, quoted_excerpt(token->text), std::to_string(maximum)});
    }
    append(wire, *octets);
    return std::nullopt;
}

void append(Rdata& wire, std::span<const std::uint8_t> octets) {
    wire.insert(wire.end(), octets.begin(), octets.end());
}

void append_u16(Rdata& wire, std::uint32_t value) {
    wire.push_back(static_cast<std::uint8_t>(value >> 8));
    wire.push_back(static_cast<std::uint8_t>(value));
}

void append_u32(Rdata& wire, std::uint32_t value) {
    append_u16(wire, value >> 16);
    append_u16(wire, value & 0xffff);
}

}  // namespace meridian::dns
