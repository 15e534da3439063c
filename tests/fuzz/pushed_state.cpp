// Fuzzes the reader of files that state the health of regions, which any program may write.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/pushed_state.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "tests/fuzz/demand.h"

namespace {

using meridian::IpAddress;
using meridian::server::PushedState;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto state = PushedState::read(text);
    if (!state) {
        demand(!state.error().empty() && state.error().size() < 1000, "errors are short");
        for (const char letter : state.error()) {
            demand(static_cast<unsigned char>(letter) >= 0x20, "errors are one line");
        }
        return 0;
    }
    demand(state->size() > 0 && state->size() <= size, "each state takes octets");
    const auto of_region = state->find({"api", "frankfurt"}, IpAddress::v4(0xc000020a));
    const auto of_nothing = state->find({}, IpAddress::v6(0, 1));
    demand(!of_region || !of_nothing || state->size() > 0, "what is found is there");
    return 0;
}
