// Describes libraries: tables that several zones share, read once for all of them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/model/zone.h"

namespace meridian::zones {

/// A name of something and where it stands.
struct WrittenName {
    std::string name;
    TextPosition at;
};

/// A policy as it is written. Which regions its names mean, and which are all, depends on the zone:
/// tables of its own replace those of libraries.
struct WrittenPolicy {
    std::string name;
    TextPosition position;
    std::optional<std::vector<WrittenName>> regions;  ///< None: all of the zone.
    std::vector<WrittenName> default_order;
    std::uint16_t max_addresses = 4;
    MissingFamily missing_family = MissingFamily::Unset;
    bool client_subnet = true;
    std::uint16_t min_regions = 1;
};

/// A duration and where it stands.
struct WrittenDuration {
    std::chrono::milliseconds value;
    TextPosition at;
};

/// A check as it is written.
struct WrittenCheck {
    HealthCheck check;      ///< Without a host where none is written.
    TextPosition position;  ///< Of the value that says which check it is.
    bool in_list = false;   ///< In `checks`.
};

/// `[health]`, or that of a service, as it is written. What is not there comes from the `[health]`
/// of the zone, or is the default.
struct WrittenHealth {
    TextPosition position;             ///< Of its table.
    std::vector<WrittenCheck> checks;  ///< None: those of the zone.
    CheckNeed need = CheckNeed::All;   ///< Of its own checks.
    std::optional<WrittenDuration> every;
    std::optional<WrittenDuration> timeout;
    std::optional<WrittenDuration> hold;
    std::optional<std::uint16_t> fall;
    std::optional<std::uint16_t> rise;
    std::optional<double> min_up;
    std::optional<bool> manual_failback;
};

/// What a service has in a region, as it is written.
struct WrittenPart {
    WrittenName region;
    std::vector<IpAddress> addresses;
};

/// Where names of a service lead in a region, as it is written.
struct WrittenTarget {
    WrittenName region;
    WrittenName target;
};

/// What is checked in a region instead of its addresses, as it is written.
struct WrittenProbes {
    WrittenName region;
    std::vector<ProbePoint> points;
};

/// A service as it is written; the same holds for its names.
struct WrittenService {
    std::string name;
    TextPosition position;
    WrittenName policy;  ///< "nearest", at the name of the table, where none is written.
    std::optional<std::uint32_t> ttl_seconds;
    std::vector<WrittenPart> parts;      ///< None: the addresses of the regions.
    std::vector<WrittenTarget> targets;  ///< Instead of addresses, for a service of CNAMEs.
    std::vector<WrittenProbes> probes;
    bool is_probed_only = false;                 ///< It has `probe`, and nothing to answer.
    std::optional<WrittenHealth> health;         ///< None: as the zone has it.
    std::optional<TextPosition> last_resort_at;  ///< None: it has no last resort.
    std::vector<IpAddress> last_resort;
    std::optional<WrittenName> last_resort_target;  ///< Instead, for a service of CNAMEs.
    bool families_together = false;
    std::vector<WrittenName> depends;
};

/// The commands that a check may name, as the server's settings declare them.
using CommandNames = std::vector<std::string>;

/// What a file has of the tables that zones can share.
struct SharedTables {
    std::vector<Region> regions;
    std::vector<WrittenPolicy> policies;
    std::vector<WrittenService> services;
    std::optional<Ttls> ttls;
    TextPosition ttls_position;
    std::optional<WrittenHealth> health;
};

/// A TOML file without `zone`. Immutable once it is read; positions are those of a file of its own.
struct Library {
    std::string
        file;  ///< As the operator knows it; with a name it identifies what is defined here.
    std::string text;
    SharedTables tables;
    Diagnostics diagnostics;  ///< With errors among them no zone can use it.
};

/// Reads a library, as far as it can be understood without a zone. Never throws.
std::shared_ptr<const Library> read_library(std::string file, std::string text);

/// The diagnostics of the library, and those of a zone that has it and no tables of its own.
Diagnostics check_library(const Library& library);

/// The warning that no zone uses the library `file`.
Diagnostic report_unused_library(const std::string& file);
/// The error that `file` described a zone, which runs, and is a library now that no zone uses.
Diagnostic report_zone_became_library(const std::string& file);

/// Reads a library that `use` names; see NamedFileReader. Gives the same one for the same file.
using LibraryReader =
    std::function<Result<std::shared_ptr<const Library>, std::string>(const std::string& path)>;

}  // namespace meridian::zones
