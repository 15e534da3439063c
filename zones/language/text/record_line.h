// Recognises lines of master files within TOML, and says how TOML writes them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace meridian::zones {

/// The first line of a text, without its end.
std::string_view first_line(std::string_view text);

/// The mark with which other notations begin a comment, where `text` begins with one: ";", "//",
/// "/*", "<!--" or "--" as a word of its own. Empty for none.
std::string_view foreign_comment_mark(std::string_view text);

/// Whether a statement of TOML begins here: `key =`, or a header that ends its line.
bool begins_statement(std::string_view text);

struct RecordLine {
    std::size_t octets = 0;  ///< As far as it goes, over several lines where parentheses join them.
    bool is_soa = false;
    std::string way_out;  ///< What to do instead.
};

/// The line of a master file (RFC 1035 §5.1) that begins at `offset`, behind blanks at most:
/// `www IN A 192.0.2.1` or `$TTL 1h`. No statement of TOML is taken for one. `zone` is the name of
/// the zone, where it is known; else empty.
std::optional<RecordLine> record_line(std::string_view text, std::size_t offset,
                                      std::string_view zone = {});

}  // namespace meridian::zones
