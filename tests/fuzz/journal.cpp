// Fuzzes the reader of the journal, whose files a crash may have left in any state.
//
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

#include "server/journal/journal_reading.h"
#include "tests/fuzz/demand.h"

namespace {

using meridian::server::JournalEntry;
using meridian::server::JournalReading;

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    JournalReading reading;
    const bool is_segment = meridian::server::read_journal_segment(text, reading);
    demand(is_segment || reading.entries.empty(), "what is no segment has no entries");
    for (const JournalEntry& entry : reading.entries) {
        const std::string line = meridian::server::journal_line(entry);
        const auto again =
            meridian::server::parse_journal_line(std::string_view(line).substr(0, line.size() - 1));
        demand(again.has_value(), "what was read can be written and read");
    }
    const auto state = reading.state_at(reading.begin());
    demand(state.entries().size() <= reading.entries.size(), "a state has no more than was read");
    // Lines whose digests the fuzzer cannot guess.
    const auto inside = meridian::server::parse_journal_line(meridian::server::digested(text));
    if (inside) { demand(!inside->is_state || text.starts_with('='), "a state says so"); }
    return 0;
}
