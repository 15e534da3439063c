// Reads the value of one RRset in any of the forms that the language has.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/record_set_reader.h"

#include <algorithm>
#include <map>

#include "meridian/dns/rdata.h"
#include "meridian/zones/schema.h"
#include "zones/language/odd_records.h"
#include "zones/language/zone_names.h"
#include "zones/model/messages.h"
#include "zones/model/mistaken_names.h"

namespace meridian::zones {
namespace {

/// The record with its name, which ends it, in lower case: case makes no second record
/// (RFC 4343 §3).
dns::Rdata comparable(dns::Type type, dns::Rdata rdata) {
    const auto name = dns::target_name(type, rdata);
    if (!name) { return rdata; }
    for (std::size_t i = rdata.size() - name->octets(); i < rdata.size(); ++i) {
        if (rdata[i] >= 'A' && rdata[i] <= 'Z') {  // a length is below those
            rdata[i] = static_cast<std::uint8_t>(rdata[i] - 'A' + 'a');
        }
    }
    return rdata;
}

class SetReader {
public:
    SetReader(dns::Type type, const std::string& key, const Zone& zone, Findings& findings)
        : type_(type), key_(key), zone_(zone), findings_(findings) {}

    WrittenSet read(const TomlEntry& entry) {
        if (const auto* table = entry.value.get<TomlTable>()) {
            read_table(*table, entry);
        } else {
            read_items(entry.value);
        }
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
            return findings_.tell(
                data == nullptr ? messages::kRecordsMissing : messages::kDataAndRdata,
                entry.value.span.at, key_);
        }
        presentation_form_ = rdata != nullptr;
        read_items(rdata != nullptr ? rdata->value : data->value);
    }

    void read_items(const TomlValue& value) {
        const auto* array = value.get<TomlArray>();
        if (array == nullptr) { return read_item(value); }
        if (array->items.empty()) { findings_.tell(messages::kNoRecords, value.span.at, key_); }
        for (const TomlValue& item : array->items) {
            read_item(item);
        }
    }

    void read_item(const TomlValue& item) {
        const auto* text = item.get<std::string>();
        if (text == nullptr) {
            return findings_.tell(messages::kRecordExpected, item.span.at, key_,
                                  {describe(item.kind())});
        }
        const bool plain_text =
            !presentation_form_ && (type_ == dns::Type::TXT || type_ == dns::Type::SPF);
        dns::RdataWarnings warnings;
        auto rdata = plain_text ? dns::text_rdata(*text)
                                : dns::parse_rdata(type_, *text, zone_.apex, warnings);
        if (!rdata) {
            const dns::RdataError& error = rdata.error();
            return findings_.tell({error.code, Severity::Error, "{}", "{}"},
                                  place_in(item, *text, plain_text ? 0 : error.column), key_,
                                  {error.message, error.hint});
        }
        if (is_web_address(item, *text, *rdata)) { return; }
        for (const dns::RdataError& warning : warnings) {
            findings_.tell({warning.code, Severity::Warning, "{}", "{}"},
                           place_in(item, *text, warning.column), key_,
                           {warning.message, warning.hint});
        }
        warn_of_target(item, *rdata);
        warn_of_oddities(item, *text, *rdata,
                         plain_text ? TextForm::Plain : TextForm::Presentation);
        const auto [first, added] = seen_.try_emplace(comparable(type_, *rdata), item.span.at.line);
        if (!added) {
            return findings_.tell(messages::kRecordTwice, item.span.at, key_,
                                  {"line " + std::to_string(first->second)});
        }
        written_.records.push_back(std::move(rdata).value());
    }

    /// Tells of "https://host/" where the name of a host is wanted.
    bool is_web_address(const TomlValue& item, std::string_view text, const dns::Rdata& rdata) {
        const auto host = host_of_web_address(text);
        if (!host || !dns::target_name(type_, rdata)) { return false; }
        const std::size_t word = text.find_last_of(' ', text.find("://")) + 1;  // 0 behind npos
        const std::string_view shown = text.substr(word, text.find(' ', word) - word);
        findings_.tell(messages::kWebAddress, place_in(item, text, word), key_,
                       {quoted(shown), quoted(*host + ".")});
        return true;
    }

    /// Expects the rdata of `item`.
    void warn_of_target(const TomlValue& item, const dns::Rdata& rdata) {
        const auto target = dns::target_name(type_, rdata);
        if (!target || !repeats_apex(*target, zone_.apex)) { return; }
        findings_.tell(messages::kTargetDotForgotten, item.span.at, key_,
                       {target->to_text(), "the zone"});
    }

    void warn_of_oddities(const TomlValue& item, std::string_view text, const dns::Rdata& rdata,
                          TextForm form) {
        if (const Message* odd = odd_text(type_, rdata, form)) {
            findings_.tell(*odd, item.span.at, key_);
        }
        if (!holds_host_names(type_)) { return; }
        const std::string_view name = text.substr(text.find_last_of(" \t") + 1);
        if (has_at_sign_within(name)) {
            findings_.tell(messages::kAtSignWithin, item.span.at, key_, {quoted(name)});
        }
    }

    /// The word at `octet` of a string without escapes; else the whole string.
    [[nodiscard]] TextPosition place_in(const TomlValue& item, std::string_view text,
                                        std::size_t octet) const {
        TextPosition place = item.span.at;
        const bool as_written = item.span.end - item.span.begin == text.size() + 2;
        if (!as_written || octet >= text.size()) { return place; }
        const auto characters = [](std::string_view part) {
            return static_cast<std::uint32_t>(std::count_if(
                part.begin(), part.end(),
                [](char letter) { return (static_cast<unsigned char>(letter) & 0xc0) != 0x80; }));
        };
        const std::string_view word = text.substr(octet, text.find(' ', octet) - octet);
        place.column += 1 + characters(text.substr(0, octet));
        place.length = std::max(1u, characters(word));
        return place;
    }

    dns::Type type_;
    const std::string& key_;
    const Zone& zone_;
    Findings& findings_;
    bool presentation_form_ = false;
    WrittenSet written_;
    std::map<dns::Rdata, std::uint32_t> seen_;  // and its line
};

}  // namespace

WrittenSet read_record_set(const TomlEntry& entry, dns::Type type, const std::string& key,
                           const Zone& zone, Findings& findings) {
    return SetReader(type, key, zone, findings).read(entry);
}

bool same_record(dns::Type type, const dns::Rdata& left, const dns::Rdata& right) {
    const auto lower = [](std::uint8_t octet) {
        return octet >= 'A' && octet <= 'Z' ? octet | 0x20 : int{octet};
    };
    if (left == right) { return true; }
    return std::ranges::equal(left, right, {}, lower, lower) &&
           comparable(type, left) == comparable(type, right);
}

std::string lower_cased(std::string_view text) {
    std::string result(text);
    for (char& letter : result) {
        if (letter >= 'A' && letter <= 'Z') { letter = static_cast<char>(letter - 'A' + 'a'); }
    }
    return result;
}

}  // namespace meridian::zones
