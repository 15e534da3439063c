// Builds the snapshots from which benchmarks answer.
//
// SPDX-License-Identifier: Apache-2.0
#include "bench/bench_snapshot.h"

#include <fstream>
#include <iterator>
#include <utility>

#include "meridian/zones/compiler.h"
#include "meridian/zones/zone_reader.h"

namespace meridian::bench {

namespace {

constexpr std::uint32_t kTtlSeconds = 3600;
constexpr std::uint64_t kHashSeed = 0x6d65726964696172;  // arbitrary, but always the same

dns::Name name(const std::string& text) {
    return dns::Name::parse_absolute(text + ".").value();
}

zones::Owner address_owner(const std::string& text, std::uint32_t address) {
    const dns::Rdata rdata{
        static_cast<std::uint8_t>(address >> 24), static_cast<std::uint8_t>(address >> 16),
        static_cast<std::uint8_t>(address >> 8), static_cast<std::uint8_t>(address)};
    zones::Owner owner;
    owner.name = name(text);
    owner.sets.push_back(
        {.records = {.type = dns::Type::A, .ttl_seconds = kTtlSeconds, .records = {rdata}},
         .position = {}});
    return owner;
}

Result<SnapshotPointer, std::string> compile(zones::Zone zone, const AtlasPointer& atlas) {
    zones::CompileInput input;
    input.zones = {std::make_shared<const zones::Zone>(std::move(zone))};
    input.atlas = atlas;
    input.hash_seed = kHashSeed;
    auto snapshot = zones::compile(input);
    if (!snapshot) { return Failure{zones::to_line(snapshot.error().front())}; }
    return std::move(snapshot).value();
}

}  // namespace

Result<SnapshotPointer, std::string> zone_file_snapshot(const std::string& path,
                                                        const AtlasPointer& atlas) {
    std::ifstream file(path);
    if (!file) { return Failure{path + ": cannot be read"}; }
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    zones::ZoneReading reading =
        zones::read_zone({.file = path, .text = text, .default_serial = 1});
    if (reading.zones.empty() || zones::has_errors(reading.diagnostics)) {
        return Failure{reading.diagnostics.empty() ? path + ": no zone"
                                                   : zones::to_line(reading.diagnostics.front())};
    }
    return compile(std::move(reading.zones.at(0)), atlas);
}

std::vector<std::string> many_names(std::size_t count) {
    std::vector<std::string> names;
    names.reserve(count);
    for (std::size_t i = 0; i < count; ++i) {
        const std::string number = std::to_string(i);
        names.push_back("host-" + std::string(10 - number.size(), '0') + number + ".many.example");
    }
    return names;
}

Result<SnapshotPointer, std::string> many_names_snapshot(std::size_t count,
                                                         const AtlasPointer& atlas) {
    zones::Zone zone;
    zone.file = "many.example (generated)";
    zone.apex = name("many.example");
    zone.nameservers = {name("ns1.many.example")};
    zone.soa.primary = zone.nameservers.front();
    zone.soa.mailbox = name("hostmaster.many.example");
    zone.soa.serial = 1;
    zone.owners.reserve(count + 1);
    zone.owners.push_back(address_owner("ns1.many.example", 0xc0000201));
    std::uint32_t address = 0xc6336400;
    for (const std::string& text : many_names(count)) {
        zone.owners.push_back(address_owner(text, address++));
    }
    return compile(std::move(zone), atlas);
}

}  // namespace meridian::bench
