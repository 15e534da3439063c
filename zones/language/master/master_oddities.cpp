// Reports what is wrong or odd about the records of master files, at the word in question.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <iterator>
#include <span>
#include <string>
#include <vector>

#include "meridian/limits.h"
#include "meridian/utf8.h"
#include "zones/language/master/master_file.h"
#include "zones/language/master/master_words.h"
#include "zones/language/records/odd_records.h"
#include "zones/language/records/record_set_reader.h"
#include "zones/language/records/zone_names.h"
#include "zones/language/text/odd_letters.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

/// A line that git and others write where two versions did not agree.
bool is_merge_mark(std::string_view word) {
    return word == "<<<<<<<" || word == "=======" || word == ">>>>>>>";
}

/// The hint with its example as a master file has it: "expected ADDRESS, such as 192.0.2.1". The
/// quotes around examples are those of TOML's strings.
std::string in_master_form(std::string_view hint) {
    constexpr std::string_view kExample = ", such as ";
    const std::size_t example = hint.rfind(kExample);
    std::string result(hint);
    if (example == std::string_view::npos) { return result; }
    const std::size_t quote = example + kExample.size();
    const bool is_quoted = quote + 1 < hint.size() && hint.back() == hint[quote] &&
                           (hint[quote] == '"' || hint[quote] == '\'');
    if (!is_quoted) { return result; }
    result.pop_back();
    return result.erase(quote, 1);
}

}  // namespace

/// Reports at the word that `what` is about.
void MasterReader::report_data(const Frame& frame, const Lead& lead, const dns::RdataError& what,
                               Severity severity) {
    const std::vector<std::string_view>& words = frame.entry.words;
    const std::size_t first = lead.type_at + 1;
    const std::string_view text = data_text(frame, lead);
    std::string_view place = words.back();
    std::size_t begin = 0;
    for (std::size_t i = first; i < words.size(); ++i) {
        const bool joined = text.data() == joined_.data();
        if (!joined) { begin = static_cast<std::size_t>(words[i].data() - text.data()); }
        const std::size_t octets =
            joined ? data_word(words[i], lead.type, i - first).size() : words[i].size();
        if (what.column < begin + octets) {
            place = words[i];
            const std::size_t within = what.column > begin ? what.column - begin : 0;
            if (within < place.size()) { place.remove_prefix(within); }
            break;
        }
        begin += octets + 1;
    }
    report_data(frame, place, dns::type_to_text(lead.type), what, severity);
}

/// `subject` is the type or the directive that has the data.
void MasterReader::report_data(const Frame& frame, std::string_view word, std::string_view subject,
                               const dns::RdataError& what, Severity severity) {
    report({what.code, severity, "{}: {}", "{}"}, frame, word,
           {subject, what.text, in_master_form(what.hint)});
}

/// Reports an entry that is no record, such as a comment of another notation. True for such an
/// entry.
bool MasterReader::is_no_record(Frame& frame) {
    const std::string_view word = frame.entry.words.front();
    if (is_merge_mark(word)) {
        report(diagnostics::kMergeMark, frame, word);
        return true;
    }
    if (!begins_foreign_comment(word)) { return false; }
    const bool stands_alone = word == "#" || word == "//" || word.starts_with("/*");
    if (!stands_alone && reads_as_record(frame)) {
        report(diagnostics::kNoMasterCommentTaken, frame, word, {quoted_start(word)});
        return false;
    }
    report(diagnostics::kNoMasterComment, frame, word, {quoted_start(word)});
    return true;
}

/// Whether words that begin like a comment are a record all the same, such as one that was to be
/// left out: `#www A 192.0.2.1`.
bool MasterReader::reads_as_record(const Frame& frame) const {
    const std::vector<std::string_view>& words = frame.entry.words;
    for (std::size_t i = 1; i < words.size(); ++i) {
        if (read_master_ttl(words[i]) || read_master_class(words[i])) { continue; }
        const auto type = dns::type_from_text(words[i]);
        if (!type || i + 1 == words.size()) { return false; }
        const char* const begin = words[i + 1].data();
        const char* const end = words.back().data() + words.back().size();
        const std::string_view text(begin, static_cast<std::size_t>(end - begin));
        return static_cast<bool>(dns::parse_rdata(*type, text, frame.origin));
    }
    return false;
}

/// Reports faulty data; where a comment of another notation follows them, the comment instead.
void MasterReader::refuse_data(const Frame& frame, const Lead& lead, const dns::RdataError& what) {
    const auto data = std::span(frame.entry.words).subspan(lead.type_at + 1);
    const auto comment = std::ranges::find_if(data, begins_foreign_comment);
    if (comment == data.end()) {
        const std::string_view cut = frame.entry.comment;
        const bool is_missing = what.code == "field-missing" && !cut.empty();
        if (!is_missing) { return report_data(frame, lead, what, Severity::Error); }
        return report(diagnostics::kDataCut, frame, cut.substr(0, 1),
                      {dns::type_to_text(lead.type), what.text,
                       dns::data_words(lead.type).texts != 0 ? "put the \";\" into quotes"
                                                             : "leave the \";\" out"});
    }
    report(diagnostics::kNoMasterComment, frame, *comment, {quoted_start(*comment)});
}

/// Warns of what is odd about a record that can be served.
void MasterReader::warn_of_data(const Frame& frame, const Lead& lead, const dns::Rdata& rdata) {
    for (const dns::RdataError& warning : warnings_) {
        report_data(frame, lead, warning, Severity::Warning);
    }
    if (lead.type == dns::Type::A || lead.type == dns::Type::AAAA) { return; }  // most records
    const dns::DataWords kinds = dns::data_words(lead.type);
    const auto data = std::span(frame.entry.words).subspan(lead.type_at + 1);
    for (std::size_t i = 0; kinds.names != 0 && i < data.size(); ++i) {
        if (kinds.is_name(i)) { warn_of_name_in_data(frame, lead.type, data[i]); }
    }
    if (kinds.texts != 0) { warn_of_text(frame, lead, rdata); }
    if (holds_host_names(lead.type)) {
        for (const std::string_view word : data) {
            warn_of_at_sign(frame, word);
        }
    }
}

void MasterReader::warn_of_name_in_data(const Frame& frame, dns::Type type, std::string_view word) {
    if (!is_ascii(word)) {
        if (report_odd_letter(word.substr(0, kMaxNameOctets), frame.lexer.position(word), {},
                              findings_)) {
            return;
        }
        warn_of_foreign_letters(frame, word, word);
    }
    warn_of_web_address(frame, word);
    if (word.ends_with('.')) {
        name_is_confirmed_ |= is_named_by_file_ && ends_in_name(word, apex_text_);
        return;
    }
    // Those of the zone's own nameservers are looked at together with their addresses.
    if (type == dns::Type::NS && *frame.owner == zone_.apex) { return; }
    if (frame.origin.is_root() || !seems_to_lack_a_dot(word, apex_text_)) { return; }
    const auto name = dns::Name::parse(word, frame.origin);
    if (!name) { return; }
    report(diagnostics::kTargetDotForgotten, frame, word, {name->to_text(), "the origin"});
}

void MasterReader::warn_of_web_address(const Frame& frame, std::string_view word) {
    if (const auto host = host_of_web_address(word)) {
        const std::string name = *host + (host->ends_with('.') ? "" : ".");
        report(diagnostics::kWebAddressAsName, frame, word, {quoted_start(word), name});
    }
}

void MasterReader::warn_of_text(const Frame& frame, const Lead& lead, const dns::Rdata& rdata) {
    const std::vector<std::string_view>& words = frame.entry.words;
    const std::size_t first = lead.type_at + 1;
    if (words[first].starts_with('\'')) {
        return report(diagnostics::kSingleQuotes, frame, words[first]);
    }
    if (const DiagnosticKind* odd = odd_text(lead.type, rdata, TextForm::Presentation)) {
        return report(*odd, frame, words[first]);
    }
    const dns::DataWords kinds = dns::data_words(lead.type);
    for (std::size_t i = first; i < words.size(); ++i) {
        if (!kinds.is_text(i - first)) { continue; }
        if (!curly_quote_at(words[i], 0).empty()) {
            return report(diagnostics::kTypographyInText, frame, words[i]);
        }
        if (words[i].starts_with('\'')) {
            return report(diagnostics::kSingleQuotes, frame, words[i]);
        }
        if (words[i] == "#" || words[i] == "//") {
            return report(diagnostics::kNoMasterCommentTaken, frame, words[i], {quoted(words[i])});
        }
    }
    warn_of_cut(frame, first);
}

/// Warns of a text without quotes that ends at a ";" within it. A comment behind a blank is one,
/// unless it goes on with tags as DKIM and DMARC have them: `v=DKIM1 ; k=rsa`.
void MasterReader::warn_of_cut(const Frame& frame, std::size_t first) {
    const std::string_view comment = frame.entry.comment;
    const std::size_t at = comment.find_first_not_of("; \t\r");
    if (at == std::string_view::npos) { return; }
    const auto is_ahead = [&](std::string_view word) { return word.data() < comment.data(); };
    const auto data = std::span(frame.entry.words).subspan(first);
    const auto behind = std::ranges::find_if_not(data, is_ahead);
    if (behind == data.begin()) { return; }
    const std::string_view last = *std::prev(behind);
    if (last.ends_with('"')) { return; }
    const bool touches = last.data() + last.size() == comment.data();
    const std::string_view rest = comment.substr(at);
    if (!touches && !(data.front().starts_with("v=") && begins_with_tag(rest))) { return; }
    report(diagnostics::kTextCut, frame, comment.substr(0, 1), {quoted_start(rest)});
}

/// Warns of what is odd about a name that stands for an owner or an origin. A name below the root
/// is whole without a final dot.
void MasterReader::warn_of_name(const Frame& frame, std::string_view word, std::string_view text,
                                const dns::Name& name) {
    warn_of_at_sign(frame, word);
    warn_of_web_address(frame, word);
    const bool is_generated = word.data() != text.data();  // its word is a pattern
    if (const std::string_view mark = mark_beside(word); !mark.empty() && !is_generated) {
        report(diagnostics::kMarkInOwner, frame, word,
               {quoted_start(word), quoted(mark), "\\" + std::string(mark)});
    }
    if (frame.origin.is_root() || !seems_to_lack_a_dot(text, apex_text_)) { return; }
    report(diagnostics::kDotForgotten, frame, word,
           {quoted(text), name.to_text(), "the origin", std::string(text) + "."});
}

void MasterReader::warn_of_foreign_letters(const Frame& frame, std::string_view word,
                                           std::string_view text) {
    const std::string shown = quoted(text.substr(0, kMaxNameOctets));
    const auto plain = to_a_labels(text);
    plain ? report(diagnostics::kForeignLettersTaken, frame, word, {shown, *plain})
          : report(diagnostics::kForeignOctetsTaken, frame, word, {shown});
}

void MasterReader::warn_of_at_sign(const Frame& frame, std::string_view word) {
    if (has_at_sign_within(word)) {
        report(diagnostics::kAtSignWithin, frame, word, {quoted(word)});
    }
}

/// A zone of one label is a rare one, and its file says its name somewhere; else the file lacks the
/// rest of its name, as b.zone for b.example.
void MasterReader::warn_of_file_name() {
    if (zone_.apex.label_count() != 1 || name_is_confirmed_ || likely_apex_ || !records_.soa()) {
        return;
    }
    findings_.report(diagnostics::kTopLevelByFileName, {}, {},
                     {apex_text_, apex_text_, apex_text_, apex_text_});
}

}  // namespace meridian::zones
