// Builds DNS messages octet by octet, good and bad, by code that shares nothing with the server's.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/message_builder.h"

#include <string>

namespace meridian::tests {
namespace {

constexpr std::uint16_t kClientSubnetOption = 8;  // RFC 7871 §6

Bytes u16(unsigned value) {
    return {static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
}

Bytes u32(std::uint32_t value) {
    return u16(value >> 16) + u16(value & 0xffff);
}

}  // namespace

Bytes bytes_of(std::string_view text) {
    return {text.begin(), text.end()};
}

Bytes operator+(Bytes left, const Bytes& right) {
    left.insert(left.end(), right.begin(), right.end());
    return left;
}

Bytes wire_name(std::string_view text) {
    Bytes wire;
    Bytes label;
    const auto end_label = [&] {
        if (label.empty()) { return; }
        wire.push_back(static_cast<std::uint8_t>(label.size()));
        wire.insert(wire.end(), label.begin(), label.end());
        label.clear();
    };
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '.') {
            end_label();
        } else if (text[i] == '\\' && i + 1 < text.size()) {
            const bool is_number = text[i + 1] >= '0' && text[i + 1] <= '9';
            const std::string meant(text.substr(i + 1, is_number ? 3 : 1));
            const auto octet = is_number ? static_cast<std::uint8_t>(std::stoul(meant))
                                         : static_cast<std::uint8_t>(meant[0]);
            label.push_back(octet);
            i += meant.size();
        } else {
            label.push_back(static_cast<std::uint8_t>(text[i]));
        }
    }
    end_label();
    wire.push_back(0);
    return wire;
}

Bytes header(const HeaderFields& fields) {
    return u16(fields.id) + u16(fields.flags) + u16(fields.questions) + u16(fields.answers) +
           u16(fields.authorities) + u16(fields.additionals);
}

Bytes question(std::string_view name, dns::Type type, dns::Class qclass) {
    return wire_name(name) + u16(static_cast<unsigned>(type)) + u16(static_cast<unsigned>(qclass));
}

Bytes opt(const OptFields& fields) {
    return Bytes{0, 0, 41} + u16(fields.udp_octets) + Bytes{0, fields.version} + u16(fields.flags) +
           u16(static_cast<unsigned>(fields.options.size())) + fields.options;
}

Bytes record(const Bytes& owner, dns::Type type, const Bytes& rdata, std::uint32_t ttl_seconds) {
    return owner + u16(static_cast<unsigned>(type)) + u16(1) + u32(ttl_seconds) +
           u16(static_cast<unsigned>(rdata.size())) + rdata;
}

Bytes option(std::uint16_t code, const Bytes& data) {
    return u16(code) + u16(static_cast<unsigned>(data.size())) + data;
}

Bytes client_subnet(std::uint16_t family, std::uint8_t source_bits, std::uint8_t scope_bits,
                    const Bytes& address) {
    return option(kClientSubnetOption, u16(family) + Bytes{source_bits, scope_bits} + address);
}

Bytes client_subnet_data(const IpPrefix& prefix) {
    const auto address = prefix.address.octets();
    return u16(prefix.address.is_v4() ? 1 : 2) + Bytes{prefix.bits, 0} +
           Bytes(address.begin(), address.begin() + (prefix.bits + 7) / 8);
}

Bytes plain_query(std::string_view name, dns::Type type) {
    return header({}) + question(name, type);
}

Bytes edns_query(std::string_view name, const OptFields& fields, dns::Type type) {
    return header({.additionals = 1}) + question(name, type) + opt(fields);
}

Bytes build_query(std::string_view name, dns::Type type, const QueryOptions& options) {
    const Bytes subnet = options.client_subnet ? option(kClientSubnetOption,
                                                        client_subnet_data(*options.client_subnet))
                                               : Bytes();
    return header({.flags = 0, .additionals = 1}) + question(name, type) +
           opt({.udp_octets = options.udp_octets, .options = subnet});
}

}  // namespace meridian::tests
