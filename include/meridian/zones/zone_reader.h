// Reads a zone file into the zone model.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/language/text/named_file.h"
#include "meridian/zones/library.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// What the name of a master file ends in.
constexpr std::string_view kMasterFileEnding = ".zone";

/// A zone file, read whole: errors show its lines, its hash shows whether it has changed, and it is
/// saved for the next start. The snapshot that is made of the zone takes
/// more memory than text and model together (`meridian_bench_load` prints both), so that reading
/// the file in pieces would save little.
///
/// One called NAME.zone is a master file (RFC 1035 §5) of the zone NAME, `..zone` that of the root;
/// any other is TOML, unless `apex` says otherwise.
struct ZoneText {
    std::string file;
    std::string text;
    std::uint32_t default_serial = 0;  ///< Where `soa.serial` is absent; loaders choose a better.
    NamedFileReader read_file = {};    ///< Without it no file can be named.
    LibraryReader read_library = {};   ///< Likewise for `use`.
    std::string apex = {};  ///< The zone of a master file that goes by another name; else empty.
    /// Null where they are not known: then a check may name any.
    std::shared_ptr<const CommandNames> commands = {};
};

/// The zones of a file and its diagnostics. Without an error there is at least one zone, else none.
struct ZoneReading {
    std::vector<Zone> zones;  ///< In the order of the file.
    Diagnostics diagnostics;
    /// The library that the file is: it has no `zone`, no other key of zones alone, and tables to
    /// share. Null for any other file.
    std::shared_ptr<const Library> library = {};
};

/// Reads and checks one file: language, types, ranges, references within the file, then the rules
/// of the DNS (a CNAME stands alone, nameservers have addresses, `steer` on none of them...).
/// Never throws; a file of any content costs bounded time (limits.h).
ZoneReading read_zone(const ZoneText& source);

}  // namespace meridian::zones
