// Reads scenarios: questions and expected answers, in a language for people.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/ip_prefix.h"

namespace meridian::tests {

/// The client. Without an address of its own it is 127.0.0.1, which the built server sees too.
struct ScenarioClient {
    std::optional<IpAddress> address;
    std::optional<IpPrefix> client_subnet;
};

struct ScenarioQuery {
    std::string name;
    std::string type;
    std::string qclass = "IN";
    bool over_tcp = false;
    bool with_edns = true;
    bool dnssec_ok = false;
    std::uint8_t edns_version = 0;
    std::uint16_t udp_octets = 1232;
    std::vector<std::pair<std::uint16_t, std::vector<std::uint8_t>>> options;
};

/// The expected content of one section.
struct ExpectedSection {
    std::vector<std::string> records;  ///< "www.beigel.example. 60 A 192.0.2.10"
    std::optional<std::size_t> take;   ///< This many of them; otherwise all.
    bool rotates = false;              ///< Each comes first now and then.
};

struct Expectation {
    std::string rcode;
    bool authoritative = false;
    bool truncated = false;
    std::optional<std::uint8_t> scope_bits;  ///< None: no client subnet comes back.
    ExpectedSection answer;
    ExpectedSection authority;
    ExpectedSection additional;
};

struct Exchange {
    std::size_t line = 0;
    ScenarioClient client;
    ScenarioQuery query;
    Expectation expected;
};

struct Scenario {
    std::string title;
    std::size_t line = 0;
    std::vector<Exchange> exchanges;
};

/// One file: a world and zones, and the scenarios that take place in them. The language is
/// described in tests/scenarios/README.md.
struct ScenarioFile {
    std::string path;
    std::string world;
    std::vector<std::string> zones;
    std::vector<Scenario> scenarios;
};

/// Throws std::runtime_error, which names file and line, for text that is not in the language.
ScenarioFile read_scenarios(const std::string& path);

}  // namespace meridian::tests
