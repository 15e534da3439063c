// Turns RDATA between an operator's text and wire form.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/rdata.h"

#include <algorithm>
#include <utility>

#include "dns/wire/rdata_fields.h"
#include "dns/wire/rdata_number.h"
#include "dns/wire/rdata_plain.h"
#include "dns/wire/rdata_print.h"
#include "dns/wire/rdata_shape.h"
#include "dns/wire/rdata_token.h"
#include "dns/wire/rdata_wire.h"

namespace meridian::dns {
namespace {

constexpr std::size_t kMaxStringOctets = 255;                 // RFC 1035 §3.3
constexpr std::size_t kMaxTextOctets = std::size_t{1} << 20;  // every octet escaped, quotes, spaces
constexpr std::string_view kGenericExpected = "\\# LENGTH HEX, such as '\\# 4 c0000201'";

Failure<RdataError> fail(std::string message, std::string expected, std::size_t column) {
    return Failure{RdataError{std::move(message), std::move(expected), column}};
}

std::string expected_of(const Shape* shape) {
    return shape != nullptr ? expectation(*shape) : std::string(kGenericExpected);
}

/// RFC 3597 §5: `\# LENGTH HEX`, for every type; known types must be well formed all the same.
Result<Rdata, RdataError> read_generic(const Shape* shape, TokenCursor& cursor) {
    const std::string expected(kGenericExpected);
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
        return fail("the length says " + std::to_string(*length) + " octets and " +
                        std::to_string(wire.size()) + " follow",
                    expected, length_token->column);
    }
    if (shape == nullptr) { return wire; }
    if (const auto problem = check_wire(*shape, wire)) {
        return fail("the data is no " + type_to_text(shape->type) + ": " + problem->message,
                    expected_of(shape), data_column);
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
            if (refusal->expected.empty()) { refusal->expected = expectation(shape); }
            return Failure{std::move(*refusal)};
        }
    }
    if (!cursor.at_end()) {
        return fail("nothing may stand behind " + std::string(fields.back().name),
                    expectation(shape), cursor.column());
    }
    if (wire.size() > kMaxRdataOctets) {
        return fail("the data has " + std::to_string(wire.size()) + " octets; a record holds 65535",
                    "", 0);
    }
    if (const auto problem = check_wire(shape, wire)) {
        return fail(problem->message, expectation(shape), columns[problem->field]);
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

Result<Rdata, RdataError> parse_rdata(Type type, std::string_view text, const Name& origin) {
    if (auto rdata = read_plain_rdata(type, text, origin)) { return std::move(*rdata); }
    return read_rdata_by_fields(type, text, origin);
}

Result<Rdata, RdataError> read_rdata_by_fields(Type type, std::string_view text,
                                               const Name& origin) {
    if (!is_data_type(type)) {
        return fail(type_to_text(type) + " is no type of data; it only occurs in messages", "", 0);
    }
    if (text.size() > kMaxTextOctets) { return fail("the text is over 1 MiB", "", 0); }
    const Shape* const shape = find_shape(type);
    const auto tokens = tokenize(text, first_parameter_of(shape));
    if (!tokens) {
        RdataError error = tokens.error();
        if (error.expected.empty()) { error.expected = expected_of(shape); }
        return Failure{std::move(error)};
    }
    TokenCursor cursor(*tokens, text);
    if (!cursor.at_end() && !cursor.peek().quoted && cursor.peek().text == "\\#") {
        auto rdata = read_generic(shape, cursor);
        if (!rdata && rdata.error().expected.empty()) {
            return fail(rdata.error().message, std::string(kGenericExpected), rdata.error().column);
        }
        return rdata;
    }
    if (shape == nullptr) {
        return fail(type_to_text(type) + " has no text form here", std::string(kGenericExpected),
                    cursor.column());
    }
    return read_fields(*shape, cursor, origin);
}

Result<Rdata, RdataError> text_rdata(std::string_view text) {
    // Each string has an octet of length in front; an empty text is one empty string.
    const std::size_t strings =
        std::max<std::size_t>(1, (text.size() + kMaxStringOctets - 1) / kMaxStringOctets);
    if (text.size() + strings > kMaxRdataOctets) {
        return fail(
            "the text has " + std::to_string(text.size()) + " octets; a record holds 65279 of them",
            "", 0);
    }
    Rdata wire;
    wire.reserve(text.size() + strings);
    do {
        const std::string_view part = text.substr(0, kMaxStringOctets);
        wire.push_back(static_cast<std::uint8_t>(part.size()));
        wire.insert(wire.end(), part.begin(), part.end());
        text.remove_prefix(part.size());
    } while (!text.empty());
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
    std::size_t offset = 0;
    switch (type) {
        case Type::NS:
        case Type::CNAME:
        case Type::PTR:
        case Type::DNAME:
            break;
        case Type::MX:
        case Type::SVCB:
        case Type::HTTPS:
            offset = 2;
            break;  // behind the preference, or the priority
        case Type::SRV:
            offset = 6;
            break;  // behind priority, weight and port
        default:
            return std::nullopt;
    }
    if (rdata.size() <= offset) { return std::nullopt; }
    auto name = Name::from_wire(std::span(rdata).subspan(offset));
    return name ? std::optional<Name>(std::move(name).value()) : std::nullopt;
}

}  // namespace meridian::dns
