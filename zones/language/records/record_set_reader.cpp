// Reads the value of one RRset in any of the forms that the language has.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/records/record_set_reader.h"

#include <algorithm>
#include <functional>
#include <map>

#include "meridian/dns/rdata.h"
#include "meridian/dns/wire/ascii_case.h"
#include "meridian/utf8.h"
#include "meridian/zones/schema.h"
#include "zones/language/records/odd_records.h"
#include "zones/language/records/zone_names.h"
#include "zones/language/text/host_address.h"
#include "zones/language/text/odd_letters.h"
#include "zones/language/text/record_line.h"
#include "zones/language/text/several_values.h"
#include "zones/model/auto_hints.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/mistaken_names.h"

namespace meridian::zones {

dns::Rdata comparable(dns::Type type, dns::Rdata rdata) {
    const auto name = dns::target_name(type, rdata);
    if (!name) { return rdata; }
    // Behind the name of these stand parameters, whose letters count (RFC 9460 §2.2).
    const bool has_parameters = type == dns::Type::SVCB || type == dns::Type::HTTPS;
    const std::size_t begin = has_parameters ? 2 : rdata.size() - name->octets();
    for (std::size_t i = begin; i < begin + name->octets(); ++i) {
        rdata[i] = dns::lower_cased(rdata[i]);  // a length is below the letters
    }
    return rdata;
}

namespace {

bool has_mark_behind(std::string_view text) {
    const bool has_mark = text.ends_with(',') || text.ends_with(';');
    return has_mark && !text.ends_with("\\,") && !text.ends_with("\\;");
}

bool is_of_one_word(dns::Type type) {
    switch (type) {
        case dns::Type::A:
        case dns::Type::AAAA:
        case dns::Type::NS:
        case dns::Type::PTR:
            return true;
        default:
            return false;
    }
}

class SetReader {
public:
    SetReader(dns::Type type, const std::string& key, const dns::Name& owner, const Zone& zone,
              Findings& findings)
        : type_(type), key_(key), owner_(owner), zone_(zone), findings_(findings) {}

    WrittenSet read(const TomlEntry& entry) {
        if (const auto* table = entry.value.get<TomlTable>()) {
            read_table(*table, entry);
        } else {
            read_items(entry.value);
        }
        if (type_ == dns::Type::MX) { check_null_mx(); }
        if (!is_array_) { written_.positions.clear(); }
        return std::move(written_);
    }

private:
    void read_table(const TomlTable& table, const TomlEntry& entry) {
        const std::size_t errors = findings_.error_count();
        check_keys(table, schema::record_set_keys(), key_, entry.value.span.at, findings_);
        if (findings_.error_count() > errors) { return; }
        if (const TomlEntry* ttl = table.find("ttl")) {
            written_.ttl_seconds = static_cast<std::uint32_t>(seconds_of(ttl->value).value_or(0));
        }
        const TomlEntry* data = table.find("data");
        const TomlEntry* rdata = table.find("rdata");
        if ((data == nullptr) == (rdata == nullptr)) {
            return findings_.report(
                data == nullptr ? diagnostics::kRecordsMissing : diagnostics::kDataAndRdata,
                entry.value.span.at, key_);
        }
        presentation_form_ = rdata != nullptr;
        read_items(rdata != nullptr ? rdata->value : data->value);
    }

    void read_items(const TomlValue& value) {
        const auto* array = value.get<TomlArray>();
        if (array == nullptr) { return read_item(value); }
        is_array_ = true;
        if (array->items.empty()) {
            findings_.report(diagnostics::kNoRecords, value.span.at, key_);
        }
        for (const TomlValue& item : array->items) {
            read_item(item);
        }
    }

    void read_item(const TomlValue& item) {
        const auto* text = item.get<std::string>();
        if (text == nullptr) {
            return findings_.report(diagnostics::kRecordExpected, item.span.at, key_,
                                    {describe(item.kind())});
        }
        const bool plain_text =
            !presentation_form_ && (type_ == dns::Type::TXT || type_ == dns::Type::SPF);
        dns::RdataWarnings warnings;
        AutoHints hints;
        std::string rest = *text;
        if (type_ == dns::Type::HTTPS) { hints = take_auto_hints(rest); }
        auto rdata = plain_text ? dns::text_rdata(*text)
                                : dns::parse_rdata(type_, rest, zone_.apex, warnings);
        if (!rdata) {
            if (hints.any() && rdata.error().code == "listed-missing") {
                return findings_.report(diagnostics::kMandatoryAutoHint, item.span.at, key_);
            }
            if (report_slip(item, *text)) { return; }
            const dns::RdataError& error = rdata.error();
            return findings_.report({error.code, Severity::Error, "{}", "{}"},
                                    place_in(item, *text, plain_text ? 0 : error.column), key_,
                                    {error.text, error.hint});
        }
        if (is_web_address(item, *text, *rdata) || is_useless_address(item, *text) ||
            is_name_with_mark(item, *text)) {
            return;
        }
        for (const dns::RdataError& warning : warnings) {
            findings_.report({warning.code, Severity::Warning, "{}", "{}"},
                             place_in(item, *text, warning.column), key_,
                             {warning.text, warning.hint});
        }
        warn_of_target(item, *rdata);
        warn_of_oddities(item, *text, *rdata,
                         plain_text ? TextForm::Plain : TextForm::Presentation);
        if (hints.any() && dns::has_address_hints(*rdata)) {
            return findings_.report(diagnostics::kAutoBesideFixedHint, item.span.at, key_);
        }
        if (hints.any()) { rdata = with_auto_hints(*rdata, hints); }
        const auto [first, added] = seen_.try_emplace(comparable(type_, *rdata), item.span.at.line);
        if (!added) {
            return findings_.report(diagnostics::kRecordTwice, item.span.at, key_,
                                    {"line " + std::to_string(first->second)});
        }
        written_.records.push_back(std::move(rdata).value());
        written_.positions.push_back(item.span.at);
    }

    /// Reports what was meant by a text that is no record. False where that is not plain.
    bool report_slip(const TomlValue& item, std::string_view text) {
        const auto is_record = [this](const std::string& value) {
            return dns::parse_rdata(type_, value, zone_.apex).ok();
        };
        const ValueForm form = is_of_one_word(type_) ? ValueForm::OneWord : ValueForm::SeveralWords;
        // A name has one record of these types, or "," and ";" are part of their text.
        const bool has_one = type_ == dns::Type::CNAME || type_ == dns::Type::DNAME ||
                             type_ == dns::Type::TXT || type_ == dns::Type::SPF;
        if (report_odd_letter(text, item.span.at, key_, findings_)) { return true; }
        if (report_comment(item, text, is_record) || report_foreign_name(item, text)) {
            return true;
        }
        return !has_one && report_several(text, form, is_record, item.span.at, key_, findings_);
    }

    /// Reports a name such as "münchen" with its A-label.
    bool report_foreign_name(const TomlValue& item, std::string_view text) {
        if (dns::data_words(type_).names == 0 || is_ascii(text)) { return false; }
        const std::size_t begin = text.find_last_of(' ') + 1;  // 0 behind npos
        const std::string_view name = text.substr(begin);
        const auto plain = is_ascii(name) ? std::nullopt : to_a_labels(name);
        if (!plain) { return false; }
        findings_.report(diagnostics::kForeignLetters, item.span.at, key_,
                         {quoted(name), quoted(std::string(text.substr(0, begin)) + *plain)});
        return true;
    }

    /// Reports "192.0.2.1 ; web", whose comment was to stand behind the quotes.
    bool report_comment(const TomlValue& item, std::string_view text,
                        const std::function<bool(const std::string&)>& is_record) {
        if (dns::data_words(type_).texts != 0) { return false; }  // the mark may belong to a text
        for (std::size_t at = text.find(' '); at != std::string_view::npos;
             at = text.find(' ', at + 1)) {
            const std::string_view comment = text.substr(at + 1);
            if (!comment.starts_with('#') && foreign_comment_mark(comment).empty()) { continue; }
            const std::string value(text.substr(0, text.find_last_not_of(' ', at) + 1));
            if (!is_record(value)) { return false; }
            const std::size_t words = comment.find_first_not_of("#;/*- ");
            const std::string behind =  // on one line of an array it would take more along
                is_array_ || words == std::string_view::npos
                    ? ""
                    : " # " + std::string(comment.substr(words));
            findings_.report(diagnostics::kCommentWithin, item.span.at, key_,
                             {quoted(comment), quoted(value) + behind});
            return true;
        }
        return false;
    }

    /// Reports "10 mail," where the name of a host is wanted; false where there is no such mark.
    bool is_name_with_mark(const TomlValue& item, std::string_view text) {
        if (!holds_host_names(type_) || !has_mark_behind(text)) { return false; }
        findings_.report(
            diagnostics::kMarkBehindValue, item.span.at, key_,
            {quoted(text.substr(text.size() - 1)), quoted(text.substr(0, text.size() - 1))});
        return true;
    }

    bool is_useless_address(const TomlValue& item, std::string_view text) {
        const auto address = type_ == dns::Type::A || type_ == dns::Type::AAAA
                                 ? IpAddress::parse(text)
                                 : std::nullopt;  // for forms of RFC 3597, too
        if (!address) { return false; }
        const bool is_own_host = dns::lower_cased(owner_.to_text()).starts_with("localhost.");
        return !check_host_address(*address, text,
                                   is_own_host ? AddressUse::OwnHost : AddressUse::Record,
                                   item.span.at, key_, findings_);
    }

    /// "This domain takes no mail" cannot stand beside a host that takes it (RFC 7505 §3).
    void check_null_mx() {
        for (std::size_t i = 0; i < written_.records.size() && written_.records.size() > 1; ++i) {
            const auto target = dns::target_name(type_, written_.records[i]);
            if (!target || !target->is_root()) { continue; }
            findings_.report(diagnostics::kNullMxBesideOthers, written_.positions[i], key_);
        }
    }

    /// Reports "https://host/" where the name of a host is wanted; false where there is none.
    bool is_web_address(const TomlValue& item, std::string_view text, const dns::Rdata& rdata) {
        const auto host = host_of_web_address(text);
        if (!host || !dns::target_name(type_, rdata)) { return false; }
        const std::size_t word = text.find_last_of(' ', text.find("://")) + 1;  // 0 behind npos
        const std::string_view shown = text.substr(word, text.find(' ', word) - word);
        const std::string_view behind = text.substr(word + shown.size());
        findings_.report(diagnostics::kWebAddress, item.span.at, key_,
                         {quoted(shown), quoted(std::string(text.substr(0, word)) + *host + "." +
                                                std::string(behind))});
        return true;
    }

    /// Expects the rdata of `item`.
    void warn_of_target(const TomlValue& item, const dns::Rdata& rdata) {
        const auto target = dns::target_name(type_, rdata);
        if (!target || !repeats_apex(*target, zone_.apex)) { return; }
        findings_.report(diagnostics::kTargetDotForgotten, item.span.at, key_,
                         {target->to_text(), "the zone"});
    }

    void warn_of_oddities(const TomlValue& item, std::string_view text, const dns::Rdata& rdata,
                          TextForm form) {
        if (const DiagnosticKind* odd = odd_text(type_, rdata, form)) {
            findings_.report(*odd, item.span.at, key_);
        }
        if (!holds_host_names(type_)) { return; }
        const bool has_two = type_ == kTypeRp;
        for (std::string_view rest = text; !rest.empty();) {
            const std::string_view name = rest.substr(0, rest.find_first_of(" \t"));
            rest.remove_prefix(std::min(name.size() + 1, rest.size()));
            if (!rest.empty() && !has_two) { continue; }
            if (has_at_sign_within(name)) {
                findings_.report(diagnostics::kAtSignWithin, item.span.at, key_, {quoted(name)});
            }
            if (has_comma_within(name)) {
                findings_.report(diagnostics::kCommaWithin, item.span.at, key_, {quoted(name)});
            }
        }
    }

    /// The word at `octet` of a string without escapes; else the whole string.
    [[nodiscard]] TextPosition place_in(const TomlValue& item, std::string_view text,
                                        std::size_t octet) const {
        TextPosition place = item.span.at;
        const bool as_written = item.span.end - item.span.begin == text.size() + 2;
        if (!as_written || octet >= text.size()) { return place; }
        const auto characters = [](std::string_view part) {
            return static_cast<std::uint32_t>(count_characters(part));
        };
        const std::string_view word = text.substr(octet, text.find(' ', octet) - octet);
        place.column += 1 + characters(text.substr(0, octet));
        place.length = std::max(1u, characters(word));
        return place;
    }

    dns::Type type_;
    const std::string& key_;
    const dns::Name& owner_;
    const Zone& zone_;
    Findings& findings_;
    bool presentation_form_ = false;
    bool is_array_ = false;
    WrittenSet written_;
    std::map<dns::Rdata, std::uint32_t> seen_;  // and its line
};

}  // namespace

WrittenSet read_record_set(const TomlEntry& entry, dns::Type type, const std::string& key,
                           const dns::Name& owner, const Zone& zone, Findings& findings) {
    return SetReader(type, key, owner, zone, findings).read(entry);
}

bool same_record(dns::Type type, const dns::Rdata& left, const dns::Rdata& right) {
    const auto lower = [](std::uint8_t octet) { return dns::lower_cased(octet); };
    if (left == right) { return true; }
    return std::ranges::equal(left, right, {}, lower, lower) &&
           comparable(type, left) == comparable(type, right);
}

}  // namespace meridian::zones
