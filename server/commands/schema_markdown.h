// Writes the reference of a file's keys in Markdown, from the rows that describe them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace meridian::server {

/// Every key of zone files, a table for each table of the language: what may stand there, its
/// default, what it means, whether it works yet. It stands in zones/README.md.
std::string zone_reference();

/// The same of meridian.toml, for docs/settings.md.
std::string settings_reference();

}  // namespace meridian::server
