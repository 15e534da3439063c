// Reads a zone file into the zone model.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/zone.h"

namespace meridian::zones {

/// A file that a zone file names, read whole.
struct NamedFile {
    std::string file;  ///< As the operator knows it, for diagnostics.
    std::shared_ptr<const std::string> text;
};

/// Reads a file that `records_from` or $INCLUDE names. `path` is relative to the folder of the zone
/// file, or absolute, and never climbs with "..". Whoever reads keeps to that folder, wherever
/// symbolic links lead, and to kMaxMasterFileOctets. The error is in words.
using FileReader = std::function<Result<NamedFile, std::string>(const std::string& path)>;

/// What the name of a master file ends in.
constexpr std::string_view kMasterFileEnding = ".zone";

/// A zone file, read whole before anything looks at it: errors show its lines, its hash tells what
/// is new, and it is what is kept for the next start. The snapshot that is made of the zone takes
/// more memory than text and model together (`meridian_bench_load` prints both), so that reading
/// the file in pieces would save little.
///
/// One called NAME.zone is a master file (RFC 1035 §5) of the zone NAME, `..zone` that of the root;
/// any other is TOML, unless `apex` says otherwise.
struct ZoneText {
    std::string file;
    std::string text;
    std::uint32_t default_serial = 0;  ///< Where `soa.serial` is absent; loaders choose a better.
    FileReader read_file = {};         ///< Without it no file can be named.
    LibraryReader read_library = {};   ///< Likewise for `use`.
    std::string apex = {};  ///< The zone of a master file that goes by another name; else empty.
};

/// The zones of a file, at least one, when there is no error; none of them when there is. With
/// them, or instead, what there is to say.
struct ZoneReading {
    std::vector<Zone> zones;  ///< In the order of the file.
    Diagnostics diagnostics;
    /// The file has no `zone`, no other key that zones alone have, and tables to share: this is
    /// what it is, with all that there is to say of it among `diagnostics`.
    std::shared_ptr<const Library> library = {};
};

/// Reads and checks one file: language, types, ranges, references within the file, then the rules
/// of the DNS (a CNAME stands alone, nameservers have addresses, `steer` on none of them...).
/// Never throws; a file of any content costs bounded time (limits.h).
ZoneReading read_zone(const ZoneText& source);

}  // namespace meridian::zones
