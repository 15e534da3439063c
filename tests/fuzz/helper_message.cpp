// Fuzzes the readers of what server and helper send each other.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/helper_message.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "meridian/limits.h"
#include "tests/fuzz/demand.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::span<const std::uint8_t> message(data, size);
    if (const auto request = meridian::server::read_request(message)) {
        demand(std::ranges::equal(meridian::server::write_request(*request), message),
               "a request is written as it was read");
        (void)meridian::server::with_values({"/bin/x", request->values[0], "{region}{x}{"},
                                            request->values);
    }
    if (const auto reply = meridian::server::read_reply(message)) {
        demand(std::ranges::equal(meridian::server::write_reply(*reply), message),
               "a reply is written as it was read");
        demand(reply->outcome.output.size() <= meridian::kMaxCommandOutputOctets,
               "outputs are short");
    }
    return 0;
}
