// Reads the records of master files.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <span>
#include <string>

#include "meridian/bytes.h"
#include "meridian/ip_address.h"
#include "meridian/limits.h"
#include "meridian/utf8.h"
#include "meridian/zones/schema.h"
#include "zones/language/master/master_file.h"
#include "zones/language/master/master_words.h"
#include "zones/language/records/record_set_reader.h"
#include "zones/language/records/zone_names.h"
#include "zones/language/text/odd_letters.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

/// The name at or above `name` that begins with all labels of `apex` and goes on; none where there
/// is none, or for the root.
std::optional<dns::Name> longer_namesake(const dns::Name& apex, const dns::Name& name) {
    const auto labels = apex.wire().first(apex.octets() - 1);  // without the root's
    if (labels.empty()) { return {}; }
    for (dns::Name at = name; at.label_count() > apex.label_count(); at = at.parent()) {
        if (std::ranges::equal(labels, at.wire().first(labels.size()))) { return at; }
    }
    return {};
}

}  // namespace

void MasterReader::read_record(Frame& frame) {
    const std::size_t first = frame.entry.begins_with_blank ? 0 : 1;
    if (is_no_record(frame)) { return; }
    if (!read_owner(frame)) { return; }
    const auto lead = read_lead(frame, first);
    if (!lead) { return; }
    warnings_.clear();
    auto rdata = dns::parse_rdata(lead->type, data_text(frame, *lead), frame.origin, warnings_);
    if (!rdata) { return refuse_data(frame, *lead, rdata.error()); }
    if (records_.count() == kMaxMasterRecords) {
        stopped_ = true;
        return report(diagnostics::kTooManyMasterRecords, frame, frame.entry.words.front(),
                      {std::to_string(kMaxMasterRecords)});
    }
    warn_of_data(frame, *lead, *rdata);
    const std::uint32_t ttl = decide_ttl(*lead, *rdata);
    records_.add({&*frame.owner, frame.owner_hash, lead->type, ttl, &frame.lexer,
                  frame.entry.words.front(), frame.entry.words[lead->type_at]},
                 std::move(rdata).value());
}

/// Where the owner is faulty, the records that continue it are left out, too.
bool MasterReader::read_owner(Frame& frame) {
    const std::string_view word = frame.entry.words.front();
    if (!frame.entry.begins_with_blank) {
        frame.owner = owner_name(frame, word, word);
        if (frame.owner) { frame.owner_hash = records_.announce(*frame.owner); }
        return frame.owner.has_value();
    }
    if (frame.owner) { return true; }
    if (!frame.owner_was_faulty) { report(diagnostics::kOwnerMissing, frame, word); }
    return false;
}

/// A name for $ORIGIN and $INCLUDE, which may lie outside of the zone. Octets that are no ASCII are
/// octets of the label, as for BIND and NSD (RFC 2181 §11).
std::optional<dns::Name> MasterReader::plain_name(const Frame& frame, std::string_view word,
                                                  std::string_view text) {
    auto name = dns::Name::parse(text, frame.origin);
    const bool is_foreign = !name && name.error() == dns::NameError::NotAscii;
    if (is_foreign && report_odd_letter(text.substr(0, kMaxNameOctets), frame.lexer.position(word),
                                        {}, findings_)) {
        return {};
    }
    if (is_foreign) { name = dns::Name::parse(with_escaped_octets(text), frame.origin); }
    if (name && !text.starts_with('"')) {
        if (is_foreign) { warn_of_foreign_letters(frame, word, text); }
        name_is_confirmed_ |= text.ends_with('.') && name->is_at_or_below(zone_.apex);
        return std::move(name).value();
    }
    report(diagnostics::kNoDomainName, frame, word,
           {quoted(text.substr(0, kMaxNameOctets)),
            name ? "quotes cannot stand around it" : dns::describe(name.error())});
    return {};
}

/// Reports a name outside of the zone, and the zone that the file may be of: "b.example." where
/// b.zone has names under it.
void MasterReader::report_outside(const Frame& frame, std::string_view word,
                                  const dns::Name& name) {
    const std::string apex = zone_.apex.to_text();
    if (is_named_by_file_ && !likely_apex_) { likely_apex_ = longer_namesake(zone_.apex, name); }
    if (!is_named_by_file_ || !likely_apex_ || !name.is_at_or_below(*likely_apex_)) {
        return report(diagnostics::kLeftOutside, frame, word, {name.to_text(), apex});
    }
    const std::string likely = likely_apex_->to_text();
    report(diagnostics::kLeftOutsideOfFileName, frame, word,
           {name.to_text(), apex, likely, likely});
}

/// Reads a label in quotes, as BIND and NSD do for owners. "@" and labels with dots are refused,
/// since the two read them differently.
std::optional<dns::Name> MasterReader::quoted_name(const Frame& frame, std::string_view word,
                                                   std::string_view text) {
    const std::string_view label = without_quotes(text);
    const bool is_label = label.size() < text.size() && !label.empty() && label != "@" &&
                          label.find('.') == std::string_view::npos;
    if (!is_label) {
        report(diagnostics::kQuotedName, frame, word, {quoted_start(text)});
        return {};
    }
    std::string escaped;
    for (const char letter : label) {
        escaped += letter == ' ' ? "\\032" : std::string(1, letter);
    }
    return plain_name(frame, word, escaped);
}

std::optional<dns::Name> MasterReader::owner_name(Frame& frame, std::string_view word,
                                                  std::string_view text) {
    frame.owner_was_faulty = true;
    auto name =
        text.starts_with('"') ? quoted_name(frame, word, text) : plain_name(frame, word, text);
    if (!name) { return {}; }
    if (!name->is_at_or_below(zone_.apex)) {
        // Of the records of one $GENERATE the first is reported.
        if (word.data() == text.data() || !frame.owner_was_outside) {
            report_outside(frame, word, *name);
        }
        frame.owner_was_outside = true;
        return {};
    }
    warn_of_name(frame, word, text, *name);
    frame.owner_was_faulty = false;
    return name;
}

/// TTL and class in either order, then the type (RFC 1035 §5.1).
std::optional<MasterReader::Lead> MasterReader::read_lead(const Frame& frame, std::size_t first) {
    const std::vector<std::string_view>& words = frame.entry.words;
    Lead lead;
    bool has_class = false;
    for (std::size_t i = first; i < words.size(); ++i) {
        const std::string_view word = words[i];
        const bool number = word.front() >= '0' && word.front() <= '9';
        if (number && !lead.ttl_seconds) {
            lead.ttl_seconds = read_ttl_word(frame, word);
            if (!lead.ttl_seconds) { return {}; }
            continue;
        }
        const auto record_class = has_class ? std::nullopt : read_master_class(word);
        if (record_class) {
            if (*record_class != static_cast<std::uint16_t>(dns::Class::IN)) {
                report(diagnostics::kForeignClass, frame, words[i], {word});
                return {};
            }
            has_class = true;
            continue;
        }
        const auto type = read_type(frame, i, first);
        if (!type) { return {}; }
        lead.type = *type;
        lead.type_at = i;
        return lead;
    }
    report(diagnostics::kTypeMissing, frame, words.back());
    return {};
}

/// Reports an address that stands where its type should; false for any other word.
bool MasterReader::report_missing_type(const Frame& frame, std::string_view word) {
    const auto address = IpAddress::parse(word);
    if (!address) { return false; }
    report(diagnostics::kTypeMissingBefore, frame, word,
           {quoted(word), (address->is_v4() ? "A " : "AAAA ") + std::string(word)});
    return true;
}

std::optional<std::uint32_t> MasterReader::read_ttl_word(const Frame& frame,
                                                         std::string_view word) {
    const auto ttl = read_master_ttl(word);
    if (!ttl) {
        if (!report_missing_type(frame, word)) {
            report(diagnostics::kNoMasterTtl, frame, word, {quoted_start(word)});
        }
        return {};
    }
    if (ttl->is_cut) {
        report(diagnostics::kMasterTtlTooLong, frame, word,
               {quoted_start(word), std::to_string(ttl->seconds)});
    }
    return ttl->seconds;
}

std::optional<dns::Type> MasterReader::read_type(const Frame& frame, std::size_t index,
                                                 std::size_t first) {
    const std::string_view word = frame.entry.words[index];
    const auto type = dns::type_from_text(word);
    if (type && dns::is_data_type(*type)) { return type; }
    if (type) {
        report(diagnostics::kQuestionType, frame, word, {dns::type_to_text(*type)});
        return {};
    }
    if (findings_.full() || report_missing_type(frame, word)) { return {}; }
    if (!is_ascii(word) && report_odd_letter(word.substr(0, kShownOctets),
                                             frame.lexer.position(word), {}, findings_)) {
        return {};
    }
    const std::vector<std::string>& types = schema::record_types();
    std::vector<std::string_view> candidates(types.begin(), types.end());
    const bool is_ahead_of_type =
        index + 1 < frame.entry.words.size() && dns::type_from_text(frame.entry.words[index + 1]);
    if (is_ahead_of_type) { candidates.assign({"IN", "CH", "HS"}); }
    if (read_master_class(word)) { candidates.clear(); }  // a second one
    const std::string_view owner = frame.entry.words.front();
    const bool misplaced =
        first == 1 && (dns::type_from_text(owner) || read_master_class(owner).has_value());
    report(misplaced ? diagnostics::kTypeAsOwner : diagnostics::kUnknownMasterType, frame, word,
           {quoted_start(word), did_you_mean(word, candidates)});
    return {};
}

std::uint32_t MasterReader::decide_ttl(const Lead& lead, const dns::Rdata& rdata) {
    if (lead.ttl_seconds) {
        last_ttl_ = lead.ttl_seconds;
        return *lead.ttl_seconds;
    }
    if (default_ttl_) { return *default_ttl_; }
    // RFC 1035 files state no TTL but MINIMUM, which was the default then (RFC 2308 §4).
    if (!last_ttl_ && lead.type == dns::Type::SOA && rdata.size() >= 4) {
        default_ttl_ = std::min<std::uint32_t>(load_u32(rdata, rdata.size() - 4), kMaxTtlSeconds);
        return *default_ttl_;
    }
    return last_ttl_.value_or(zone_.ttls.fixed);
}

/// The data in one line: as it stands in the file where it can be, else put together in `joined_`.
std::string_view MasterReader::data_text(const Frame& frame, const Lead& lead) {
    const std::vector<std::string_view>& words = frame.entry.words;
    const std::size_t first = lead.type_at + 1;
    if (first == words.size()) { return {}; }
    if (!frame.entry.has_parentheses &&
        !rewrites_words(lead.type, std::span(words).subspan(first))) {
        const std::string_view last = words.back();
        const char* const begin = words[first].data();
        return {begin, static_cast<std::size_t>(last.data() + last.size() - begin)};
    }
    joined_.clear();
    for (std::size_t i = first; i < words.size(); ++i) {
        if (i > first) { joined_ += ' '; }
        joined_ += data_word(words[i], lead.type, i - first);
    }
    return joined_;
}

}  // namespace meridian::zones
