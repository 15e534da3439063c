// Records where every key and value of a TOML file stands, before toml11 sees it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/toml_document.h"
#include "zones/language/toml_text.h"

namespace meridian::zones {

/// Reads the structure of `text` within kMaxTomlNesting: tables, keys and positions as toml11 will
/// find them, but no values yet (booleans, numbers, strings and times hold nothing).
///
/// Tells every fault of structure in `findings`: syntax, keys given twice, tables opened twice.
/// The result means something only when there was none.
TomlTable scan_positions(TomlText& text, Findings& findings);

}  // namespace meridian::zones
