// Writes the reference of a file's keys in Markdown, from the rows that describe them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

namespace meridian::server {

/// Which keys a page is about.
enum class KeyStage : std::uint8_t {
    Works,
    Later,  ///< Those that are refused, or have no effect, until a later version.
};

/// The keys of zone files, a table for each table of the language: what may stand there, its
/// default, what it means. Those that work stand in zones/README.md, the others in
/// docs/later-keys.md.
std::string zone_reference(KeyStage stage);

/// The same of meridian.toml, for docs/settings.md and docs/later-keys.md.
std::string settings_reference(KeyStage stage);

}  // namespace meridian::server
