// Fuzzes the judge of replies to DNS checks, which a nameserver writes as it likes.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/dns_reply.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "meridian/dns/reply.h"
#include "tests/fuzz/demand.h"

namespace {

using meridian::dns::Type;
using meridian::zones::DnsQuestion;

void judge(std::span<const std::uint8_t> packet, const DnsQuestion& question) {
    const auto message = meridian::dns::question_message(0, question.name, question.type);
    const auto result = meridian::server::judge_dns_reply(packet, message, question);
    demand(result.has_value() == meridian::dns::ReplyReader(packet, message).is_reply(),
           "each reply has a result, and nothing else has");
    if (!result) { return; }
    demand(result->passed() == result->text.empty(), "a failure has a text");
    demand(result->text.size() <= 1000, "texts are short");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto name = meridian::dns::Name::parse_absolute("a.example").value();
    static const std::array<DnsQuestion, 4> kQuestions{{
        {.name = name},
        {.name = name, .answer = "192.0.2.1"},
        {.name = name, .type = Type::AAAA, .answer = "2001:db8::1"},
        {.name = name, .type = Type::TXT, .answer = "all is well"},
    }};
    const std::span<const std::uint8_t> packet(data, size);
    for (const DnsQuestion& question : kQuestions) {
        judge(packet, question);
        // The same behind a header and question that fit, which a fuzzer hardly finds.
        std::vector<std::uint8_t> reply =
            meridian::dns::question_message(0, question.name, question.type);
        reply[2] |= 0x80;
        reply[7] = size > 0 ? data[0] : 0;
        reply.insert(reply.end(), packet.begin(), packet.end());
        judge(reply, question);
    }
    return 0;
}
