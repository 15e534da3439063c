// Makes DNS queries for benchmarks: which name, for which client.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "meridian/ip_prefix.h"

namespace meridian::bench {

/// Where the client subnets of queries come from (RFC 7871).
enum class Subnets : std::uint8_t {
    None,      ///< No option at all.
    PublicV4,  ///< /24s all over the public IPv4 space, none twice before each has come once.
    PublicV6,  ///< Random /56s of the blocks from which the registries allocate.
    Listed,    ///< A random /24 or /56 of a random one of `networks`.
};

struct QueryMix {
    std::vector<std::string> names;  ///< Presentation form without escapes; one is taken at random.
    std::uint16_t type = 1;
    bool edns = true;
    bool random_label = false;  ///< Puts a label in front that no name had before.
    Subnets subnets = Subnets::None;
    std::vector<IpPrefix> networks;
    std::uint64_t seed = 1;
};

/// A stream of queries; the same seed gives the same stream. Cheap enough to be called for each
/// query that a load generator sends: no allocation, no system call.
class QuerySource {
public:
    static constexpr std::size_t kMaxQueryOctets = 320;

    /// Expects at least one name, each a valid one.
    explicit QuerySource(QueryMix mix);

    /// Writes the next query with `id`; returns its length. Expects kMaxQueryOctets of room.
    std::size_t make(std::uint16_t id, std::span<std::uint8_t> packet);

private:
    std::uint64_t random();
    IpPrefix next_subnet();
    IpPrefix next_public_v4();
    IpPrefix next_public_v6();
    IpPrefix next_listed();

    QueryMix mix_;
    std::vector<std::uint8_t> wire_names_;    // one behind the other, root label included
    std::vector<std::uint32_t> name_starts_;  // and the end of the last one
    std::uint64_t state_;
    std::uint32_t subnet_count_ = 0;
};

/// The octets of a message's one question, to compare a reply with its query; empty when the
/// message is too short to have one.
std::span<const std::uint8_t> question_of(std::span<const std::uint8_t> message);

}  // namespace meridian::bench
