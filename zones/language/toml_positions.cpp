// Records where every key and value of a TOML file stands, before toml11 sees it.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/toml_positions.h"

#include <initializer_list>
#include <span>
#include <utility>

#include "meridian/limits.h"
#include "zones/language/toml_lexer.h"
#include "zones/model/messages.h"

namespace meridian::zones {
namespace {

using KeyParts = std::span<const KeyPart>;

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

TomlTable* table_in(TomlEntry& entry) {
    return std::get_if<TomlTable>(&entry.value.data);
}

class Scanner {
public:
    Scanner(TomlText& text, Findings& findings) : lexer_(text, findings) {}
    TomlTable scan();

private:
    bool header();
    TomlTable* open(TomlTable& parent, const KeyPart& part, const TomlSpan& whole);
    TomlTable* open_element(TomlTable& parent, const KeyPart& part, const TomlSpan& whole);
    TomlTable* descend(KeyParts parts);

    bool assignment(TomlTable& table, const std::string& path, std::size_t depth);
    TomlTable* dotted_parent(TomlTable& table, KeyParts parts);
    bool value(TomlValue& into, std::size_t depth);
    bool array(TomlValue& into, std::size_t depth);
    bool inline_table(TomlValue& into, std::size_t depth);
    [[nodiscard]] bool at_statement() const;
    void resume();

    bool refuse(const KeyPart& part, const Message& message,
                std::initializer_list<std::string_view> values) {
        return lexer_.refuse(part.begin, part.end, message, values);
    }
    bool too_deep(std::size_t begin) {
        return lexer_.refuse(begin, begin + 1, messages::kTooDeep,
                             {std::to_string(kMaxTomlNesting)});
    }
    TomlEntry& add_table(TomlTable& parent, const KeyPart& part, const TomlSpan& span,
                         TomlForm form) {
        TomlTable added;
        added.form = form;
        return parent.add(
            {part.text, lexer_.span(part.begin, part.end), TomlValue{std::move(added), span}});
    }

    TomlLexer lexer_;
    TomlTable root_;
    TomlTable discarded_;           // takes what stands below a header that cannot be
    TomlTable* current_ = nullptr;  // where keys belong; nothing above it changes meanwhile
    std::string current_path_;
    std::size_t current_depth_ = 0;
    bool in_brackets_ = false;  // when a statement failed
};

TomlTable Scanner::scan() {
    root_.form = TomlForm::Header;
    current_ = &root_;
    while (true) {
        lexer_.skip_blank_lines();
        if (lexer_.at_end()) { return std::move(root_); }
        lexer_.set_path(current_path_);
        in_brackets_ = false;
        const bool fine =
            lexer_.peek() == '[' ? header() : assignment(*current_, current_path_, current_depth_);
        if (!fine || !lexer_.end_statement()) { resume(); }
    }
}

/// Whether a line begins here the way that keys and headers mostly do.
bool Scanner::at_statement() const {
    const std::string_view rest = lexer_.rest();
    const std::size_t first = rest.find_first_not_of('[');
    if (first > 2) { return false; }  // npos, too
    const char letter = rest[first];
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z');
}

/// Goes on after a fault, so that one run tells of all.
void Scanner::resume() {
    lexer_.skip_line();
    // Which line is behind the brackets is a guess.
    while (in_brackets_ && !lexer_.at_end() && !at_statement()) {
        lexer_.skip_line();
    }
}

bool Scanner::header() {
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
    // Whatever is wrong with a header, the keys below it are its own.
    discarded_ = TomlTable();
    current_ = &discarded_;
    if (!lexer_.looks_at(closing)) {
        return lexer_.refuse(lexer_.offset(), lexer_.offset() + 1, messages::kHeaderNotClosed,
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

/// The table that a header's parts before the last lead to, made where it is not there yet.
TomlTable* Scanner::descend(KeyParts parts) {
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
            refuse(part, messages::kHeaderIntoValue, {quoted(part.text), line_of(entry->key_span)});
            return nullptr;
        }
    }
    return table;
}

TomlTable* Scanner::open(TomlTable& parent, const KeyPart& part, const TomlSpan& whole) {
    TomlEntry* entry = parent.find(part.text);
    if (entry == nullptr) { return table_in(add_table(parent, part, whole, TomlForm::Header)); }
    TomlTable* table = table_in(*entry);
    const std::string first = line_of(entry->key_span);
    if (table == nullptr) {
        refuse(part, messages::kHeaderOfValue, {quoted(part.text), first});
        return nullptr;
    }
    if (table->form == TomlForm::Header) {
        refuse(part, messages::kTableReopened, {current_path_, first});
        return nullptr;
    }
    if (table->form != TomlForm::Implied) {
        refuse(part, messages::kTableWritten, {current_path_, first});
        return nullptr;
    }
    for (const TomlEntry& below : table->entries()) {
        const TomlArray* array = below.value.get<TomlArray>();
        if (array == nullptr || !array->of_headers) { continue; }
        refuse(part, messages::kTableBelowArray,
               {current_path_, key_path(current_path_, below.key), line_of(below.key_span)});
        return nullptr;
    }
    table->form = TomlForm::Header;
    entry->key_span = lexer_.span(part.begin, part.end);
    entry->value.span = whole;
    return table;
}

TomlTable* Scanner::open_element(TomlTable& parent, const KeyPart& part, const TomlSpan& whole) {
    TomlEntry* entry = parent.find(part.text);
    if (entry == nullptr) {
        TomlArray added;
        added.of_headers = true;
        entry = &parent.add(
            {part.text, lexer_.span(part.begin, part.end), TomlValue{std::move(added), whole}});
    }
    TomlArray* array = std::get_if<TomlArray>(&entry->value.data);
    if (array == nullptr || !array->of_headers) {
        refuse(part, messages::kNoTableArray, {quoted(part.text), line_of(entry->key_span)});
        return nullptr;
    }
    TomlTable added;
    added.form = TomlForm::Header;
    array->items.push_back({std::move(added), whole});
    return std::get_if<TomlTable>(&array->items.back().data);
}

bool Scanner::assignment(TomlTable& table, const std::string& path, std::size_t depth) {
    const auto parts = lexer_.key();
    if (!parts) { return false; }
    const std::string whole_path = path_of(path, *parts);
    lexer_.set_path(whole_path);
    if (depth + parts->size() > kMaxTomlNesting) { return too_deep(parts->front().begin); }
    lexer_.skip_spaces();
    if (lexer_.peek() != '=') {
        return lexer_.refuse(lexer_.offset(), lexer_.offset() + 1, messages::kEqualsWanted);
    }
    lexer_.skip(1);
    lexer_.skip_spaces();
    TomlValue read;
    if (!value(read, depth + parts->size())) { return false; }

    // From here on the text is understood: what is wrong stops nothing.
    lexer_.set_path(whole_path);
    TomlTable* parent = dotted_parent(table, KeyParts(*parts).first(parts->size() - 1));
    if (parent == nullptr) { return true; }
    const KeyPart& last = parts->back();
    if (const TomlEntry* first = parent->find(last.text)) {
        refuse(last, messages::kKeyTwice, {quoted(last.text), line_of(first->key_span)});
        return true;
    }
    parent->add({last.text, lexer_.span(last.begin, last.end), std::move(read)});
    return true;
}

TomlTable* Scanner::dotted_parent(TomlTable& table, KeyParts parts) {
    TomlTable* parent = &table;
    for (const KeyPart& part : parts) {
        TomlEntry* entry = parent->find(part.text);
        if (entry == nullptr) {
            entry = &add_table(*parent, part, lexer_.span(part.begin, part.end), TomlForm::Dotted);
        }
        parent = table_in(*entry);
        if (parent == nullptr || parent->form != TomlForm::Dotted) {
            const bool header = parent != nullptr && parent->form != TomlForm::Inline;
            refuse(part, header ? messages::kKeyIntoTable : messages::kKeyIntoValue,
                   {quoted(part.text), line_of(entry->key_span)});
            return nullptr;
        }
    }
    return parent;
}

bool Scanner::value(TomlValue& into, std::size_t depth) {
    const std::size_t begin = lexer_.offset();
    bool fine = false;
    switch (lexer_.peek()) {
        case '"':
        case '\'':
            fine = lexer_.string();
            break;
        case '[':
            fine = depth < kMaxTomlNesting ? array(into, depth + 1) : too_deep(begin);
            break;
        case '{':
            fine = depth < kMaxTomlNesting ? inline_table(into, depth) : too_deep(begin);
            break;
        default:
            fine = lexer_.word();
            break;
    }
    if (fine) { into.span = lexer_.span(begin, lexer_.offset()); }
    return fine;
}

bool Scanner::array(TomlValue& into, std::size_t depth) {
    const std::size_t begin = lexer_.offset();
    TomlArray result;
    lexer_.skip(1);
    while (true) {
        lexer_.skip_blank_lines();
        if (lexer_.peek() == ']') { break; }
        in_brackets_ = true;
        if (lexer_.at_end()) { return lexer_.refuse(begin, begin + 1, messages::kBracketMissing); }
        if (!value(result.items.emplace_back(), depth)) { return false; }
        lexer_.skip_blank_lines();
        if (lexer_.peek() == ',') {
            lexer_.skip(1);
        } else if (lexer_.at_end()) {
            return lexer_.refuse(begin, begin + 1, messages::kBracketMissing);
        } else if (lexer_.peek() != ']') {
            return lexer_.refuse(lexer_.offset(), lexer_.offset() + 1, messages::kCommaOrBracket);
        }
    }
    lexer_.skip(1);
    in_brackets_ = false;
    into.data = std::move(result);
    return true;
}

bool Scanner::inline_table(TomlValue& into, std::size_t depth) {
    const std::size_t begin = lexer_.offset();
    const std::string path = lexer_.path();
    TomlTable result;
    lexer_.skip(1);
    lexer_.skip_spaces();
    while (lexer_.peek() != '}') {
        if (lexer_.at_line_end() || lexer_.peek() == '#') {
            in_brackets_ = true;
            return lexer_.refuse(begin, begin + 1, messages::kBraceOverLines);
        }
        if (!assignment(result, path, depth)) { return false; }
        lexer_.skip_spaces();
        if (lexer_.peek() == ',') {
            const std::size_t comma = lexer_.offset();
            lexer_.skip(1);
            lexer_.skip_spaces();
            if (lexer_.peek() == '}') {
                return lexer_.refuse(comma, comma + 1, messages::kCommaBeforeBrace);
            }
        } else if (lexer_.peek() != '}' && !lexer_.at_line_end()) {
            return lexer_.refuse(lexer_.offset(), lexer_.offset() + 1, messages::kCommaOrBrace);
        }
    }
    lexer_.skip(1);
    // Only now: within the braces dotted keys may still add to it.
    for (TomlEntry& entry : result.entries()) {
        if (TomlTable* table = table_in(entry)) { table->form = TomlForm::Inline; }
    }
    result.form = TomlForm::Inline;
    into.data = std::move(result);
    return true;
}

}  // namespace

TomlTable scan_positions(TomlText& text, Findings& findings) {
    return Scanner(text, findings).scan();
}

}  // namespace meridian::zones
