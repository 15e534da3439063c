// Joins the tables of a zone file with those of the libraries that it uses.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/model/zone.h"
#include "zones/language/zone/health_joiner.h"
#include "zones/language/zone/table_names.h"

namespace meridian::zones {

/// A library without errors that a zone file names.
struct UsedLibrary {
    std::shared_ptr<const Library> library;
    std::uint32_t file = 0;  ///< Its number, as Findings counts.
    TextPosition used_at;    ///< Of its name in `use`.
};

/// Puts regions, policies, services and TTLs into `zone`. A table of the zone replaces that of a
/// library with the same name; the other tables of the zone follow. Two libraries that have the
/// same table are an error, unless the zone has it, too. Returns what is left to be joined by
/// `join_health`; it points into `own` and the libraries.
WrittenHealths join_tables(const SharedTables& own, std::span<const UsedLibrary> libraries,
                           Zone& zone, Findings& findings);

/// Understands policies, whose positions are in the file with that number, in terms of the regions
/// of `zone`. False when one names a region that is not there.
bool join_policies(std::span<const WrittenPolicy> policies, std::uint32_t file, UnknownName unknown,
                   Zone& zone, Findings& findings);

}  // namespace meridian::zones
