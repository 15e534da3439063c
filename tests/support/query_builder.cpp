// Builds the queries of scenarios.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/query_builder.h"

#include <map>
#include <stdexcept>
#include <string>

namespace meridian::tests {
namespace {

unsigned number_of(const std::map<std::string, unsigned>& known, const std::string& text,
                   const std::string& prefix) {
    const auto found = known.find(text);
    if (found != known.end()) { return found->second; }
    if (text.rfind(prefix, 0) == 0) {
        return static_cast<unsigned>(std::stoul(text.substr(prefix.size())));
    }
    throw std::runtime_error("no such type or class: " + text);
}

dns::Type type_number(const std::string& text) {
    static const std::map<std::string, unsigned> types{
        {"A", 1},      {"NS", 2},     {"CNAME", 5}, {"SOA", 6},  {"PTR", 12}, {"HINFO", 13},
        {"MX", 15},    {"TXT", 16},   {"AAAA", 28}, {"SRV", 33}, {"DS", 43},  {"HTTPS", 65},
        {"IXFR", 251}, {"AXFR", 252}, {"ANY", 255}, {"CAA", 257}};
    return static_cast<dns::Type>(number_of(types, text, "TYPE"));
}

dns::Class class_number(const std::string& text) {
    static const std::map<std::string, unsigned> classes{{"IN", 1}, {"CH", 3}, {"ANY", 255}};
    return static_cast<dns::Class>(number_of(classes, text, "CLASS"));
}

}  // namespace

std::vector<std::pair<std::uint16_t, Bytes>> query_options(const Exchange& exchange) {
    std::vector<std::pair<std::uint16_t, Bytes>> options;
    if (exchange.client.client_subnet && exchange.query.with_edns) {
        options.emplace_back(8, client_subnet_data(*exchange.client.client_subnet));
    }
    options.insert(options.end(), exchange.query.options.begin(), exchange.query.options.end());
    return options;
}

Bytes build_query(const Exchange& exchange) {
    const ScenarioQuery& query = exchange.query;
    const std::uint16_t additionals = query.with_edns ? 1 : 0;
    const Bytes front = header({.additionals = additionals}) +
                        question(query.name, type_number(query.type), class_number(query.qclass));
    if (!query.with_edns) { return front; }
    Bytes options;
    for (const auto& [code, value] : query_options(exchange)) {
        options = std::move(options) + option(code, value);
    }
    const std::uint16_t flags = query.dnssec_ok ? 0x8000 : 0;
    return front + opt({query.udp_octets, query.edns_version, flags, options});
}

}  // namespace meridian::tests
