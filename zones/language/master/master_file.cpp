// Reads the files of master files: their directives, and one file within another.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/master/master_file.h"

#include <algorithm>
#include <array>

#include "meridian/dns/wire/ascii_case.h"
#include "meridian/limits.h"
#include "zones/language/master/master_generate.h"
#include "zones/language/master/master_words.h"
#include "zones/language/records/record_set_reader.h"
#include "zones/language/text/foreign_text.h"
#include "zones/language/text/named_path.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {

MasterReader::MasterReader(Zone& zone, const NamedFileReader& read_file, MasterRecords& records,
                           Findings& findings)
    : zone_(zone),
      read_file_(read_file),
      records_(records),
      findings_(findings),
      apex_text_(zone.apex.to_text()) {}

void MasterReader::read_named(std::string_view name, TextPosition at, const std::string& key) {
    const auto path = resolve_path({}, name);
    if (!path) { return findings_.report(*path.error(), at, key, {quoted(name)}); }
    const auto number = open(*path, at, key);
    if (!number) { return; }
    default_ttl_.reset();
    last_ttl_.reset();
    read(*number, *path, zone_.apex, at, key);
}

void MasterReader::read_text(const std::string& file, std::string_view text,
                             bool is_named_by_file) {
    const std::string path = file.substr(file.rfind('/') + 1);
    const std::size_t number = add_file(file, text);
    numbers_.emplace(path, number);
    is_named_by_file_ = is_named_by_file;
    read(number, path, zone_.apex, {}, {});
    if (is_named_by_file_) { warn_of_file_name(); }
}

/// The number of a file. A file that is named twice is read from disk once.
std::optional<std::size_t> MasterReader::open(const std::string& path, TextPosition at,
                                              const std::string& key) {
    const auto known = numbers_.find(path);
    if (known != numbers_.end()) { return known->second; }
    if (!read_file_) {
        findings_.report(diagnostics::kNoOtherFiles, at, key);
        return {};
    }
    auto file = read_file_(path);
    if (!file) {
        findings_.report(diagnostics::kUnreadableFile, at, key, {file.error()});
        return {};
    }
    texts_.push_back(file->text);
    const std::size_t number = add_file(file->file, *file->text);
    numbers_.emplace(path, number);
    return number;
}

std::size_t MasterReader::add_file(const std::string& file, std::string_view text) {
    const std::size_t number = findings_.add_file(file, text, FileKind::Master);
    // Another zone of the same file may have read it before.
    if (number > zone_.other_files.size()) {
        zone_.other_files.push_back({file, FileKind::Master});
    }
    contents_.resize(std::max(contents_.size(), number));
    contents_[number - 1] = text;
    return number;
}

void MasterReader::read(std::size_t number, const std::string& path, const dns::Name& origin,
                        TextPosition at, const std::string& key) {
    const std::string_view text = contents_[number - 1];
    octets_ += text.size();  // each time that it is read: small files could else make endless work
    if (octets_ > kMaxMasterFileOctets) {
        stopped_ = true;
        return findings_.report(diagnostics::kMasterFilesTooLarge, at, key);
    }
    if (const DiagnosticKind* form =
            unreadable_form(text)) {  // one diagnostic instead of one a line
        return findings_.report(*form, {0, 0, 0, static_cast<std::uint32_t>(number)}, {});
    }
    if (const auto foreign = foreign_master_form(text)) {
        const auto file_number = static_cast<std::uint32_t>(number);
        return findings_.report(diagnostics::kNoMasterFile, {foreign->line, 1, 1, file_number}, {},
                                {foreign->form, foreign->hint});
    }
    records_.expect(text);
    open_paths_.push_back(path);
    Frame frame{MasterLexer(text, static_cast<std::uint32_t>(number)), path, origin};
    while (!stops()) {
        const MasterLexer::Step step = frame.lexer.next(frame.entry);
        if (step == MasterLexer::Step::End) { break; }
        if (step == MasterLexer::Step::Fault) {
            const MasterLexer::Fault& fault = frame.lexer.fault();
            report(*fault.kind, frame, fault.at);
            // The records that follow continue its owner: they are no faults.
            if (fault.kind == &diagnostics::kMasterLineTooLong) {
                frame.owner.reset();
                frame.owner_was_faulty = true;
            } else if (!frame.entry.words.empty() && frame.entry.words.front().front() != '$') {
                read_owner(frame);
            }
        } else if (frame.entry.words.front().starts_with('$')) {
            read_directive(frame);
        } else {
            read_record(frame);
        }
    }
    open_paths_.pop_back();
}

void MasterReader::read_directive(Frame& frame) {
    const std::string_view word = frame.entry.words.front();
    const std::string directive = dns::lower_cased(word.substr(0, 16));
    if (directive == "$origin") { return read_origin(frame); }
    if (directive == "$ttl") { return read_ttl(frame); }
    if (directive == "$include") { return read_include(frame); }
    if (directive == "$generate") { return read_generate(frame); }
    constexpr std::array<std::string_view, 4> kDirectives{"$ORIGIN", "$TTL", "$INCLUDE",
                                                          "$GENERATE"};
    report(diagnostics::kUnknownDirective, frame, word,
           {quoted_start(word),
            spelling_hint(word.substr(0, kShownOctets), "directives", kDirectives)});
}

/// Reports words that are missing or too many.
bool MasterReader::wants_arguments(Frame& frame, std::size_t least, std::size_t most,
                                   std::string_view usage) {
    const std::size_t count = frame.entry.words.size() - 1;
    if (count >= least && count <= most) { return true; }
    const bool missing = count < least;
    const std::size_t at = missing ? 0 : most + 1;
    if (!missing && begins_foreign_comment(frame.entry.words[at])) {
        report(diagnostics::kNoMasterComment, frame, frame.entry.words[at],
               {quoted_start(frame.entry.words[at])});
        return false;
    }
    report(missing ? diagnostics::kDirectiveTooShort : diagnostics::kDirectiveTooLong, frame,
           frame.entry.words[at], {usage});
    return false;
}

void MasterReader::read_origin(Frame& frame) {
    if (!wants_arguments(frame, 1, 1, "$ORIGIN NAME")) { return; }
    if (auto name = plain_name(frame, frame.entry.words[1], frame.entry.words[1])) {
        warn_of_name(frame, frame.entry.words[1], frame.entry.words[1], *name);
        frame.origin = std::move(*name);
    }
}

void MasterReader::read_ttl(Frame& frame) {
    if (!wants_arguments(frame, 1, 1, "$TTL TTL")) { return; }
    if (const auto seconds = read_ttl_word(frame, frame.entry.words[1])) { default_ttl_ = seconds; }
}

/// Origin and owner of the including file stay as they are (RFC 1035 §5.1).
void MasterReader::read_include(Frame& frame) {
    if (!wants_arguments(frame, 1, 2, "$INCLUDE FILE [ORIGIN]")) { return; }
    const std::string_view word = frame.entry.words[1];
    dns::Name origin = frame.origin;
    if (frame.entry.words.size() > 2) {
        auto given = plain_name(frame, frame.entry.words[2], frame.entry.words[2]);
        if (!given) { return; }
        warn_of_name(frame, frame.entry.words[2], frame.entry.words[2], *given);
        origin = std::move(*given);
    }
    const auto path = resolve_path(frame.path, without_quotes(word));
    if (!path) { return report(*path.error(), frame, word, {quoted(without_quotes(word))}); }
    if (std::ranges::find(open_paths_, *path) != open_paths_.end()) {
        return report(diagnostics::kIncludesItself, frame, word, {quoted(*path)});
    }
    if (open_paths_.size() > kMaxIncludeDepth) {
        return report(diagnostics::kIncludesTooDeep, frame, word,
                      {std::to_string(kMaxIncludeDepth)});
    }
    if (++includes_ > kMaxIncludes) {
        stopped_ = true;
        return report(diagnostics::kTooManyIncludes, frame, word, {std::to_string(kMaxIncludes)});
    }
    const TextPosition at = frame.lexer.position(word);
    const auto number = open(*path, at, {});
    if (number) { read(*number, *path, origin, at, {}); }
}

void MasterReader::read_generate(Frame& frame) {
    constexpr std::string_view kUsage = "$GENERATE 1-254 OWNER [TTL] [CLASS] TYPE DATA";
    if (!wants_arguments(frame, 4, kMaxMasterRecordOctets, kUsage)) { return; }
    const std::string_view word = frame.entry.words[1];
    const auto range = read_generate_range(word);
    if (!range) { return report(diagnostics::kNoRange, frame, word, {quoted_start(word)}); }
    generated_ += range->count();
    if (generated_ > kMaxGenerated) {
        stopped_ = true;
        return report(diagnostics::kTooManyGenerated, frame, word, {std::to_string(kMaxGenerated)});
    }
    const auto lead = read_lead(frame, 3);
    if (!lead) { return; }
    if (lead->type == dns::Type::SOA) {
        return report(diagnostics::kGeneratedSoa, frame, frame.entry.words[lead->type_at]);
    }
    const std::string pattern = data_pattern(frame, *lead);
    frame.owner_was_outside = false;
    frame.data_was_odd = false;
    for (std::uint64_t number = range->first; number <= range->last && !stops();
         number += range->step) {
        // A fault in the pattern is in each record: one diagnostic is enough.
        if (!generate(frame, *lead, pattern, static_cast<std::uint32_t>(number))) { return; }
    }
}

/// BIND takes one word for the data. In quotes it may hold blanks, and is read like a line of its
/// own, in which a comment may begin. Several words, which BIND refuses, are taken as they stand.
std::string MasterReader::data_pattern(const Frame& frame, const Lead& lead) {
    const std::string_view text = data_text(frame, lead);
    const bool one_word = frame.entry.words.size() == lead.type_at + 2;
    if (!one_word || without_quotes(text) == text) { return std::string(text); }
    std::string pattern = unquoted_pattern(text);
    if (cut_comment(pattern)) {
        report(diagnostics::kGeneratedComment, frame, frame.entry.words.back());
    }
    return pattern;
}

/// Makes the record of one number. False where each further number would have the same fault.
bool MasterReader::generate(Frame& frame, const Lead& lead, std::string_view pattern,
                            std::uint32_t number) {
    const std::string_view owner_word = frame.entry.words[2];
    const std::size_t faulty = lead.type_at + 1 < frame.entry.words.size() ? lead.type_at + 1 : 2;
    name_text_.clear();
    joined_.clear();
    if (!expand_generate(owner_word, number, name_text_)) {
        report(diagnostics::kUnfillablePattern, frame, owner_word);
        return false;
    }
    if (!expand_generate(pattern, number, joined_)) {
        report(diagnostics::kUnfillablePattern, frame, frame.entry.words[faulty]);
        return false;
    }
    const auto owner = owner_name(frame, owner_word, name_text_);
    if (!owner) { return frame.owner_was_outside; }
    if (joined_.size() > kMaxMasterRecordOctets) {
        report(diagnostics::kGeneratedTooLong, frame, frame.entry.words[faulty]);
        return false;
    }
    warnings_.clear();
    auto rdata = dns::parse_rdata(lead.type, joined_, frame.origin, warnings_);
    if (!rdata) {
        report_data(frame, frame.entry.words[faulty], quoted_start(joined_), rdata.error(),
                    Severity::Error);
        return false;
    }
    for (const dns::RdataError& warning : warnings_) {
        if (frame.data_was_odd) { break; }
        report_data(frame, frame.entry.words[faulty], quoted_start(joined_), warning,
                    Severity::Warning);
    }
    frame.data_was_odd |= !warnings_.empty();
    const std::uint32_t ttl = decide_ttl(lead, *rdata);
    records_.add({&*owner, records_.announce(*owner), lead.type, ttl, &frame.lexer, owner_word,
                  frame.entry.words[lead.type_at]},
                 std::move(rdata).value());
    return true;
}

void MasterReader::report(const DiagnosticKind& kind, const Frame& frame, std::string_view word,
                          std::initializer_list<std::string_view> values) {
    findings_.report(kind, frame.lexer.position(word), {}, values);
}

}  // namespace meridian::zones
