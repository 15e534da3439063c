// Fuzzes the whole way from files to answers: a zone, what it names, the compiler, the first names.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "tests/fuzz/slow_input.h"
#include "tests/support/serve_zones.h"

namespace {

using namespace meridian;

constexpr std::string_view kMark =
    "\n== ";  // and a path: here begins a file that the zone may name

void expect(bool promise) {
    if (!promise) { std::abort(); }
}

/// Takes all files but the first out of `text`.
test::NamedTexts take_files(std::string_view& text) {
    test::NamedTexts files;
    for (;;) {
        const std::size_t mark = text.rfind(kMark);
        if (mark == std::string_view::npos) { return files; }
        const std::string_view part = text.substr(mark + kMark.size());
        const std::size_t line = std::min(part.find('\n'), part.size());
        files[std::string(part.substr(0, line))] =
            std::make_shared<const std::string>(part.substr(std::min(line + 1, part.size())));
        text = text.substr(0, mark + 1);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::string_view text(reinterpret_cast<const char*>(data), size);
    if (test::generates_much(text)) { return 0; }
    const test::NamedTexts files = take_files(text);
    // A master file begins as no TOML file does.
    const char* const name =
        text.starts_with('$') || text.starts_with('@') ? "beigel.example.zone" : "zone.toml";
    zones::ZoneReading reading = zones::read_zone(
        {name, std::string(text), 1, test::reader_of(files), test::library_reader_of(files)});
    const bool sound = !zones::has_errors(reading.diagnostics);
    expect(sound ? !reading.zones.empty() || reading.library : reading.zones.empty());
    if (!reading.zones.empty()) { (void)test::serve(std::move(reading.zones)); }
    for (const zones::Diagnostic& diagnostic : reading.diagnostics) {
        expect(!zones::to_text(diagnostic, true).empty());
        expect(!zones::to_line(diagnostic).empty());
    }
    return 0;
}
