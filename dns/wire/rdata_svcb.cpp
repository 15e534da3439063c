// Turns the SvcParams of SVCB and HTTPS between text and wire form.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_svcb.h"

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "dns/wire/rdata_faults.h"
#include "dns/wire/rdata_fields.h"
#include "dns/wire/rdata_ldns.h"
#include "dns/wire/rdata_number.h"
#include "dns/wire/rdata_print.h"
#include "meridian/bytes.h"
#include "meridian/ip_address.h"

namespace meridian::dns {
namespace {

constexpr std::uint16_t kMandatory = 0;
constexpr std::uint16_t kAlpn = 1;
constexpr std::uint16_t kNoDefaultAlpn = 2;
constexpr std::uint16_t kInvalidKey = 65535;     // reserved, RFC 9460 §14.3.2
constexpr std::size_t kMaxProtocolOctets = 255;  // its length has one octet, RFC 9460 §7.1.1

enum class ValueKind : std::uint8_t { Raw, Keys, Protocols, None, Port, Ipv4, Ipv6, Base64, Path };

struct KeyRow {
    std::uint16_t key;
    std::string_view name;
    ValueKind kind;
    std::string_view expected;
};
constexpr std::array kKeys{
    KeyRow{kMandatory, "mandatory", ValueKind::Keys, "mandatory=alpn,port"},
    KeyRow{kAlpn, "alpn", ValueKind::Protocols, "alpn=h2,h3"},
    KeyRow{kNoDefaultAlpn, "no-default-alpn", ValueKind::None, "no-default-alpn without a value"},
    KeyRow{3, "port", ValueKind::Port, "port=443"},
    KeyRow{4, "ipv4hint", ValueKind::Ipv4, "ipv4hint=192.0.2.1,192.0.2.2"},
    KeyRow{5, "ech", ValueKind::Base64, "ech=BASE64"},
    KeyRow{6, "ipv6hint", ValueKind::Ipv6, "ipv6hint=2001:db8::1"},
    KeyRow{7, "dohpath", ValueKind::Path, "dohpath=/dns-query{?dns}"},  // RFC 9461 §5
    KeyRow{8, "ohttp", ValueKind::None, "ohttp without a value"},       // RFC 9540 §4
};

const KeyRow* find_key(std::uint16_t key) {
    return key < kKeys.size() ? &kKeys[key] : nullptr;  // each row stands at its number, see below
}
static_assert(std::ranges::all_of(kKeys, [](const KeyRow& row) {
    return &row - kKeys.data() == row.key;
}));

std::string key_name(std::uint16_t key) {
    const KeyRow* const row = find_key(key);
    return row != nullptr ? std::string(row->name) : "key" + std::to_string(key);
}

Result<std::uint16_t, RdataError> read_key(std::string_view text, std::size_t column) {
    for (const KeyRow& row : kKeys) {
        if (row.name == text) { return row.key; }
    }
    const std::string_view digits = text.starts_with("key") ? text.substr(3) : "";
    if (digits == "0" || !digits.starts_with('0')) {
        const auto number = read_number(digits, column, "key", kInvalidKey - 1);
        if (number) { return static_cast<std::uint16_t>(*number); }
    }
    return Failure{refused(faults::kUnknownParameter, column, {quoted_excerpt(text)})};
}

struct Value {
    std::string_view name;
    std::string text;  ///< Character-string escapes resolved.
    std::size_t column = 0;
};

/// Makes an error whose hint is an example of the parameter.
RdataError refuse(const Value& value, const RdataFault& fault,
                  std::initializer_list<std::string_view> values = {}) {
    RdataError error = refused(fault, value.column, values);
    const auto* const row = std::ranges::find(kKeys, value.name, &KeyRow::name);
    if (row != kKeys.end()) { error.hint = "expected " + std::string(row->expected); }
    return error;
}

/// Cuts at commas; `\,` and `\\` stand for the characters (RFC 9460 appendix A.1).
Result<std::vector<std::string>, RdataError> split_list(const Value& value) {
    std::vector<std::string> items(1);
    for (std::size_t i = 0; i < value.text.size(); ++i) {
        if (value.text[i] == ',') {
            items.emplace_back();
            continue;
        }
        if (value.text[i] == '\\') {
            ++i;
            if (i == value.text.size()) { return Failure{refuse(value, faults::kBackslashAtEnd)}; }
        }
        items.back() += value.text[i];
    }
    if (std::ranges::find(items, "") != items.end()) {
        return Failure{refuse(value, faults::kEmptyItem, {value.name})};
    }
    return items;
}

Refusal read_protocols(const Value& value, Rdata& out) {
    const auto items = split_list(value);
    if (!items) { return items.error(); }
    for (const std::string& item : *items) {
        if (item.size() > kMaxProtocolOctets) {
            return refuse(value, faults::kProtocolTooLong, {value.name});
        }
        out.push_back(static_cast<std::uint8_t>(item.size()));
        out.insert(out.end(), item.begin(), item.end());
    }
    return std::nullopt;
}

Refusal read_keys(const Value& value, Rdata& out) {
    const auto items = split_list(value);
    if (!items) { return items.error(); }
    std::vector<std::uint16_t> keys;
    for (const std::string& item : *items) {
        const auto key = read_key(item, value.column);
        if (!key) { return key.error(); }
        if (std::find(keys.begin(), keys.end(), *key) != keys.end()) {
            return refuse(value, faults::kListedTwice, {value.name, item});
        }
        keys.push_back(*key);
    }
    std::sort(keys.begin(), keys.end());
    for (const std::uint16_t key : keys) {
        append_u16(out, key);
    }
    return std::nullopt;
}

Refusal read_addresses(const Value& value, Family family, Rdata& out) {
    const auto items = split_list(value);
    if (!items) { return items.error(); }
    for (const std::string& item : *items) {
        const auto address = IpAddress::parse(item);
        if (!address || address->family() != family) {
            return refuse(value, faults::kNoHint,
                          {quoted_excerpt(item), family == Family::V4 ? "IPv4" : "IPv6"});
        }
        const auto octets = address->octets();
        append(out, std::span(octets).first(family == Family::V4 ? 4 : 16));
    }
    return std::nullopt;
}

Refusal read_value(ValueKind kind, const Value& value, Rdata& out) {
    switch (kind) {
        case ValueKind::Keys:
            return read_keys(value, out);
        case ValueKind::Protocols:
            return read_protocols(value, out);
        case ValueKind::Ipv4:
            return read_addresses(value, Family::V4, out);
        case ValueKind::Ipv6:
            return read_addresses(value, Family::V6, out);
        case ValueKind::Base64:
            return append_base64(value.text, value.column, value.name, out);
        case ValueKind::None:
            return refuse(value, faults::kTakesNoValue, {value.name});
        case ValueKind::Port: {
            const auto port = read_number(value.text, value.column, value.name, 0xffff);
            if (!port) { return port.error(); }
            append_u16(out, *port);
            return std::nullopt;
        }
        case ValueKind::Raw:
        case ValueKind::Path:
            out.assign(value.text.begin(), value.text.end());
    }
    return std::nullopt;
}

struct Parameter {
    Rdata value;
    std::size_t column = 0;
};
using Parameters = std::map<std::uint16_t, Parameter>;

Refusal read_parameter(TokenCursor& cursor, Parameters& parameters) {
    const auto token = cursor.take_word("parameter");
    if (!token) { return token.error(); }
    const std::size_t equals = std::min(token->text.find('='), token->text.size());
    const std::string_view name = token->text.substr(0, equals);
    const auto key = read_key(name, token->column);
    if (!key) { return key.error(); }

    Parameter parameter{{}, token->column};
    const KeyRow* const row = name.starts_with("key") ? nullptr : find_key(*key);
    const ValueKind kind = row != nullptr ? row->kind : ValueKind::Raw;
    if (equals < token->text.size()) {
        std::string_view text = token->text.substr(equals + 1);
        std::size_t column = token->column + equals + 1;
        if (text.starts_with('"')) {  // the tokenizer has seen the closing quote
            text = text.substr(1, text.size() - 2);
            ++column;
        }
        auto plain = unescape(text, column);
        if (!plain) { return plain.error(); }
        if (auto refusal = read_value(kind, {name, *plain, column}, parameter.value)) {
            return refusal;
        }
    } else if (kind != ValueKind::None && kind != ValueKind::Raw) {
        return refuse({name, "", token->column}, faults::kNeedsValue, {name});
    }
    if (!parameters.emplace(*key, std::move(parameter)).second) {
        return refused(faults::kParameterTwice, token->column, {name});
    }
    return std::nullopt;
}

Refusal check_list(std::string_view name, std::span<const std::uint8_t> value, std::size_t item) {
    if (!value.empty() && value.size() % item == 0) { return std::nullopt; }
    return refused(faults::kParameterLength, 0, {name});
}

Refusal check_protocols(std::string_view name, std::span<const std::uint8_t> value) {
    ByteReader reader(value);
    do {
        const std::uint8_t octets = reader.read_u8();
        reader.skip(octets);
        if (octets == 0 || reader.failed()) { return refused(faults::kProtocolCut, 0, {name}); }
    } while (reader.remaining() > 0);
    return std::nullopt;
}

Refusal check_path(std::string_view name, std::span<const std::uint8_t> value) {
    const std::string path(value.begin(), value.end());
    if (path.starts_with('/') && path.find("{?dns") != path.npos) { return std::nullopt; }
    return refused(faults::kNoPathTemplate, 0, {name});
}

/// Checks the value of a known parameter.
Refusal check_value(const KeyRow& row, std::span<const std::uint8_t> value) {
    switch (row.kind) {
        case ValueKind::Raw:
            return std::nullopt;
        case ValueKind::Keys:
            return check_list(row.name, value, 2);
        case ValueKind::Protocols:
            return check_protocols(row.name, value);
        case ValueKind::Ipv4:
            return check_list(row.name, value, 4);
        case ValueKind::Ipv6:
            return check_list(row.name, value, 16);
        case ValueKind::Base64:
            return check_list(row.name, value, 1);
        case ValueKind::None:
            if (value.empty()) { return std::nullopt; }
            return refused(faults::kTakesNoValue, 0, {row.name});
        case ValueKind::Port:
            if (value.size() == 2) { return std::nullopt; }
            return refused(faults::kPortLength, 0, {row.name});
        case ValueKind::Path:
            return check_path(row.name, value);
    }
    return std::nullopt;
}

using ParameterViews = std::map<std::uint16_t, std::span<const std::uint8_t>>;

/// Checks RFC 9460 §8: keys rise, are in the record, and `mandatory` is not among them.
Refusal check_mandatory(std::span<const std::uint8_t> value, const ParameterViews& views) {
    constexpr std::string_view kName = kKeys[kMandatory].name;
    int last = -1;
    for (std::size_t i = 0; i + 2 <= value.size(); i += 2) {
        const std::uint16_t key = load_u16(value, i);
        if (key == kMandatory) { return refused(faults::kListsItself, 0, {kName}); }
        if (int{key} <= last) { return refused(faults::kListOrder, 0, {kName}); }
        if (!views.contains(key)) {
            return refused(faults::kListedMissing, 0, {kName, key_name(key)});
        }
        last = key;
    }
    return std::nullopt;
}

std::string print_protocols(std::span<const std::uint8_t> value) {
    std::string list;
    ByteReader reader(value);
    while (reader.remaining() > 0) {
        if (!list.empty()) { list += ','; }
        for (const std::uint8_t octet : reader.read(reader.read_u8())) {
            if (octet == ',' || octet == '\\') { list += '\\'; }
            list += static_cast<char>(octet);
        }
    }
    return print_quoted({reinterpret_cast<const std::uint8_t*>(list.data()), list.size()});
}

/// Prints a list whose items have `item_octets` each, commas between.
std::string print_list(std::span<const std::uint8_t> value, std::size_t item_octets,
                       std::string (*print)(std::span<const std::uint8_t>)) {
    std::string list;
    for (std::size_t i = 0; i < value.size(); i += item_octets) {
        list += (list.empty() ? "" : ",") + print(value.subspan(i, item_octets));
    }
    return list;
}

std::string print_value(ValueKind kind, std::span<const std::uint8_t> value) {
    switch (kind) {
        case ValueKind::Keys:
            return print_list(value, 2, [](auto key) { return key_name(load_u16(key, 0)); });
        case ValueKind::Protocols:
            return print_protocols(value);
        case ValueKind::Port:
            return std::to_string(load_u16(value, 0));
        case ValueKind::Ipv4:
            return print_list(value, 4, print_address);
        case ValueKind::Ipv6:
            return print_list(value, 16, print_address);
        case ValueKind::Base64:
            return print_with_ldns(FieldKind::Base64, value).value_or("");
        default:
            return print_quoted(value);
    }
}

}  // namespace

Refusal read_service_parameters(TokenCursor& cursor, Rdata& wire) {
    const std::size_t first_column = cursor.column();
    Parameters parameters;
    while (!cursor.at_end()) {
        if (auto refusal = read_parameter(cursor, parameters)) { return refusal; }
    }
    Rdata octets;
    for (const auto& [key, parameter] : parameters) {
        if (parameter.value.size() > 0xffff) {
            return refused(faults::kFieldTooLong, parameter.column, {key_name(key)});
        }
        append_u16(octets, key);
        append_u16(octets, static_cast<std::uint32_t>(parameter.value.size()));
        append(octets, parameter.value);
    }
    if (auto problem = check_service_parameters(octets)) {
        const auto found = parameters.find(problem->key);
        problem->error.column = found != parameters.end() ? found->second.column : first_column;
        return std::move(problem->error);
    }
    append(wire, octets);
    return std::nullopt;
}

std::optional<ParameterProblem> check_service_parameters(std::span<const std::uint8_t> octets) {
    ByteReader reader(octets);
    ParameterViews views;
    while (reader.remaining() > 0) {
        const std::uint16_t key = reader.read_u16();
        const auto value = reader.read(reader.read_u16());
        if (reader.failed()) {
            return ParameterProblem{key, refused(faults::kFieldCut, 0, {key_name(key)})};
        }
        if (!views.empty() && key <= views.rbegin()->first) {
            return ParameterProblem{key, refused(faults::kParameterOrder, 0)};
        }
        if (key == kInvalidKey) {
            return ParameterProblem{key, refused(faults::kReservedKey, 0, {key_name(key)})};
        }
        const KeyRow* const row = find_key(key);
        auto error = row != nullptr ? check_value(*row, value) : std::nullopt;
        if (error) { return ParameterProblem{key, std::move(*error)}; }
        views.emplace(key, value);
    }
    if (views.contains(kMandatory)) {
        if (auto error = check_mandatory(views[kMandatory], views)) {
            return ParameterProblem{kMandatory, std::move(*error)};
        }
    }
    if (views.contains(kNoDefaultAlpn) && !views.contains(kAlpn)) {
        return ParameterProblem{kNoDefaultAlpn,
                                refused(faults::kAlpnMissing, 0, {key_name(kNoDefaultAlpn)})};
    }
    return std::nullopt;
}

std::string print_service_parameters(std::span<const std::uint8_t> octets) {
    std::string text;
    ByteReader reader(octets);
    while (reader.remaining() > 0) {
        const std::uint16_t key = reader.read_u16();
        const auto value = reader.read(reader.read_u16());
        const KeyRow* const row = find_key(key);
        text += (text.empty() ? "" : " ") + key_name(key);
        if (!value.empty()) {
            text += '=' + print_value(row != nullptr ? row->kind : ValueKind::Raw, value);
        }
    }
    return text;
}

}  // namespace meridian::dns
