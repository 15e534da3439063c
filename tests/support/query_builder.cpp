// Builds the packets of scenarios, by code that shares nothing with the server's.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/query_builder.h"

#include <map>
#include <stdexcept>
#include <string>

namespace meridian::tests {
namespace {

using Octets = std::vector<std::uint8_t>;

void put_u16(Octets& octets, unsigned value) {
    octets.push_back(static_cast<std::uint8_t>(value >> 8));
    octets.push_back(static_cast<std::uint8_t>(value));
}

/// Labels between dots; `\DDD` stands for an octet.
void put_name(Octets& octets, const std::string& name) {
    Octets label;
    for (std::size_t i = 0; i < name.size(); ++i) {
        if (name[i] == '.') {
            if (!label.empty()) {
                octets.push_back(static_cast<std::uint8_t>(label.size()));
                octets.insert(octets.end(), label.begin(), label.end());
            }
            label.clear();
        } else if (name[i] == '\\' && i + 3 < name.size()) {
            label.push_back(static_cast<std::uint8_t>(std::stoul(name.substr(i + 1, 3))));
            i += 3;
        } else {
            label.push_back(static_cast<std::uint8_t>(name[i]));
        }
    }
    if (!label.empty()) {
        octets.push_back(static_cast<std::uint8_t>(label.size()));
        octets.insert(octets.end(), label.begin(), label.end());
    }
    octets.push_back(0);
}

unsigned number_of(const std::map<std::string, unsigned>& known, const std::string& text,
                   const std::string& prefix) {
    const auto found = known.find(text);
    if (found != known.end()) { return found->second; }
    if (text.rfind(prefix, 0) == 0) {
        return static_cast<unsigned>(std::stoul(text.substr(prefix.size())));
    }
    throw std::runtime_error("no such type or class: " + text);
}

unsigned type_number(const std::string& text) {
    static const std::map<std::string, unsigned> types{
        {"A", 1},      {"NS", 2},     {"CNAME", 5}, {"SOA", 6},  {"PTR", 12}, {"HINFO", 13},
        {"MX", 15},    {"TXT", 16},   {"AAAA", 28}, {"SRV", 33}, {"DS", 43},  {"HTTPS", 65},
        {"IXFR", 251}, {"AXFR", 252}, {"ANY", 255}, {"CAA", 257}};
    return number_of(types, text, "TYPE");
}

unsigned class_number(const std::string& text) {
    static const std::map<std::string, unsigned> classes{{"IN", 1}, {"CH", 3}, {"ANY", 255}};
    return number_of(classes, text, "CLASS");
}

/// RFC 7871 §6: FAMILY, SOURCE, SCOPE, and as many octets of the address as SOURCE needs.
Octets client_subnet(const IpPrefix& prefix) {
    Octets octets;
    put_u16(octets, prefix.address.is_v4() ? 1 : 2);
    octets.push_back(prefix.bits);
    octets.push_back(0);
    const auto address = prefix.address.octets();
    octets.insert(octets.end(), address.begin(), address.begin() + (prefix.bits + 7) / 8);
    return octets;
}

}  // namespace

std::vector<std::pair<std::uint16_t, Octets>> query_options(const Exchange& exchange) {
    std::vector<std::pair<std::uint16_t, Octets>> options;
    if (exchange.client.client_subnet && exchange.query.with_edns) {
        options.emplace_back(8, client_subnet(*exchange.client.client_subnet));
    }
    options.insert(options.end(), exchange.query.options.begin(), exchange.query.options.end());
    return options;
}

Octets build_query(const Exchange& exchange) {
    const ScenarioQuery& query = exchange.query;
    Octets octets;
    put_u16(octets, 0x4d52);  // any number will do
    put_u16(octets, 0x0100);  // RD
    for (const unsigned count : {1U, 0U, 0U, query.with_edns ? 1U : 0U}) {
        put_u16(octets, count);
    }
    put_name(octets, query.name);
    put_u16(octets, type_number(query.type));
    put_u16(octets, class_number(query.qclass));
    if (!query.with_edns) { return octets; }

    Octets options;
    for (const auto& [code, value] : query_options(exchange)) {
        put_u16(options, code);
        put_u16(options, static_cast<unsigned>(value.size()));
        options.insert(options.end(), value.begin(), value.end());
    }
    octets.push_back(0);
    put_u16(octets, 41);
    put_u16(octets, query.udp_octets);
    octets.push_back(0);
    octets.push_back(query.edns_version);
    put_u16(octets, query.dnssec_ok ? 0x8000 : 0);
    put_u16(octets, static_cast<unsigned>(options.size()));
    octets.insert(octets.end(), options.begin(), options.end());
    return octets;
}

}  // namespace meridian::tests
