// Reads the files of master files: their directives, and one file within another.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/master_file.h"

#include <algorithm>
#include <array>

#include "meridian/limits.h"
#include "zones/language/master_generate.h"
#include "zones/language/master_words.h"
#include "zones/language/named_path.h"
#include "zones/language/record_set_reader.h"

namespace meridian::zones {

MasterReader::MasterReader(Zone& zone, const FileReader& read_file, MasterRecords& records,
                           Findings& findings)
    : zone_(zone), read_file_(read_file), records_(records), findings_(findings) {}

void MasterReader::read_named(std::string_view name, TextPosition at, const std::string& key) {
    const auto path = resolve_path({}, name);
    if (!path) { return findings_.error(at, key, path.error()); }
    const auto number = open(*path, at, key);
    if (!number) { return; }
    default_ttl_.reset();
    last_ttl_.reset();
    read(*number, *path, zone_.apex, at, key);
}

void MasterReader::read_text(const std::string& file, std::string_view text) {
    const std::string path = file.substr(file.rfind('/') + 1);
    const std::size_t number = add_file(file, text);
    numbers_.emplace(path, number);
    read(number, path, zone_.apex, {}, {});
}

/// The number of a file, which is read from disk only once.
std::optional<std::size_t> MasterReader::open(const std::string& path, TextPosition at,
                                              const std::string& key) {
    const auto known = numbers_.find(path);
    if (known != numbers_.end()) { return known->second; }
    if (!read_file_) {
        findings_.error(at, key, "no other file can be read here");
        return {};
    }
    auto file = read_file_(path);
    if (!file) {
        findings_.error(at, key, std::move(file).error());
        return {};
    }
    texts_.push_back(file->text);
    const std::size_t number = add_file(file->file, *file->text);
    numbers_.emplace(path, number);
    return number;
}

std::size_t MasterReader::add_file(const std::string& file, std::string_view text) {
    contents_.push_back(text);
    zone_.master_files.push_back(file);
    return findings_.add_file(file, text);
}

void MasterReader::read(std::size_t number, const std::string& path, const dns::Name& origin,
                        TextPosition at, const std::string& key) {
    const std::string_view text = contents_[number - 1];
    octets_ += text.size();  // once more for each time, or small files could make endless work
    if (octets_ > kMaxMasterFileOctets) {
        stopped_ = true;
        return findings_.error(at, key, "the master files of the zone hold more than 2 GiB");
    }
    open_paths_.push_back(path);
    Frame frame{MasterLexer(text, static_cast<std::uint32_t>(number)), path, origin};
    while (!stops()) {
        const MasterLexer::Step step = frame.lexer.next(frame.entry);
        if (step == MasterLexer::Step::End) { break; }
        if (step == MasterLexer::Step::Fault) {
            const MasterLexer::Fault& fault = frame.lexer.fault();
            error(frame, fault.at, std::string(fault.message), std::string(fault.hint));
        } else if (frame.entry.tokens.front().text.starts_with('$')) {
            read_directive(frame);
        } else {
            read_record(frame);
        }
    }
    open_paths_.pop_back();
}

void MasterReader::read_directive(Frame& frame) {
    const MasterToken& word = frame.entry.tokens.front();
    const std::string directive = lower_cased(word.text.substr(0, 16));
    if (directive == "$origin") { return read_origin(frame); }
    if (directive == "$ttl") { return read_ttl(frame); }
    if (directive == "$include") { return read_include(frame); }
    if (directive == "$generate") { return read_generate(frame); }
    constexpr std::array<std::string_view, 4> kDirectives{"$ORIGIN", "$TTL", "$INCLUDE",
                                                          "$GENERATE"};
    error(frame, word, "there is no directive " + quoted(word.text.substr(0, 40)),
          spelling_hint(word.text.substr(0, 40), "directives", kDirectives) +
              "; a name that begins with \"$\" is written \"\\$\"");
}

/// Tells where words are missing or too many.
bool MasterReader::wants_arguments(Frame& frame, std::size_t least, std::size_t most,
                                   std::string_view usage) {
    const std::size_t count = frame.entry.tokens.size() - 1;
    if (count >= least && count <= most) { return true; }
    const bool missing = count < least;
    const std::size_t at = missing ? 0 : most + 1;
    error(frame, frame.entry.tokens[at], missing ? "something is missing here" : "too much here",
          "expected " + std::string(usage));
    return false;
}

void MasterReader::read_origin(Frame& frame) {
    if (!wants_arguments(frame, 1, 1, "$ORIGIN NAME")) { return; }
    if (auto name = plain_name(frame, frame.entry.tokens[1], frame.entry.tokens[1].text)) {
        frame.origin = std::move(*name);
    }
}

void MasterReader::read_ttl(Frame& frame) {
    if (!wants_arguments(frame, 1, 1, "$TTL TTL")) { return; }
    const MasterToken& word = frame.entry.tokens[1];
    const auto seconds = read_master_ttl(word.text);
    if (!seconds) {
        return error(frame, word, seconds.error(), "expected seconds, or such as \"1h30m\"");
    }
    default_ttl_ = *seconds;
}

/// RFC 1035 §5.1: neither the origin nor the owner of the file that includes is changed.
void MasterReader::read_include(Frame& frame) {
    if (!wants_arguments(frame, 1, 2, "$INCLUDE FILE [ORIGIN]")) { return; }
    const MasterToken word = frame.entry.tokens[1];
    dns::Name origin = frame.origin;
    if (frame.entry.tokens.size() > 2) {
        auto given = plain_name(frame, frame.entry.tokens[2], frame.entry.tokens[2].text);
        if (!given) { return; }
        origin = std::move(*given);
    }
    const auto path = resolve_path(frame.path, without_quotes(word.text));
    if (!path) { return error(frame, word, path.error()); }
    if (std::ranges::find(open_paths_, *path) != open_paths_.end()) {
        return error(frame, word, quoted(*path) + " would include itself");
    }
    if (open_paths_.size() > kMaxIncludeDepth) {
        return error(frame, word,
                     "files are included " + std::to_string(kMaxIncludeDepth) + " deep at most");
    }
    if (++includes_ > kMaxIncludes) {
        stopped_ = true;
        return error(frame, word,
                     "a zone has at most " + std::to_string(kMaxIncludes) + " $INCLUDE");
    }
    const TextPosition at = frame.lexer.position(word);
    const auto number = open(*path, at, {});
    if (number) { read(*number, *path, origin, at, {}); }
}

void MasterReader::read_generate(Frame& frame) {
    constexpr std::string_view kUsage = "$GENERATE 1-254 OWNER [TTL] [CLASS] TYPE DATA";
    if (!wants_arguments(frame, 4, kMaxMasterRecordOctets, kUsage)) { return; }
    const MasterToken& word = frame.entry.tokens[1];
    const auto range = read_generate_range(word.text);
    if (!range) {
        return error(frame, word, quoted(word.text.substr(0, 40)) + " is no range",
                     "expected such as 1-254, or 0-254/2");
    }
    generated_ += range->count();
    if (generated_ > kMaxGenerated) {
        stopped_ = true;
        return error(
            frame, word,
            "a zone has at most " + std::to_string(kMaxGenerated) + " records of $GENERATE");
    }
    const auto lead = read_lead(frame, 3);
    if (!lead) { return; }
    if (lead->type == dns::Type::SOA) {
        return error(frame, frame.entry.tokens[lead->type_at], "a zone has one SOA record only");
    }
    std::string pattern(data_text(frame, *lead));
    // BIND takes the data as one word, so its quotes may stand around several; those of a text
    // belong to the text.
    const bool one_word = frame.entry.tokens.size() == lead->type_at + 2;
    if (one_word && lead->type != dns::Type::TXT && lead->type != dns::Type::SPF) {
        pattern = without_quotes(pattern);
    }
    for (std::uint64_t number = range->first; number <= range->last && !stops();
         number += range->step) {
        // What is wrong once is wrong many times.
        if (!generate(frame, *lead, pattern, static_cast<std::uint32_t>(number))) { return; }
    }
}

bool MasterReader::generate(Frame& frame, const Lead& lead, std::string_view pattern,
                            std::uint32_t number) {
    const MasterToken& owner_word = frame.entry.tokens[2];
    const std::size_t faulty = lead.type_at + 1 < frame.entry.tokens.size() ? lead.type_at + 1 : 2;
    constexpr std::string_view kHint = "such as ${1,3,d}: offset, width, base d o x X n or N";
    name_text_.clear();
    joined_.clear();
    if (!expand_generate(owner_word.text, number, name_text_)) {
        error(frame, owner_word, "the pattern cannot be filled in", std::string(kHint));
        return false;
    }
    if (!expand_generate(pattern, number, joined_)) {
        error(frame, frame.entry.tokens[faulty], "the pattern cannot be filled in",
              std::string(kHint));
        return false;
    }
    const auto owner = owner_name(frame, owner_word, name_text_);
    if (!owner) { return false; }
    auto rdata = joined_.size() > kMaxMasterRecordOctets
                     ? Failure{dns::RdataError{"the data are too long", {}, 0}}
                     : dns::parse_rdata(lead.type, joined_, frame.origin);
    if (!rdata) {
        error(frame, frame.entry.tokens[faulty],
              quoted(std::string_view(joined_).substr(0, 80)) + ": " + rdata.error().message,
              rdata.error().expected.empty() ? "" : "expected " + rdata.error().expected);
        return false;
    }
    const std::uint32_t ttl = decide_ttl(lead, *rdata);
    records_.add({&*owner, frame.lexer.position(owner_word), lead.type,
                  frame.lexer.position(frame.entry.tokens[lead.type_at]), ttl},
                 std::move(rdata).value());
    return true;
}

void MasterReader::error(const Frame& frame, const MasterToken& token, std::string message,
                         std::string hint) {
    findings_.error(frame.lexer.position(token), {}, std::move(message), std::move(hint));
}

}  // namespace meridian::zones
