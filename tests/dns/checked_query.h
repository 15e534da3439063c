// Reads a packet as a query while it checks what must hold for every packet.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <memory>
#include <span>

#include "meridian/dns/query.h"
#include "tests/dns/packet.h"
#include "tests/support/query_invariants.h"

namespace meridian::dns {

/// Reads a copy on the heap that is exactly as long as the packet, so that ASan sees every octet
/// read beyond it.
inline Query read_checked(const Bytes& packet, Transport transport = Transport::Udp) {
    const auto octets = std::make_unique<std::uint8_t[]>(packet.size());
    std::copy(packet.begin(), packet.end(), octets.get());
    Query query;
    const std::span<const std::uint8_t> exact(octets.get(), packet.size());
    read_query(exact, transport, query);
    const char* broken = broken_promise(exact, transport, query);
    EXPECT_EQ(broken, nullptr) << broken;
    if (query.deserves_reply) {
        broken = broken_reply(exact, query);
        EXPECT_EQ(broken, nullptr) << broken;
    }
    return query;
}

}  // namespace meridian::dns
