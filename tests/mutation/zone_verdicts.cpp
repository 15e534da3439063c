// Loads zone files that come one after the other and says of each what came of it.
//
// SPDX-License-Identifier: Apache-2.0
//
// Standard input holds frames: a line `file NAME OCTETS` or `zone NAME OCTETS`, then the octets. A
// file is kept for the zones that name it; a zone is read, compiled and asked. Standard output has
// a line for each zone: `loads MICROSECONDS` or `refused MICROSECONDS CODE...`.
#include <chrono>
#include <iostream>
#include <limits>
#include <memory>
#include <string>
#include <utility>

#include "tests/support/serve_zones.h"

namespace {

using namespace meridian;

std::string verdict(const std::string& name, std::string text, const test::NamedTexts& files) {
    const auto begin = std::chrono::steady_clock::now();
    zones::ZoneReading reading = zones::read_zone(
        {name, std::move(text), 1, test::reader_of(files), test::library_reader_of(files)});
    const bool loads = !reading.zones.empty() && test::serve(std::move(reading.zones));
    const auto spent = std::chrono::duration_cast<std::chrono::microseconds>(
        std::chrono::steady_clock::now() - begin);
    std::string line = loads ? "loads " : "refused ";
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
    test::NamedTexts files;
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
