// Fuzzes the query reader, and the reply that its findings lead to.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/query.h"

#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>

#include "tests/support/query_invariants.h"

namespace {

void demand(const char* broken) {
    if (broken == nullptr) { return; }
    std::fprintf(stderr, "broken promise: %s\n", broken);
    std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using namespace meridian::dns;
    static Query query;  // one slot for all, as in a worker: stale data must not matter
    const std::span<const std::uint8_t> packet(data, size);
    for (const Transport transport : {Transport::Udp, Transport::Stream}) {
        read_query(packet, transport, query);
        demand(broken_promise(packet, transport, query));
        if (query.deserves_reply) { demand(broken_reply(packet, query)); }
    }
    return 0;
}
