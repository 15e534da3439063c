// Splits a file into lines, refuses what no parser should see, and counts columns.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/toml/toml_text.h"

#include <algorithm>
#include <cstdio>

#include "meridian/limits.h"
#include "meridian/utf8.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

unsigned char octet_at(std::string_view text, std::size_t offset) {
    return static_cast<unsigned char>(text[offset]);
}

std::string hex(unsigned char octet) {
    char text[8];
    std::snprintf(text, sizeof text, "0x%02X", static_cast<unsigned>(octet));
    return text;
}

/// Reports the first octet of a line that must not be there. `line` is without its line end.
void check_line(std::string_view line, std::uint32_t number, Findings& findings) {
    if (line.size() > kMaxTomlLineOctets) {
        return findings.report(diagnostics::kLineTooLong, {number, 1, 1}, "",
                               {std::to_string(line.size()), std::to_string(kMaxTomlLineOctets)});
    }
    for (std::size_t offset = 0; offset < line.size();) {
        const auto column = [&] {
            return static_cast<std::uint32_t>(count_characters(line.substr(0, offset)) + 1);
        };
        const unsigned char octet = octet_at(line, offset);
        if ((octet < 0x20 && octet != '\t') || octet == 0x7f) {
            return findings.report(
                octet == '\r' ? diagnostics::kStrayReturn : diagnostics::kControlCharacter,
                {number, column(), 1}, "", {hex(octet)});
        }
        const std::size_t octets = utf8_octets(line, offset);
        if (octets == 0) {
            return findings.report(diagnostics::kNotUtf8, {number, column(), 1}, "", {hex(octet)});
        }
        offset += octets;
    }
}

}  // namespace

Result<TomlText, Diagnostics> TomlText::check(const std::string& file, std::string_view text) {
    if (text.size() > kMaxTomlFileOctets) {
        Findings findings(file, {});
        findings.report(diagnostics::kFileTooLarge, {}, "",
                        {std::to_string(text.size()), std::to_string(kMaxTomlFileOctets)});
        return Failure{findings.take()};
    }
    TomlText result;
    result.split(text);
    Findings findings(file, result.lines_);
    for (std::size_t i = 0; i < result.lines_.size(); ++i) {
        const std::size_t start = std::max(result.starts_[i], result.first_octet_);
        std::size_t end = i + 1 < result.starts_.size() ? result.starts_[i + 1] - 1 : text.size();
        if (end > start && i + 1 < result.starts_.size() && text[end - 1] == '\r') { --end; }
        check_line(text.substr(start, end - start), static_cast<std::uint32_t>(i + 1), findings);
    }
    if (findings.error_count() > 0) { return Failure{findings.take()}; }
    return result;
}

void TomlText::split(std::string_view text) {
    text_ = text;
    first_octet_ = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
    for (std::size_t start = 0; start <= text.size();) {
        const std::size_t end = std::min(text.find('\n', start), text.size());
        std::string_view line = text.substr(start, end - start);
        if (start == 0) { line.remove_prefix(first_octet_); }
        if (line.ends_with('\r')) { line.remove_suffix(1); }
        starts_.push_back(start);
        lines_.push_back(valid_utf8(line.substr(0, kMaxTomlLineOctets)));
        start = end + 1;
    }
}

std::size_t TomlText::line_start(std::size_t line) const {
    return line == 0 || line > starts_.size() ? text_.size() : starts_[line - 1];
}

TomlSpan TomlText::span(std::size_t begin, std::size_t end) {
    const auto after = std::upper_bound(starts_.begin(), starts_.end(), begin);
    const std::size_t line = static_cast<std::size_t>(after - starts_.begin());
    const std::size_t start = std::max(starts_[line - 1], first_octet_);
    if (line != counted_line_ || begin < counted_octet_) {
        counted_line_ = line;
        counted_octet_ = start;
        counted_column_ = 1;
    }
    counted_column_ += count_characters(text_.substr(counted_octet_, begin - counted_octet_));
    counted_octet_ = begin;

    std::string_view shown = text_.substr(begin, end - begin);
    shown = shown.substr(0, shown.find_first_of("\r\n"));
    return {{static_cast<std::uint32_t>(line), static_cast<std::uint32_t>(counted_column_),
             static_cast<std::uint32_t>(count_characters(shown))},
            begin,
            end};
}

}  // namespace meridian::zones
