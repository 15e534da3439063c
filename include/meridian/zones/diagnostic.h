// Tells an operator what is wrong in a file, where, and the way out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace meridian::zones {

/// A place in a text file; 0 means that there is none to point at.
struct TextPosition {
    std::uint32_t line = 0;    ///< From 1.
    std::uint32_t column = 0;  ///< From 1, in characters (code points), not octets.
    std::uint32_t length = 0;  ///< Characters to underline.
};

enum class Severity : std::uint8_t { Error, Warning };

/// One thing to tell. In text:
///
/// ```
/// zones/beigel.example.toml:21:13: error: services.api.policy: no policy is called "nearst"
///    21 | policy    = "nearst"
///       |             ^^^^^^^^
///    did you mean "nearest"? policies in this zone: "nearest", "europe-first" (line 9)
/// ```
struct Diagnostic {
    Severity severity = Severity::Error;
    std::string file;
    TextPosition at;
    std::string key;          ///< "services.api.policy"; empty when the matter has none.
    std::string message;      ///< What is wrong, in plain words.
    std::string hint;         ///< What was expected, the nearest spelling; may be empty.
    std::string source_line;  ///< The line itself; empty when unknown.
};

using Diagnostics = std::vector<Diagnostic>;

/// The text form above, with a final newline; colours are ANSI.
std::string to_text(const Diagnostic& diagnostic, bool colour);
/// Everything on one line, for a log.
std::string to_line(const Diagnostic& diagnostic);

bool has_errors(const Diagnostics& diagnostics);

}  // namespace meridian::zones
