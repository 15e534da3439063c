// Serves zones for a moment after they were read: every zone that loads must answer.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "meridian/zones/zone_reader.h"
#include "tests/support/zone_asker.h"

namespace meridian::test {

/// Texts by the path under which a zone file names them.
using NamedTexts = std::map<std::string, std::shared_ptr<const std::string>>;

inline zones::NamedFileReader reader_of(const NamedTexts& files) {
    return [&files](const std::string& path) -> Result<zones::NamedFile, std::string> {
        const auto found = files.find(path);
        if (found == files.end()) { return Failure{"cannot read " + path}; }
        return zones::NamedFile{path, found->second};
    };
}

/// The same texts as libraries, each read when it is first needed.
inline zones::LibraryReader library_reader_of(const NamedTexts& files) {
    using LibraryPointer = std::shared_ptr<const zones::Library>;
    const auto read = std::make_shared<std::map<std::string, LibraryPointer>>();
    return [&files, read](const std::string& path) -> Result<LibraryPointer, std::string> {
        const auto found = files.find(path);
        if (found == files.end()) { return Failure{"cannot read " + path}; }
        LibraryPointer& library = (*read)[path];
        if (library == nullptr) { library = zones::read_library(path, *found->second); }
        return library;
    };
}

/// Compiles the zones and queries the first names of each. False when they do not compile, in which
/// case a server reports the diagnostics.
inline bool serve(std::vector<zones::Zone> zones) {
    constexpr std::size_t kAskedNames = 50;  // every kind of owner is among so many
    zones::CompileInput input;
    for (zones::Zone& zone : zones) {
        input.zones.push_back(std::make_shared<const zones::Zone>(std::move(zone)));
    }
    input.atlas = empty_atlas();
    auto snapshot = zones::compile(input);
    if (!snapshot) { return false; }
    ZoneAsker asker(std::move(snapshot).value());
    for (const auto& zone : input.zones) {
        std::size_t asked = 0;
        for (const zones::Owner& owner : zone->owners) {
            if (asked++ == kAskedNames) { break; }
            for (const dns::Type type : {dns::Type::A, dns::Type::AAAA, dns::Type::MX}) {
                (void)asker.ask_over_tcp(owner.name.to_text(), type);
            }
        }
    }
    return true;
}

}  // namespace meridian::test
