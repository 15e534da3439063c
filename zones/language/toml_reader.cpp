// Reads TOML through toml11, behind the guard and the scanner; the only file that knows toml11.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <sstream>
#include <toml.hpp>
#include <unordered_map>

#include "meridian/zones/toml_document.h"
#include "zones/language/foreign_text.h"
#include "zones/language/toml_positions.h"
#include "zones/language/toml_text.h"
#include "zones/model/messages.h"

namespace meridian::zones {
namespace {

using Toml11 = toml::basic_value<toml::discard_comments, std::unordered_map, std::vector>;

TimeKind time_kind(const Toml11& value) {
    if (value.is_offset_datetime()) { return TimeKind::OffsetDateTime; }
    if (value.is_local_datetime()) { return TimeKind::LocalDateTime; }
    return value.is_local_date() ? TimeKind::LocalDate : TimeKind::LocalTime;
}

/// Puts toml11's values into the tree of the scanner. False when the two read different trees,
/// which would be a fault of one of them.
class Filler {
public:
    explicit Filler(std::string_view text) : text_(text) {}

    bool fill(TomlValue& into, const Toml11& from) const {
        if (TomlTable* table = std::get_if<TomlTable>(&into.data)) {
            return from.is_table() && fill_table(*table, from);
        }
        if (TomlArray* array = std::get_if<TomlArray>(&into.data)) {
            return from.is_array() && fill_array(*array, from);
        }
        if (from.is_boolean()) {
            into.data = from.as_boolean();
        } else if (from.is_integer()) {
            into.data = std::int64_t{from.as_integer()};
        } else if (from.is_floating()) {
            into.data = double{from.as_floating()};
        } else if (from.is_string()) {
            into.data = from.as_string().str;
        } else if (from.is_table() || from.is_array() || from.is_uninitialized()) {
            return false;
        } else {
            const std::size_t octets = into.span.end - into.span.begin;
            into.data =
                TomlTime{time_kind(from), std::string(text_.substr(into.span.begin, octets))};
        }
        return true;
    }

    bool fill_table(TomlTable& into, const Toml11& from) const {
        const auto& table = from.as_table();
        if (table.size() != into.entries().size()) { return false; }
        for (TomlEntry& entry : into.entries()) {
            const auto found = table.find(entry.key);
            if (found == table.end() || !fill(entry.value, found->second)) { return false; }
        }
        return true;
    }

private:
    bool fill_array(TomlArray& into, const Toml11& from) const {
        const auto& array = from.as_array();
        if (array.size() != into.items.size()) { return false; }
        for (std::size_t i = 0; i < array.size(); ++i) {
            if (!fill(into.items[i], array[i])) { return false; }
        }
        return true;
    }

    std::string_view text_;
};

void read_values(TomlText& text, TomlTable& root, Findings& findings) {
    std::istringstream stream{std::string(text.text().substr(text.first_octet()))};
    try {
        const Toml11 parsed =
            toml::parse<toml::discard_comments, std::unordered_map, std::vector>(stream, "zone");
        if (!Filler(text.text()).fill_table(root, parsed)) {
            findings.tell(messages::kUnclearStructure, {}, "");
        }
    } catch (const toml::exception& refusal) {
        // The scanner should have refused it, in better words. Columns of toml11 count octets.
        const std::size_t line = text.line_start(refusal.location().line());
        const std::size_t column = refusal.location().column();
        const std::size_t begin =
            std::min(line + (column > 0 ? column - 1 : 0), text.text().size());
        findings.tell(messages::kNotToml, text.span(begin, begin).at, "");
    } catch (...) { findings.tell(messages::kNotToml, {}, ""); }
}

/// What there is to tell of a text that was refused: one thing where it is no TOML at all.
Diagnostics explained(const std::string& file, std::string_view text, Diagnostics told) {
    const auto form = foreign_form(text);
    if (!form) { return told; }
    const bool is_shown =
        form->message != &messages::kIsUtf16 && form->message != &messages::kIsBinary;
    const auto same_line = std::ranges::find_if(
        told, [&](const Diagnostic& diagnostic) { return diagnostic.at.line == form->line; });
    Diagnostic only = diagnostic_of(*form->message, file, {form->line, 1, 1}, "");
    if (is_shown && same_line != told.end()) { only.source_line = same_line->source_line; }
    return {std::move(only)};
}

Result<TomlDocument, Diagnostics> read_checked(std::string file, TomlText& lines) {
    Findings findings(file, lines.lines());
    TomlTable root = scan_positions(lines, findings);
    if (findings.error_count() == 0) { read_values(lines, root, findings); }
    if (findings.error_count() > 0) { return Failure{findings.take()}; }
    return TomlDocument{std::move(file), lines.take_lines(), std::move(root)};
}

}  // namespace

Result<TomlDocument, Diagnostics> read_toml(std::string file, std::string_view text) {
    auto checked = TomlText::check(file, text);
    if (!checked) { return Failure{explained(file, text, std::move(checked).error())}; }
    auto read = read_checked(file, *checked);
    if (!read) { return Failure{explained(file, text, std::move(read).error())}; }
    return read;
}

}  // namespace meridian::zones
