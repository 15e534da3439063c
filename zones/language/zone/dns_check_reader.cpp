// Reads what a check asks of a nameserver.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/zone/dns_check_reader.h"

#include <array>
#include <optional>
#include <string_view>

#include "meridian/limits.h"
#include "zones/language/records/zone_names.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

constexpr std::uint16_t kDnsPort = 53;

constexpr std::array kRcodes{dns::Rcode::NoError,  dns::Rcode::FormErr, dns::Rcode::ServFail,
                             dns::Rcode::NXDomain, dns::Rcode::NotImp,  dns::Rcode::Refused};

class DnsCheckReader {
public:
    DnsCheckReader(const TomlTable& table, const std::string& path, DnsQuestion& question,
                   Findings& findings)
        : table_(table), path_(path), question_(question), findings_(findings) {}

    void read(const TomlEntry& asked) {
        if (const std::string* name = table_.text(asked.key)) {
            const KeyPosition where{asked.value.span.at, key_path(path_, asked.key)};
            question_.name = read_absolute_name(*name, where, findings_).value_or(dns::Name());
        }
        const TomlTable* expect = table_.table("expect");
        const TomlEntry* answer = expect == nullptr ? nullptr : expect->find("answer");
        const std::string* text = answer == nullptr ? nullptr : answer->value.get<std::string>();
        const bool has_type = read_type();
        if (expect != nullptr) { read_rcode(*expect); }
        if (text == nullptr || !has_type) { return; }
        read_answer(*text, {answer->value.span.at, key_path(key_path(path_, "expect"), "answer")});
    }

private:
    /// False after a diagnostic.
    bool read_type() {
        const std::string* text = table_.text("type");
        if (text == nullptr) { return true; }
        const auto type = dns::type_from_text(*text);
        if (!type || !dns::is_data_type(*type)) {
            findings_.report(diagnostics::kNoQuestionType, table_.find("type")->value.span.at,
                             key_path(path_, "type"), {quoted(*text)});
            return false;
        }
        question_.type = *type;
        return true;
    }

    void read_rcode(const TomlTable& expect) {
        const std::string* text = expect.text("rcode");
        if (text == nullptr) { return; }
        for (const dns::Rcode rcode : kRcodes) {
            if (dns::rcode_to_text(rcode) == *text) { question_.rcode = rcode; }
        }
    }

    void read_answer(const std::string& text, const KeyPosition& where) {
        if (question_.rcode != dns::Rcode::NoError) {
            return findings_.report(diagnostics::kAnswerOfError, where.at, where.key,
                                    {dns::rcode_to_text(question_.rcode)});
        }
        const auto address = IpAddress::parse(text);
        if (address && !address->is_v4() && table_.find("type") == nullptr) {
            question_.type = dns::Type::AAAA;
        }
        if (question_.type == dns::Type::TXT) { return read_text(text, where); }
        const bool is_v4 = question_.type == dns::Type::A;
        if (!is_v4 && question_.type != dns::Type::AAAA) {
            return findings_.report(
                diagnostics::kNoSuchAnswer, where.at, where.key,
                {quoted(text), "answer that is looked for in records of this type",
                 "with \"A\" and \"AAAA\" it is an address, with \"TXT\" a text; or leave it out"});
        }
        if (!address || address->is_v4() != is_v4) {
            return findings_.report(diagnostics::kNoSuchAnswer, where.at, where.key,
                                    {quoted(text), is_v4 ? "IPv4 address" : "IPv6 address",
                                     "records of another type are asked for with `type`, such as "
                                     "type = \"TXT\" for a text"});
        }
        question_.answer = address->to_string();
    }

    void read_text(const std::string& text, const KeyPosition& where) {
        if (text.size() > kMaxProbeTextOctets) {
            return findings_.report(
                diagnostics::kProbeTextTooLong, where.at, where.key,
                {std::to_string(text.size()), std::to_string(kMaxProbeTextOctets)});
        }
        if (text.empty()) {
            return findings_.report(diagnostics::kEmptyExpectation, where.at, where.key);
        }
        question_.answer = text;
    }

    const TomlTable& table_;
    const std::string& path_;
    DnsQuestion& question_;
    Findings& findings_;
};

}  // namespace

void read_dns_check(const TomlEntry& asked, const TomlTable& table, const std::string& path,
                    HealthCheck& check, Findings& findings) {
    check.port = static_cast<std::uint16_t>(table.integer("port").value_or(kDnsPort));
    DnsCheckReader(table, path, check.question, findings).read(asked);
}

}  // namespace meridian::zones
