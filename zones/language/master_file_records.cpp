// Reads the records of master files.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "meridian/bytes.h"
#include "meridian/limits.h"
#include "meridian/zones/schema.h"
#include "zones/language/a_label.h"
#include "zones/language/master_file.h"
#include "zones/language/master_words.h"
#include "zones/language/odd_records.h"
#include "zones/language/record_set_reader.h"
#include "zones/language/zone_names.h"
#include "zones/model/messages.h"
#include "zones/model/mistaken_names.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kSoaSerial = 2;  // the number that has no units
constexpr std::size_t kSoaFields = 7;

bool is_ascii(std::string_view text) {
    return std::ranges::none_of(text, [](char octet) { return (octet & 0x80) != 0; });
}

/// As `repeats_apex`, which takes its time; few names have the labels for it.
bool seems_to_lack_a_dot(std::string_view text, const dns::Name& name, const dns::Name& apex) {
    return !text.ends_with('.') && name.label_count() > 2 * apex.label_count() &&
           repeats_apex(name, apex);
}

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

/// A word of the data; the SOA's times may have units, as BIND writes them.
std::string data_word(std::string_view word, dns::Type type, std::size_t field) {
    if (type == dns::Type::SOA && field > kSoaSerial && field < kSoaFields) {
        const auto time = read_master_ttl(word);
        if (time && !time->is_cut) { return std::to_string(time->seconds); }
    }
    return std::string(word);
}

}  // namespace

void MasterReader::read_record(Frame& frame) {
    const std::size_t first = frame.entry.begins_with_blank ? 0 : 1;
    if (!read_owner(frame)) { return; }
    const auto lead = read_lead(frame, first);
    if (!lead) { return; }
    warnings_.clear();
    auto rdata = dns::parse_rdata(lead->type, data_text(frame, *lead), frame.origin, warnings_);
    if (!rdata) { return tell_of_data(frame, *lead, rdata.error(), Severity::Error); }
    if (records_.count() == kMaxMasterRecords) {
        stopped_ = true;
        return tell(messages::kTooManyMasterRecords, frame, frame.entry.words.front(),
                    {std::to_string(kMaxMasterRecords)});
    }
    warn_of_data(frame, *lead, *rdata);
    const std::uint32_t ttl = decide_ttl(*lead, *rdata);
    records_.add({&*frame.owner, frame.owner_hash, lead->type, ttl, &frame.lexer,
                  frame.entry.words.front(), frame.entry.words[lead->type_at]},
                 std::move(rdata).value());
}

/// Without an owner that can be read, the records that continue it go with it.
bool MasterReader::read_owner(Frame& frame) {
    const std::string_view word = frame.entry.words.front();
    if (!frame.entry.begins_with_blank) {
        frame.owner = owner_name(frame, word, word);
        if (frame.owner) { frame.owner_hash = records_.announce(*frame.owner); }
        return frame.owner.has_value();
    }
    if (frame.owner) { return true; }
    if (!frame.owner_was_faulty) { tell(messages::kOwnerMissing, frame, word); }
    return false;
}

/// A name for $ORIGIN and $INCLUDE, which may lie outside of the zone.
std::optional<dns::Name> MasterReader::plain_name(const Frame& frame, std::string_view word,
                                                  std::string_view text) {
    auto name = dns::Name::parse(text, frame.origin);
    if (name && !text.starts_with('"')) { return std::move(name).value(); }
    const std::string shown = quoted(text.substr(0, kMaxNameOctets));
    if (!is_ascii(text)) {
        const auto plain = to_a_labels(text);
        plain ? tell(messages::kForeignLetters, frame, word, {shown, quoted(*plain)})
              : tell(messages::kForbiddenLetters, frame, word, {shown});
    } else {
        tell(messages::kNoDomainName, frame, word,
             {shown, name ? "quotes cannot stand around it" : dns::describe(name.error())});
    }
    return {};
}

/// Names the zone that the file may be of: "b.example." where b.zone has names under it.
void MasterReader::tell_of_outside(const Frame& frame, std::string_view word,
                                   const dns::Name& name) {
    const std::string apex = zone_.apex.to_text();
    if (is_named_by_file_ && !likely_apex_) { likely_apex_ = longer_namesake(zone_.apex, name); }
    if (!is_named_by_file_ || !likely_apex_ || !name.is_at_or_below(*likely_apex_)) {
        return tell(messages::kLeftOutside, frame, word, {name.to_text(), apex});
    }
    const std::string likely = likely_apex_->to_text();
    tell(messages::kLeftOutsideOfFileName, frame, word, {name.to_text(), apex, likely, likely});
}

std::optional<dns::Name> MasterReader::owner_name(Frame& frame, std::string_view word,
                                                  std::string_view text) {
    frame.owner_was_faulty = true;
    auto name = plain_name(frame, word, text);
    if (!name) { return {}; }
    if (!name->is_at_or_below(zone_.apex)) {
        // Of $GENERATE only the first is told of.
        if (word.data() == text.data() || !frame.owner_was_outside) {
            tell_of_outside(frame, word, *name);
        }
        frame.owner_was_outside = true;
        return {};
    }
    warn_of_at_sign(frame, word);
    if (seems_to_lack_a_dot(text, *name, zone_.apex)) {
        tell(messages::kDotForgotten, frame, word,
             {quoted(text), name->to_text(), "the origin", std::string(text) + "."});
    }
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
                tell(messages::kForeignClass, frame, words[i], {word});
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
    tell(messages::kTypeMissing, frame, words.back());
    return {};
}

std::optional<std::uint32_t> MasterReader::read_ttl_word(const Frame& frame,
                                                         std::string_view word) {
    const auto ttl = read_master_ttl(word);
    if (!ttl) {
        tell(messages::kNoMasterTtl, frame, word, {quoted_start(word)});
        return {};
    }
    if (ttl->is_cut) {
        tell(messages::kMasterTtlTooLong, frame, word,
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
        tell(messages::kQuestionType, frame, word, {dns::type_to_text(*type)});
        return {};
    }
    if (findings_.full()) { return {}; }
    const std::vector<std::string>& types = schema::record_types();
    const std::vector<std::string_view> candidates(types.begin(), types.end());
    const std::string_view owner = frame.entry.words.front();
    const bool misplaced =
        first == 1 && (dns::type_from_text(owner) || read_master_class(owner).has_value());
    tell(misplaced ? messages::kTypeAsOwner : messages::kUnknownMasterType, frame, word,
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
    if (!frame.entry.has_parentheses && lead.type != dns::Type::SOA) {
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

/// Finds the word in the file that it is about.
void MasterReader::tell_of_data(const Frame& frame, const Lead& lead, const dns::RdataError& what,
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
    tell_of_data(frame, place, dns::type_to_text(lead.type), what, severity);
}

/// `subject` is what the data are of.
void MasterReader::tell_of_data(const Frame& frame, std::string_view word, std::string_view subject,
                                const dns::RdataError& what, Severity severity) {
    tell({what.code, severity, "{}: {}", "{}"}, frame, word, {subject, what.message, what.hint});
}

/// What is odd about a record that can be served.
void MasterReader::warn_of_data(const Frame& frame, const Lead& lead, const dns::Rdata& rdata) {
    for (const dns::RdataError& warning : warnings_) {
        tell_of_data(frame, lead, warning, Severity::Warning);
    }
    warn_of_target(frame, lead, rdata);
    const std::vector<std::string_view>& words = frame.entry.words;
    if (const Message* odd = odd_text(lead.type, rdata, TextForm::Presentation)) {
        tell(*odd, frame, words[lead.type_at + 1]);
    }
    if (holds_host_names(lead.type)) {
        for (std::size_t i = lead.type_at + 1; i < words.size(); ++i) {
            warn_of_at_sign(frame, words[i]);
        }
    }
}

void MasterReader::warn_of_at_sign(const Frame& frame, std::string_view word) {
    if (has_at_sign_within(word)) { tell(messages::kAtSignWithin, frame, word, {quoted(word)}); }
}

void MasterReader::warn_of_target(const Frame& frame, const Lead& lead, const dns::Rdata& rdata) {
    const std::string_view last = frame.entry.words.back();
    if (last.ends_with('.')) { return; }
    const auto target = dns::target_name(lead.type, rdata);
    if (!target || !seems_to_lack_a_dot(last, *target, zone_.apex)) { return; }
    tell(messages::kTargetDotForgotten, frame, last, {target->to_text(), "the origin"});
}

}  // namespace meridian::zones
