// Fuzzes master files: a bare one, which may include itself under another name.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "dns/wire/rdata_plain.h"
#include "meridian/limits.h"
#include "meridian/zones/zone_reader.h"
#include "tests/fuzz/slow_input.h"
#include "zones/language/master/master_lexer.h"

namespace {

using namespace meridian::zones;

void expect(bool promise) {
    if (!promise) { std::abort(); }
}

void check(const Zone& zone) {
    expect(!zone.nameservers.empty());
    for (const Owner& owner : zone.owners) {
        expect(owner.name.is_at_or_below(zone.apex));
        expect(!owner.sets.empty());
        for (const OwnedSet& set : owner.sets) {
            expect(!set.records.records.empty());
            expect(set.records.records.size() <= meridian::kMaxRecordsPerSet);
            expect(meridian::dns::is_data_type(set.records.type));
            expect(set.position.file >= 1 && set.position.file <= zone.other_files.size());
        }
    }
}

/// Both readers of RDATA must agree, whatever a line holds.
void compare_ways(std::string_view text) {
    namespace dns = meridian::dns;
    static const dns::Name origin = dns::Name::parse_absolute("beigel.example.").value();
    MasterLexer lexer(text, 1);
    MasterEntry entry;
    for (auto step = lexer.next(entry); step != MasterLexer::Step::End; step = lexer.next(entry)) {
        if (step == MasterLexer::Step::Fault || entry.words.size() < 2) { continue; }
        const std::string_view last = entry.words.back();
        const auto type = dns::type_from_text(entry.words[entry.words.size() / 2 - 1]);
        const char* const begin = entry.words[entry.words.size() / 2].data();
        const std::string_view data(begin, static_cast<std::size_t>(last.end() - begin));
        const auto plain = dns::read_plain_rdata(type.value_or(dns::Type::TXT), data, origin);
        if (!plain) { continue; }
        dns::RdataWarnings warnings;
        const auto by_fields =
            dns::read_rdata_by_fields(type.value_or(dns::Type::TXT), data, origin, warnings);
        expect(by_fields.ok() && *by_fields == *plain);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(reinterpret_cast<const char*>(data), size);
    compare_ways(text);
    if (meridian::test::generates_much(text)) { return 0; }
    const auto shared = std::make_shared<const std::string>(text.substr(text.size() / 2));
    const NamedFileReader reader =
        [&](const std::string& path) -> meridian::Result<NamedFile, std::string> {
        expect(!path.empty() && path.find("/../") == std::string::npos);
        if (path.size() > 3) { return meridian::Failure{std::string("no such file")}; }
        return NamedFile{path, shared};
    };
    const ZoneReading reading = read_zone({"zones/beigel.example.zone", text, 1, reader});
    expect(!reading.zones.empty() == !has_errors(reading.diagnostics));
    for (const Zone& zone : reading.zones) {
        check(zone);
    }
    for (const Diagnostic& diagnostic : reading.diagnostics) {
        expect(!to_text(diagnostic, false).empty());
    }
    return 0;
}
