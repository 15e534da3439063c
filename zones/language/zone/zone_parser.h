// Parses a zone file into the model, before the rules of the DNS are applied to it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/model/zone.h"
#include "meridian/zones/toml_document.h"
#include "meridian/zones/zone_reader.h"
#include "zones/language/master/master_file.h"
#include "zones/language/zone/table_joiner.h"
#include "zones/model/owner_index.h"
#include "zones/model/written_positions.h"

namespace meridian::zones {

/// The name of a zone, and where it stands in its file.
struct ApexName {
    dns::Name name;
    TextPosition at;
};

/// A zone file, read as far as it is the same for all of its zones.
struct ZoneFile {
    TomlDocument document;         ///< Nothing in it where the file is a master file.
    std::vector<ApexName> apexes;  ///< Each once. None: the file is a library, and nothing is read.
    Findings findings;             ///< Refers to `document.lines`, `texts` and `libraries`.
    FileTexts texts = {};          ///< Of other files.
    SharedTables tables = {};      ///< Those of its own.
    bool tables_sound = true;      ///< No error in them, nor elsewhere at the top of the file.
    std::vector<UsedLibrary> libraries = {};
    bool libraries_sound = true;  ///< Else nothing can be said of the zones that use them.
};

/// One zone of a file: with errors among the findings it has gaps and serves only to find more of
/// them.
struct ParsedZone {
    Zone zone;         ///< Apex and at least one nameserver are there.
    OwnerIndex index;  ///< Of its owners.
    WrittenPositions positions;
    /// Regions and policies had no error; else rules about them would report what is not so.
    bool policies_sound = false;
};

/// Fails when the file is no TOML, or names no zone and is no library. Never throws.
Result<ZoneFile, Diagnostics> open_zone_file(const ZoneText& source);

/// Parses the zone called `apex`, one of those of `file`, from the same `source`; reports into
/// `file.findings`. None where it has no nameservers.
std::optional<ParsedZone> parse_zone(const ZoneText& source, const ApexName& apex, ZoneFile& file);

}  // namespace meridian::zones
