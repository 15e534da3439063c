// Fuzzes the reader of TOML, and compares it with toml11.
//
// SPDX-License-Identifier: Apache-2.0
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "meridian/zones/toml_document.h"
#include "tests/support/toml_twin.h"

namespace {

using namespace meridian::zones;

void expect(bool promise) {
    if (!promise) { std::abort(); }
}

/// Whatever was read has a value, and stands inside the file.
void check(const TomlTable& table, std::string_view text);

void check(const TomlValue& value, std::string_view text) {
    expect(value.span.begin <= value.span.end && value.span.end <= text.size());
    expect(value.span.at.line > 0 && value.span.at.column > 0);
    expect(value.kind() != TomlKind::None);
    if (const auto* array = value.get<TomlArray>()) {
        for (const TomlValue& item : array->items) {
            check(item, text);
        }
    }
    if (const auto* table = value.get<TomlTable>()) { check(*table, text); }
}

void check(const TomlTable& table, std::string_view text) {
    for (const TomlEntry& entry : table.entries()) {
        expect(entry.key_span.begin < entry.key_span.end && entry.key_span.end <= text.size());
        expect(table.find(entry.key) == &entry);
        check(entry.value, text);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string_view text(reinterpret_cast<const char*>(data), size);
    const auto document = read_toml("fuzz.toml", text);
    if (document) {
        check(document->root, text);
        const auto twin = meridian::test::read_with_toml11(text);
        expect(!twin || meridian::test::same(document->root, *twin));
        return 0;
    }
    expect(has_errors(document.error()));
    for (const Diagnostic& diagnostic : document.error()) {
        expect(diagnostic.at.line <= size + 1);
        expect(!to_text(diagnostic, true).empty() && !to_line(diagnostic).empty());
    }
    return 0;
}
