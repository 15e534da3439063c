// Turns RDATA between an operator's text and wire form.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/rdata.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "dns/wire/rdata_faults.h"
#include "dns/wire/rdata_fields.h"
#include "dns/wire/rdata_names.h"
#include "dns/wire/rdata_number.h"
#include "dns/wire/rdata_plain.h"
#include "dns/wire/rdata_print.h"
#include "dns/wire/rdata_shape.h"
#include "dns/wire/rdata_token.h"
#include "dns/wire/rdata_wire.h"

namespace meridian::dns {
namespace {

constexpr std::size_t kMaxTextOctets = std::size_t{1} << 20;  // every octet escaped, quotes, spaces

/// The error with the hint that a type has, which is its fields, or that of types without any.
Failure<RdataError> with_hint(const Shape* shape, RdataError error) {
    if (error.hint.empty()) {
        error.hint = shape != nullptr ? "expected " + expectation(*shape)
                                      : std::string(faults::kGenericHint);
    }
    return Failure{std::move(error)};
}

/// RFC 3597 §5: `\# LENGTH HEX`, for every type; known types must be well formed all the same.
Result<Rdata, RdataError> read_generic(const Shape* shape, TokenCursor& cursor) {
    (void)cursor.take();
    const auto length_token = cursor.take_word("length");
    if (!length_token) { return Failure{length_token.error()}; }
    const auto length =
        read_number(length_token->text, length_token->column, "length", kMaxRdataOctets);
    if (!length) { return Failure{length.error()}; }

    const std::size_t data_column = cursor.column();
    std::string digits;
    while (!cursor.at_end()) {
        const auto token = cursor.take_word("data");
        if (!token) { return Failure{token.error()}; }
        digits += token->text;
    }
    Rdata wire;
    if (!digits.empty()) {
        if (auto refusal = append_hex(digits, data_column, "data", wire)) {
            return Failure{std::move(*refusal)};
        }
    }
    if (wire.size() != *length) {
        return Failure{refused(faults::kLengthDiffers, length_token->column,
                               {std::to_string(*length), std::to_string(wire.size())})};
    }
    if (shape == nullptr) { return wire; }
    if (const auto problem = check_wire(*shape, wire)) {
        const RdataError& reason = problem->error;
        return with_hint(shape, refused({reason.code, faults::kNoDataOf}, data_column,
                                        {type_to_text(shape->type), reason.text}));
    }
    if (has_needless_parameters(*shape, wire)) {
        cursor.warn(refused(faults::kAliasParameters, data_column));
    }
    return wire;
}

Result<Rdata, RdataError> read_fields(const Shape& shape, TokenCursor& cursor, const Name& origin) {
    const auto fields = shape.fields();
    Rdata wire;
    std::vector<std::size_t> columns;
    for (const Field& field : fields) {
        columns.push_back(cursor.column());
        if (auto refusal = read_field(field, cursor, origin, wire)) {
            return with_hint(&shape, std::move(*refusal));
        }
    }
    if (!cursor.at_end()) {
        return with_hint(&shape,
                         refused(faults::kBehindData, cursor.column(), {fields.back().name}));
    }
    if (wire.size() > kMaxRdataOctets) {
        return Failure{refused(faults::kDataTooLong, 0, {std::to_string(wire.size())})};
    }
    if (auto problem = check_wire(shape, wire)) {
        problem->error.column = columns[problem->field];
        return with_hint(&shape, std::move(problem->error));
    }
    if (has_needless_parameters(shape, wire)) {
        cursor.warn(refused(faults::kAliasParameters, columns.back()));
    }
    return wire;
}

/// The number of the first word that is one of the SvcParams.
std::size_t first_parameter_of(const Shape* shape) {
    if (shape == nullptr) { return kNoParameters; }
    const auto fields = shape->fields();
    const auto parameters = std::ranges::find(fields, FieldKind::ServiceParameters, &Field::kind);
    return parameters == fields.end() ? kNoParameters
                                      : static_cast<std::size_t>(parameters - fields.begin());
}

}  // namespace

Result<Rdata, RdataError> parse_rdata(Type type, std::string_view text, const Name& origin,
                                      RdataWarnings& warnings) {
    if (auto rdata = read_plain_rdata(type, text, origin)) { return std::move(*rdata); }
    return read_rdata_by_fields(type, text, origin, warnings);
}

Result<Rdata, RdataError> parse_rdata(Type type, std::string_view text, const Name& origin) {
    RdataWarnings ignored;
    return parse_rdata(type, text, origin, ignored);
}

Result<Rdata, RdataError> read_rdata_by_fields(Type type, std::string_view text, const Name& origin,
                                               RdataWarnings& warnings) {
    if (!is_data_type(type)) {
        return Failure{refused(faults::kNoDataType, 0, {type_to_text(type)})};
    }
    if (text.size() > kMaxTextOctets) { return Failure{refused(faults::kDataTextTooLong, 0)}; }
    const Shape* const shape = find_shape(type);
    const bool is_strings = shape != nullptr && shape->field_list[0].kind == FieldKind::Strings;
    const auto tokens = tokenize(text, first_parameter_of(shape), is_strings);
    if (!tokens) { return with_hint(shape, tokens.error()); }
    TokenCursor cursor(*tokens, text);
    if (const Token* adjoining = first_adjoining(*tokens)) {
        cursor.warn(refused(faults::kStringsAdjoin, adjoining->column));
    }
    if (!cursor.at_end() && !cursor.peek().quoted && cursor.peek().text == "\\#") {
        auto rdata = read_generic(shape, cursor);
        if (!rdata) { return with_hint(nullptr, std::move(rdata).error()); }
        std::ranges::move(cursor.take_warnings(), std::back_inserter(warnings));
        return rdata;
    }
    if (shape == nullptr) {
        return Failure{refused(faults::kNoTextForm, cursor.column(), {type_to_text(type)})};
    }
    auto rdata = read_fields(*shape, cursor, origin);
    std::ranges::move(cursor.take_warnings(), std::back_inserter(warnings));
    return rdata;
}

Result<Rdata, RdataError> text_rdata(std::string_view text) {
    // Each string has an octet of length in front; an empty text is one empty string.
    const std::size_t strings =
        std::max<std::size_t>(1, (text.size() + kMaxStringOctets - 1) / kMaxStringOctets);
    if (text.size() + strings > kMaxRdataOctets) {
        return Failure{refused(faults::kTextTooLong, 0, {std::to_string(text.size())})};
    }
    Rdata wire;
    wire.reserve(text.size() + strings);
    append_strings(text, wire);
    return wire;
}

std::string rdata_to_text(Type type, const Rdata& rdata) {
    const Shape* const shape = find_shape(type);
    if (shape == nullptr || check_wire(*shape, rdata)) {
        return "\\# " + std::to_string(rdata.size()) + (rdata.empty() ? "" : " ") +
               print_hex(rdata);
    }
    std::string text;
    ByteReader reader(rdata);
    for (const Field& field : shape->fields()) {
        const auto octets = take_field(field, reader);
        const std::string part = print_field(field.kind, *octets);
        if (!text.empty() && !part.empty()) { text += ' '; }
        text += part;
    }
    return text;
}

std::optional<Name> target_name(Type type, const Rdata& rdata) {
    const std::optional<std::size_t> offset = target_offset(type);
    if (!offset || rdata.size() <= *offset) { return std::nullopt; }
    auto name = Name::from_wire(std::span(rdata).subspan(*offset));
    return name ? std::optional<Name>(std::move(name).value()) : std::nullopt;
}

DataWords data_words(Type type) {
    constexpr unsigned kAll = 0xffff;
    DataWords words;
    const Shape* const shape = find_shape(type);
    if (shape == nullptr) { return words; }
    std::size_t at = 0;
    for (const Field& field : shape->fields()) {
        const FieldKind kind = field.kind;
        const unsigned here = 1U << at;
        const unsigned from_here = kAll << at & kAll;
        if (kind == FieldKind::Name || kind == FieldKind::Names) {
            words.names |= static_cast<std::uint16_t>(kind == FieldKind::Name ? here : from_here);
        } else if (kind == FieldKind::Strings) {
            words.texts |= static_cast<std::uint16_t>(from_here);
        } else if (kind == FieldKind::String || kind == FieldKind::OptionalString ||
                   kind == FieldKind::LongString || kind == FieldKind::LongTarget) {
            words.texts |= static_cast<std::uint16_t>(here);
        }
        at += 1 + static_cast<std::size_t>(std::ranges::count(field.name, ' '));
    }
    return words;
}

bool has_address_hints(const Rdata& rdata) {
    constexpr std::size_t kIpv4Hint = 4;
    constexpr std::size_t kIpv6Hint = 6;
    const auto target = target_name(Type::SVCB, rdata);
    if (!target) { return false; }
    const auto number_at = [&](std::size_t offset) {
        return std::size_t{rdata[offset]} << 8 | rdata[offset + 1];
    };
    // Each parameter is a key, a length and a value (RFC 9460 §2.2).
    for (std::size_t at = 2 + target->octets(); at + 4 <= rdata.size();
         at += 4 + number_at(at + 2)) {
        if (number_at(at) == kIpv4Hint || number_at(at) == kIpv6Hint) { return true; }
    }
    return false;
}

}  // namespace meridian::dns
