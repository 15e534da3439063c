// Judges a packet that came back to the question of a check.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/dns_reply.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "meridian/bytes.h"
#include "meridian/dns/reply.h"
#include "meridian/ip_address.h"
#include "server/probing/network_text.h"

namespace meridian::server {

namespace {

using Octets = std::span<const std::uint8_t>;

constexpr std::size_t kV4Octets = 4;
constexpr std::size_t kV6Octets = 16;

std::string_view text_of(Octets octets) {
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

/// The strings of TXT in one (RFC 1035 §3.3.14); what is cut ends it.
std::string joined_strings(Octets rdata) {
    std::string text;
    while (!rdata.empty()) {
        const std::size_t octets = std::min<std::size_t>(rdata[0], rdata.size() - 1);
        text += text_of(rdata.subspan(1, octets));
        rdata = rdata.subspan(1 + octets);
    }
    return text;
}

/// What the answer is compared with. Empty where it is no address.
std::string answer_text(dns::Type type, Octets rdata) {
    if (type == dns::Type::TXT) { return joined_strings(rdata); }
    if (rdata.size() == kV4Octets && type == dns::Type::A) {
        return IpAddress::v4(load_u32(rdata, 0)).to_string();
    }
    if (rdata.size() == kV6Octets && type == dns::Type::AAAA) {
        return IpAddress::v6(load_u64(rdata, 0), load_u64(rdata, 8)).to_string();
    }
    return {};
}

CheckResult judge_answer(dns::ReplyReader& reply, const zones::DnsQuestion& question) {
    std::string first;
    while (const auto record = reply.next()) {
        if (record->type != question.type) { continue; }
        std::string text = answer_text(record->type, record->rdata);
        if (text == question.answer) { return {}; }
        if (first.empty()) { first = std::move(text); }
    }
    if (reply.is_malformed()) { return {FailureKind::Other, "a reply that is no DNS message"}; }
    if (!first.empty()) { return {FailureKind::BadBody, "answer is " + network_text(first)}; }
    if (reply.is_truncated()) { return {FailureKind::BadBody, "reply is truncated"}; }
    return {FailureKind::BadBody, "no " + dns::type_to_text(question.type) + " in the answer"};
}

}  // namespace

std::optional<CheckResult> judge_dns_reply(Octets packet, Octets message,
                                           const zones::DnsQuestion& question) {
    dns::ReplyReader reply(packet, message);
    if (!reply.is_reply()) { return {}; }
    if (reply.rcode() != question.rcode) {
        return CheckResult{FailureKind::BadStatus, dns::rcode_to_text(reply.rcode())};
    }
    if (question.answer.empty()) { return CheckResult{}; }
    return judge_answer(reply, question);
}

}  // namespace meridian::server
