// Recognises lines of master files within TOML, and says how TOML writes them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/text/record_line.h"

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "meridian/dns/wire/ascii_case.h"
#include "meridian/limits.h"
#include "meridian/zones/diagnostic.h"
#include "zones/language/text/blanks.h"

namespace meridian::zones {
namespace {

constexpr std::string_view kBareLetters =
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-";

/// Takes the next word from the front of `line`.
std::string_view take_word(std::string_view& line) {
    line = without_leading_blanks(line);
    const std::string_view word = line.substr(0, line.find_first_of(kBlanks));
    line.remove_prefix(word.size());
    return word;
}

std::string_view first_word(std::string_view line) {
    return take_word(line);
}

bool is_class(std::string_view word) {
    constexpr std::array<std::string_view, 3> kClasses{"in", "ch", "hs"};
    return std::ranges::find(kClasses, dns::lower_cased(word)) != kClasses.end();
}

/// "3600", "1h", "1h30m".
bool is_ttl(std::string_view word) {
    return !word.empty() && word[0] >= '0' && word[0] <= '9' &&
           word.find_first_not_of("0123456789smhdwSMHDW") == std::string_view::npos;
}

std::optional<dns::Type> data_type(std::string_view word) {
    const auto type = dns::type_from_text(word);
    return type && dns::is_data_type(*type) ? type : std::nullopt;
}

/// The data of a record on one line, without comments and parentheses. `octets` is their length in
/// the text.
std::string joined_data(std::string_view text, std::size_t& octets) {
    std::string data;
    bool in_quotes = false;
    bool in_parentheses = false;
    std::size_t at = 0;
    const std::string_view within = text.substr(0, kMaxTomlLineOctets);  // a longer line is no slip
    for (; at < within.size(); ++at) {
        const char letter = within[at];
        if (letter == '\n' && !in_parentheses) { break; }
        if (letter == '"') { in_quotes = !in_quotes; }
        if (in_quotes || std::string_view(";() \r\n\t").find(letter) == std::string_view::npos) {
            data += letter;
            continue;
        }
        if (letter == ';') {
            at = std::min(within.find('\n', at), within.size()) - 1;
        } else {
            in_parentheses = letter == '(' || (in_parentheses && letter != ')');
            if (!data.empty() && data.back() != ' ') { data += ' '; }
        }
    }
    octets = at;
    if (data.ends_with(' ')) { data.pop_back(); }
    return data;
}

/// The record in TOML, behind "=".
std::string value_in_toml(dns::Type type, std::string_view ttl, const std::string& data) {
    const bool is_text = type == dns::Type::TXT || type == dns::Type::SPF;
    const bool is_one_string = data.size() >= 2 && data.front() == '"' &&
                               data.find('"', 1) == data.size() - 1 &&
                               data.find('\\') == std::string::npos;
    const bool is_plain =
        !is_text || is_one_string || data.find_first_of("\" ") == std::string_view::npos;
    std::string value = is_text && is_one_string                    ? data
                        : is_plain                                  ? quoted(data)
                        : data.find('\'') == std::string_view::npos ? "'" + data + "'"
                                                                    : quoted(data);
    const bool has_ttl = !ttl.empty() && ttl.find_first_not_of("0123456789") >= ttl.size() - 1;
    if (is_plain && !has_ttl) { return value; }
    const bool is_number = ttl.find_first_not_of("0123456789") == std::string_view::npos;
    const std::string written =
        is_number ? std::string(ttl) : quoted(dns::lower_cased(ttl));  // "1H" is "1h" here
    return "{ " + (has_ttl ? "ttl = " + written + ", " : "") + (is_plain ? "data" : "rdata") +
           " = " + value + " }";
}

std::string way_out_of_directive(std::string_view directive) {
    constexpr std::array<std::pair<std::string_view, std::string_view>, 3> kWays{
        {{"$TTL", "below [ttl] write static = \"1h\", or such"},
         {"$ORIGIN", "names go on with the zone unless a dot ends them"},
         {"$INCLUDE", "name the file in `records_from`"}}};
    for (const auto& [name, way] : kWays) {
        if (dns::lower_cased(name) == dns::lower_cased(directive)) { return std::string(way); }
    }
    return "keep such lines in a file that `records_from` names";
}

/// Whether the owner ends in a dot and lies outside of the zone.
bool is_outside(std::string_view owner, std::string_view zone) {
    const auto name = dns::Name::parse(owner, dns::Name());
    const auto apex = dns::Name::parse(zone, dns::Name());
    return owner.ends_with('.') && !zone.empty() && name && apex && !name->is_at_or_below(*apex);
}

std::string way_out_of_record(std::string_view owner, dns::Type type, std::string_view ttl,
                              const std::string& data, std::string_view zone) {
    if (is_outside(owner, zone)) {
        return "leave it out: " + std::string(owner) + " lies outside of the zone " +
               std::string(zone);
    }
    const std::string apex = std::string(zone) + (zone.ends_with('.') ? "" : ".");
    const bool is_apex =
        owner.empty() || owner == "@" || dns::lower_cased(owner) == dns::lower_cased(apex);
    if (type == dns::Type::SOA) { return "leave it out: see `soa`, `contact` and `nameservers`"; }
    if (type == dns::Type::NS && is_apex) { return "name it in `nameservers`"; }
    const std::string key = owner.empty() ? "NAME" : key_path("", owner);
    return "below [records] write " + key + "." + dns::lower_cased(dns::type_to_text(type)) +
           " = " + value_in_toml(type, ttl, data) +
           "; or keep such lines in a file that `records_from` names";
}

}  // namespace

std::string_view first_line(std::string_view text) {
    text = text.substr(0, text.find('\n'));
    if (text.ends_with('\r')) { text.remove_suffix(1); }
    return text;
}

std::string_view foreign_comment_mark(std::string_view text) {
    for (const std::string_view mark : {";", "//", "/*", "<!--"}) {
        if (text.starts_with(mark)) { return mark; }
    }
    // A word of two hyphens may be a key.
    const bool is_word = text.starts_with("-- ") || text.starts_with("--\t");
    return is_word && first_word(text.substr(2)).find_first_of("=.") != 0 ? "--" : "";
}

bool begins_statement(std::string_view text) {
    std::string_view line = first_line(text);
    const std::size_t brackets = std::min(line.find_first_not_of('['), line.size());
    line.remove_prefix(brackets);
    if (brackets > 0) {  // an array within an array has commas, or no letters in front
        const std::size_t end = line.find(']');
        const bool is_name = end != std::string_view::npos && (line[0] | 0x20) >= 'a' &&
                             (line[0] | 0x20) <= 'z' &&
                             line.substr(0, end).find(',') == std::string_view::npos;
        if (!is_name) { return false; }
        line.remove_prefix(std::min(line.find_first_not_of(']', end), line.size()));
        const std::string_view next = first_word(line);
        return next.empty() || next[0] == '#';
    }
    while (true) {
        line = without_leading_blanks(line);
        const bool in_quotes = line.starts_with('"') || line.starts_with('\'');
        const std::size_t end = in_quotes
                                    ? line.find(line[0], 1) + 1
                                    : std::min(line.find_first_not_of(kBareLetters), line.size());
        if (end == 0) { return false; }  // npos + 1, too
        line.remove_prefix(end);
        line = without_leading_blanks(line);
        if (!line.starts_with('.')) { return line.starts_with('=') && !line.starts_with("=="); }
        line.remove_prefix(1);
    }
}

std::optional<RecordLine> record_line(std::string_view text, std::size_t offset,
                                      std::string_view zone) {
    std::string_view rest = first_line(text.substr(offset));
    const std::string_view line = rest;
    std::string_view word = take_word(rest);
    if (word.find_first_of("=\"'[{#,") != std::string_view::npos) { return {}; }
    const std::string_view next = first_word(rest);
    if (next.empty() || next[0] == '=' || next[0] == '.') { return {}; }
    if (word.starts_with('$')) {
        return RecordLine{line.size(), false, way_out_of_directive(word)};
    }

    const bool is_indented = offset > 0 && kBlanks.find(text[offset - 1]) != std::string_view::npos;
    const bool begins_with_type = is_indented && data_type(word) && !data_type(next);
    std::string_view owner;
    if (!begins_with_type && !is_class(word) && !(is_indented && is_ttl(word))) {
        owner = word;
        word = take_word(rest);
    }
    std::string_view ttl;
    for (; is_class(word) || is_ttl(word); word = take_word(rest)) {
        if (is_ttl(word)) { ttl = word; }
    }
    const auto type = data_type(word);
    if (!type) { return {}; }
    const std::size_t data_at = offset + (line.size() - rest.size());
    std::size_t data_octets = 0;
    const std::string data = joined_data(text.substr(data_at), data_octets);
    if (data.empty() || data.starts_with('=')) { return {}; }
    return RecordLine{data_at - offset + data_octets, *type == dns::Type::SOA,
                      way_out_of_record(owner, *type, ttl, data, zone)};
}

}  // namespace meridian::zones
