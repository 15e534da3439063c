// Loads zone files that come one after the other and says of each what came of it.
//
// SPDX-License-Identifier: Apache-2.0
//
// Standard input holds frames: a line `file NAME OCTETS` or `zone NAME OCTETS`, then the octets. A
// file is kept for the zones that name it; a zone is read, compiled and asked. Standard output has
// a line for each zone: `loads MICROSECONDS` or `refused MICROSECONDS CODE...`.
#include <chrono>
#include <exception>
#include <iostream>
#include <limits>
#include <map>
#include <memory>
#include <string>
#include <utility>

#include "meridian/zones/zone_reader.h"
#include "tests/support/zone_asker.h"

namespace {

using namespace meridian;

using Files = std::map<std::string, std::shared_ptr<const std::string>>;

constexpr std::size_t kAskedNames = 50;  // of a zone: every kind of owner is among so many

/// Asks for what the zone holds: whatever loads must be fit to be served.
void ask(const zones::Zone& zone, const zones::CompileInput& input) {
    auto snapshot = zones::compile(input);
    if (!snapshot) { return; }  // told of, as an error of the zone
    test::ZoneAsker asker(std::move(snapshot).value());
    std::size_t asked = 0;
    for (const zones::Owner& owner : zone.owners) {
        for (const dns::Type type : {dns::Type::A, dns::Type::AAAA, dns::Type::MX}) {
            (void)asker.ask_over_tcp(owner.name.to_text(), type);
        }
        if (++asked == kAskedNames) { return; }
    }
}

std::string verdict(const std::string& name, std::string text, const Files& files) {
    const zones::FileReader reader =
        [&](const std::string& path) -> Result<zones::NamedFile, std::string> {
        const auto found = files.find(path);
        if (found == files.end()) { return Failure{"cannot read " + path}; }
        return zones::NamedFile{path, found->second};
    };
    const auto begin = std::chrono::steady_clock::now();
    const zones::ZoneReading reading = zones::read_zone({name, std::move(text), 1, reader});
    if (!reading.zones.empty()) {
        zones::CompileInput input;
        for (const zones::Zone& zone : reading.zones) {
            input.zones.push_back(std::make_shared<const zones::Zone>(zone));
        }
        input.atlas = test::empty_atlas();
        ask(reading.zones.front(), input);
    }
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begin);
    std::string line = !reading.zones.empty() ? "loads " : "refused ";
    line += std::to_string(spent.count());
    for (const zones::Diagnostic& diagnostic : reading.diagnostics) {
        if (diagnostic.severity == zones::Severity::Error) {
            line += " " + std::string(diagnostic.code);
        }
    }
    return line;
}

}  // namespace

int main() {
    Files files;
    std::string kind;
    std::string name;
    std::size_t octets = 0;
    while (std::cin >> kind >> name >> octets) {
        std::cin.ignore(std::numeric_limits<std::streamsize>::max(), '\n');
        std::string text(octets, '\0');
        std::cin.read(text.data(), static_cast<std::streamsize>(octets));
        if (!std::cin) { return 2; }
        if (kind == "file") {
            files[name] = std::make_shared<const std::string>(std::move(text));
            continue;
        }
        std::cout << verdict(name, std::move(text), files) << std::endl;
    }
    return 0;
}
