// Names the other nameservers of zones, on which an operator has to repeat what was done here.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/nameservers.h"

#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/dns/types.h"
#include "meridian/zones/answer.h"
#include "meridian/zones/verdict.h"
#include "meridian/zones/zone_users.h"

namespace meridian::server {
namespace {

constexpr std::size_t kMostZones =
    200;  // each has its own question; most have the same nameservers
constexpr std::size_t kMostNameservers = 8;

/// What the server answers for a name, without owner, TTL, class and type.
std::vector<std::string> values_of(const zones::Serving& serving, const dns::Name& name,
                                   dns::Type type) {
    const zones::Verdict verdict =
        zones::explain(serving, zones::BatchContext{},
                       {.name = name, .type = type, .peer = IpAddress::v4(0), .client_subnet = {}});
    const std::string wanted = " " + dns::type_to_text(type) + " ";
    std::vector<std::string> values;
    for (const std::string& record : verdict.answer) {
        const auto at = record.find(wanted);
        if (at != std::string::npos) { values.push_back(record.substr(at + wanted.size())); }
    }
    return values;
}

/// The addresses of this machine, for a server that listens on all of them.
std::set<std::string> addresses_here() {
    std::set<std::string> all;
    ifaddrs* first = nullptr;
    if (getifaddrs(&first) != 0) { return all; }
    for (const ifaddrs* each = first; each != nullptr; each = each->ifa_next) {
        if (each->ifa_addr == nullptr) { continue; }
        if (each->ifa_addr->sa_family == AF_INET) {
            const auto* v4 = reinterpret_cast<const sockaddr_in*>(each->ifa_addr);
            all.insert(IpAddress::v4(ntohl(v4->sin_addr.s_addr)).to_string());
        } else if (each->ifa_addr->sa_family == AF_INET6) {
            const auto* v6 = reinterpret_cast<const sockaddr_in6*>(each->ifa_addr);
            std::array<char, INET6_ADDRSTRLEN> text{};
            if (inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size()) != nullptr) {
                all.insert(std::string(text.data()));
            }
        }
    }
    freeifaddrs(first);
    return all;
}

std::set<std::string> own_addresses(std::span<const Endpoint> listen) {
    std::set<std::string> own;
    for (const Endpoint& endpoint : listen) {
        const std::string address = endpoint.address.to_string();
        if (address == "0.0.0.0" || address == "::") { own.merge(addresses_here()); }
        own.insert(address);
    }
    return own;
}

bool is_own(const zones::Serving& serving, const std::string& name,
            const std::set<std::string>& own) {
    const auto parsed = dns::Name::parse(name, dns::Name());
    if (!parsed) { return false; }
    for (const dns::Type type : {dns::Type::A, dns::Type::AAAA}) {
        const auto addresses = values_of(serving, *parsed, type);
        if (std::ranges::any_of(addresses, [&](const auto& each) { return own.contains(each); })) {
            return true;
        }
    }
    return false;
}

}  // namespace

void add_nameservers(const zones::Serving& serving, std::span<const Endpoint> listen,
                     OverrideOutcome& outcome) {
    std::set<std::string> names;
    const std::vector<std::uint32_t>& cells = outcome.preview.tables.cells;
    for (const dns::Name& zone : zones::zones_using(*serving.snapshot(), cells, kMostZones)) {
        for (std::string& name : values_of(serving, zone, dns::Type::NS)) {
            names.insert(std::move(name));
        }
    }
    const std::set<std::string> own = own_addresses(listen);
    const auto is_self = [&](const std::string& name) { return is_own(serving, name, own); };
    outcome.knows_itself = std::erase_if(names, is_self) > 0;
    outcome.nameserver_count = names.size();
    for (const std::string& name : names) {
        if (outcome.nameservers.size() < kMostNameservers) { outcome.nameservers.push_back(name); }
    }
}

}  // namespace meridian::server
