// Reads how this server checks addresses: [health] of meridian.toml.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "meridian/endpoint.h"
#include "meridian/limits.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/toml_document.h"
#include "server/helper/command.h"
#include "server/probing/probe.h"

namespace meridian::server {

/// A command that zones may name.
struct DeclaredCommand {
    std::string name;
    CommandLine line;
    friend bool operator==(const DeclaredCommand&, const DeclaredCommand&) = default;
};

/// What belongs to this server's own way to what it checks.
struct CheckSettings {
    std::optional<IpAddress> source_v4;  ///< Where checks come from; none: the system decides.
    std::optional<IpAddress> source_v6;
    std::string user_agent = "meridian-health";
    /// Addresses beyond the uplink: while one of a family answers, the family is not blind.
    std::vector<Endpoint> self_tests;
    std::uint32_t max_probes = kUsualMaxProbes;  ///< A second, of all zones together.
    std::vector<DeclaredCommand> commands;       ///< In the order of the file.
    CommandLine on_change;                       ///< Empty: none.
    std::optional<FamilySet> families;  ///< Those that it reaches; none: the kernel says it.
};

/// `[commands.NAME]`
std::vector<DeclaredCommand> read_commands(const zones::TomlTable& commands,
                                           zones::Findings& findings);
zones::CommandNames command_names(const CheckSettings& settings);
/// What the helper is to run: the commands, then that of changes; none: no helper is needed.
std::vector<CommandLine> lines_of_commands(const CheckSettings& settings);

/// Reads the table `health`, whose keys have been checked. What is wrong is reported and left out.
CheckSettings read_check_settings(const zones::TomlTable& health, zones::Findings& findings);

/// The same for probes. Where OpenSSL does not start they are without TLS, for the reason in
/// `problem`, which else stays as it is.
ProbeSettings probe_settings(const CheckSettings& settings, std::string& problem);

}  // namespace meridian::server
