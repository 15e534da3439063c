// Reads TOML 1.0 into a tree of values that know where they stand.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/toml/toml_reader.h"

#include <utility>

#include "meridian/limits.h"
#include "meridian/zones/toml_document.h"
#include "zones/language/text/foreign_text.h"
#include "zones/language/text/record_line.h"
#include "zones/language/toml/toml_text.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

std::string line_of(const TomlSpan& span) {
    return "line " + std::to_string(span.at.line);
}

std::string path_of(std::string_view parent, KeyParts parts) {
    std::string path(parent);
    for (const KeyPart& part : parts) {
        path = key_path(path, part.text);
    }
    return path;
}

}  // namespace

TomlTable TomlReader::read() {
    root_.form = TomlForm::Header;
    current_ = &root_;
    while (true) {
        lexer_.skip_blank_lines();
        if (lexer_.at_end()) { return std::move(root_); }
        lexer_.set_path(current_path_);
        in_brackets_ = false;
        lexer_.begin_statement();
        if (record_line() || lexer_.foreign_comment() || lexer_.stray_brace()) { continue; }
        const bool fine =
            lexer_.peek() == '[' ? header() : assignment(*current_, current_path_, current_depth_);
        if (!fine || !lexer_.end_statement()) { resume(); }
    }
}

/// Whether a line begins here as keys and headers mostly do.
bool TomlReader::at_statement() const {
    const std::string_view rest = lexer_.rest();
    const std::size_t first = rest.find_first_not_of('[');
    if (first > 2) { return false; }  // npos, too
    const char letter = rest[first];
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/// Skips to the next statement after a fault.
void TomlReader::resume() {
    lexer_.skip_line();
    // The end of the brackets is unknown: a line that looks like a statement is taken for one.
    while (in_brackets_ && !lexer_.at_end() && !at_statement()) {
        lexer_.skip_line();
    }
}

/// Reports a line of a master file; false where there is none.
bool TomlReader::record_line() {
    const std::size_t begin = lexer_.offset();
    const std::string* const zone = root_.text("zone");
    const auto line = zones::record_line(lexer_.text(), begin, zone == nullptr ? "" : *zone);
    if (!line) { return false; }
    lexer_.refuse(begin, begin + line->octets, diagnostics::kRecordLine, {line->way_out});
    lexer_.skip(line->octets);
    return true;
}

bool TomlReader::header() {
    const std::size_t begin = lexer_.offset();
    const bool element = lexer_.looks_at("[[");
    lexer_.skip(element ? 2 : 1);
    const auto parts = lexer_.key();
    if (!parts) { return false; }
    current_path_ = path_of("", *parts);
    current_depth_ = parts->size();
    lexer_.set_path(current_path_);
    lexer_.skip_spaces();
    const std::string_view closing = element ? "]]" : "]";
    // Keys below a faulty header belong to it, not to the table before.
    discarded_ = TomlTable();
    current_ = &discarded_;
    if (!lexer_.looks_at(closing)) {
        if (unquoted_header(*parts, closing)) { return false; }
        return lexer_.refuse(lexer_.offset(), lexer_.offset() + 1, diagnostics::kHeaderNotClosed,
                             {closing});
    }
    lexer_.skip(closing.size());

    const TomlSpan whole = lexer_.span(begin, lexer_.offset());
    TomlTable* parent = descend(KeyParts(*parts).first(parts->size() - 1));
    if (parent == nullptr) { return true; }
    TomlTable* opened =
        element ? open_element(*parent, parts->back(), whole) : open(*parent, parts->back(), whole);
    if (opened != nullptr) { current_ = opened; }
    return true;
}

/// Reports [regions.new york], whose last part lacks its quotes.
bool TomlReader::unquoted_header(KeyParts parts, std::string_view closing) {
    const std::size_t begin = parts.back().begin;
    const std::string_view line = first_line(lexer_.text().substr(begin));
    const std::size_t octets = line.find(closing);
    if (octets == std::string_view::npos || line[0] == '"' || line[0] == '\'') { return false; }
    const std::string meant =
        key_path(path_of("", parts.first(parts.size() - 1)), line.substr(0, octets));
    const std::string opening = closing == "]" ? "[" : "[[";
    lexer_.refuse(begin, begin + octets, diagnostics::kHeaderUnquoted,
                  {opening + meant + std::string(closing)});
    return true;
}

/// The table that the parts of a header before the last lead to; made where it is missing.
TomlTable* TomlReader::descend(KeyParts parts) {
    TomlTable* table = &root_;
    for (const KeyPart& part : parts) {
        TomlEntry* entry = table->find(part.text);
        if (entry == nullptr) {
            entry = &add_table(*table, part, lexer_.span(part.begin, part.end), TomlForm::Implied);
        }
        TomlArray* array = std::get_if<TomlArray>(&entry->value.data);
        table = table_in(*entry);
        if (array != nullptr && array->of_headers) {
            table = std::get_if<TomlTable>(&array->items.back().data);
        }
        if (table == nullptr || table->form == TomlForm::Inline) {
            refuse(part, diagnostics::kHeaderIntoValue,
                   {quoted(part.text), line_of(entry->key_span)});
            return nullptr;
        }
    }
    return table;
}

TomlTable* TomlReader::open(TomlTable& parent, const KeyPart& part, const TomlSpan& whole) {
    TomlEntry* entry = parent.find(part.text);
    if (entry == nullptr) { return table_in(add_table(parent, part, whole, TomlForm::Header)); }
    TomlTable* table = table_in(*entry);
    const std::string first = line_of(entry->key_span);
    if (table == nullptr) {
        refuse(part, diagnostics::kHeaderOfValue, {quoted(part.text), first});
        return nullptr;
    }
    if (table->form == TomlForm::Header) {
        refuse(part, diagnostics::kTableReopened, {current_path_, first});
        return nullptr;
    }
    if (table->form != TomlForm::Implied) {
        refuse(part, diagnostics::kTableWritten, {current_path_, first});
        return nullptr;
    }
    for (const TomlEntry& below : table->entries()) {
        const TomlArray* array = below.value.get<TomlArray>();
        if (array == nullptr || !array->of_headers) { continue; }
        refuse(part, diagnostics::kTableBelowArray,
               {current_path_, key_path(current_path_, below.key), line_of(below.key_span)});
        return nullptr;
    }
    table->form = TomlForm::Header;
    entry->key_span = lexer_.span(part.begin, part.end);
    entry->value.span = whole;
    return table;
}

TomlTable* TomlReader::open_element(TomlTable& parent, const KeyPart& part, const TomlSpan& whole) {
    TomlEntry* entry = parent.find(part.text);
    if (entry == nullptr) {
        TomlArray added;
        added.of_headers = true;
        entry = &parent.add(
            {part.text, lexer_.span(part.begin, part.end), TomlValue{std::move(added), whole}});
    }
    TomlArray* array = std::get_if<TomlArray>(&entry->value.data);
    if (array == nullptr || !array->of_headers) {
        refuse(part, diagnostics::kNoTableArray, {quoted(part.text), line_of(entry->key_span)});
        return nullptr;
    }
    TomlTable added;
    added.form = TomlForm::Header;
    array->items.push_back({std::move(added), whole});
    return std::get_if<TomlTable>(&array->items.back().data);
}

bool TomlReader::assignment(TomlTable& table, const std::string& path, std::size_t depth) {
    const auto parts = lexer_.key();
    if (!parts) { return false; }
    const std::string whole_path = path_of(path, *parts);
    lexer_.set_path(whole_path);
    if (depth + parts->size() > kMaxTomlNesting) { return too_deep(parts->front().begin); }
    lexer_.skip_spaces();
    if (!lexer_.equals()) { return false; }
    lexer_.skip_spaces();
    TomlValue read;
    if (!value(read, depth + parts->size())) { return false; }

    // The value is read: a fault of the key below does not stop the statement.
    lexer_.set_path(whole_path);
    TomlTable* parent = dotted_parent(table, KeyParts(*parts).first(parts->size() - 1));
    if (parent == nullptr) { return true; }
    const KeyPart& last = parts->back();
    if (const TomlEntry* first = parent->find(last.text)) {
        refuse(last, diagnostics::kKeyTwice, {quoted(last.text), line_of(first->key_span)});
        return true;
    }
    parent->add({last.text, lexer_.span(last.begin, last.end), std::move(read)});
    return true;
}

TomlTable* TomlReader::dotted_parent(TomlTable& table, KeyParts parts) {
    TomlTable* parent = &table;
    for (const KeyPart& part : parts) {
        TomlEntry* entry = parent->find(part.text);
        if (entry == nullptr) {
            entry = &add_table(*parent, part, lexer_.span(part.begin, part.end), TomlForm::Dotted);
        }
        parent = table_in(*entry);
        if (parent == nullptr || parent->form != TomlForm::Dotted) {
            const bool header = parent != nullptr && parent->form != TomlForm::Inline;
            refuse(part, header ? diagnostics::kKeyIntoTable : diagnostics::kKeyIntoValue,
                   {quoted(part.text), line_of(entry->key_span)});
            return nullptr;
        }
    }
    return parent;
}

Result<TomlDocument, Diagnostics> read_toml(std::string file, std::string_view text) {
    auto checked = TomlText::check(file, text);
    if (!checked) { return Failure{explained(file, text, std::move(checked).error())}; }
    Findings findings(file, checked->lines());
    TomlTable root = TomlReader(*checked, findings).read();
    if (findings.error_count() > 0) { return Failure{explained(file, text, findings.take())}; }
    return TomlDocument{std::move(file), checked->take_lines(), std::move(root)};
}

}  // namespace meridian::zones
