// Splits a file into lines, refuses what no parser should see, and counts columns.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// A text that is safe to parse: valid UTF-8 of bounded size, in bounded lines, without control
/// characters. A byte order mark at the front is skipped.
class TomlText {
public:
    /// `text` must outlive the result.
    static Result<TomlText, Diagnostics> check(const std::string& file, std::string_view text);

    [[nodiscard]] std::string_view text() const { return text_; }
    [[nodiscard]] std::size_t first_octet() const { return first_octet_; }  ///< After a mark.
    [[nodiscard]] const std::vector<std::string>& lines() const { return lines_; }
    [[nodiscard]] std::vector<std::string> take_lines() { return std::move(lines_); }

    /// Where the octets from `begin` to `end` stand. Quick when asked in the order of the file.
    [[nodiscard]] TomlSpan span(std::size_t begin, std::size_t end);
    /// The octet at which a line (from 1) begins, or the end of the text.
    [[nodiscard]] std::size_t line_start(std::size_t line) const;

private:
    void split(std::string_view text);

    std::string_view text_;
    std::size_t first_octet_ = 0;
    std::vector<std::size_t> starts_;  // octet at which each line begins
    std::vector<std::string> lines_;
    // The last place that was counted to, so that a line with many keys is counted once.
    std::size_t counted_line_ = 0;
    std::size_t counted_octet_ = 0;
    std::size_t counted_column_ = 0;
};

}  // namespace meridian::zones
