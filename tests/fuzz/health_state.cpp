// Fuzzes the readers of what is kept of health: verdicts, overrides, and the file of overrides.
//
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>

#include "server/runtime/override_store.h"
#include "server/runtime/overrides_file.h"
#include "server/runtime/verdict_store.h"
#include "server/state/state_lines.h"
#include "tests/fuzz/demand.h"

namespace {

using namespace meridian::server;

/// What was read is written and read as the same.
template <typename Parse, typename Write>
void read_twice(const std::string& text, const Parse& parse, const Write& write) {
    const auto first = parse(text);
    if (!first) { return; }
    const std::string written = write(*first);
    const auto again = parse(written);
    demand(again && write(*again) == written, "what was read can be written and read");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    read_twice(text, parse_verdicts, verdicts_text);
    read_twice(text, parse_overrides, overrides_text);
    // Behind a digest that the fuzzer could not guess.
    read_twice(write_state_lines({"meridian verdicts ", 1}, text + '\n'), parse_verdicts,
               verdicts_text);
    read_twice(write_state_lines({"meridian overrides ", 1}, text + '\n'), parse_overrides,
               overrides_text);
    const auto file = read_overrides("overrides.toml", text);
    demand(file || !file.error().empty(), "a file that is refused has an error");
    if (file) {
        std::string stanzas;
        for (const Override& entry : *file) {
            stanzas += stanza_of(entry);
        }
        const auto again = read_overrides("overrides.toml", stanzas);
        demand(again && again->size() == file->size(), "what is printed can be put into the file");
    }
    return 0;
}
