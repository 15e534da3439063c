// Fuzzes the reader of replies to HTTP checks: no cut of the octets may change the result.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/http_reply.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "meridian/limits.h"
#include "tests/fuzz/demand.h"

namespace {

using meridian::server::CheckResult;

CheckResult read(const meridian::zones::HealthCheck& check, std::string_view reply,
                 std::size_t piece) {
    meridian::server::HttpReply reader(check);
    while (!reply.empty()) {
        if (const auto result = reader.take(reply.substr(0, piece))) { return *result; }
        reply.remove_prefix(std::min(piece, reply.size()));
    }
    return reader.take_end();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // Near the limit of all octets a cut does matter: what came behind it is not looked at.
    if (size > meridian::kMaxProbeReplyOctets / 2) { return 0; }
    const std::string_view reply(reinterpret_cast<const char*>(data), size);
    static const std::array<meridian::zones::HealthCheck, 3> kChecks{{
        {.kind = meridian::zones::CheckKind::Http},
        {.kind = meridian::zones::CheckKind::Http, .status = {200, 302}, .body = "ok"},
        {.kind = meridian::zones::CheckKind::Http, .method = "HEAD", .body = "all is well"},
    }};
    for (const auto& check : kChecks) {
        const CheckResult whole = read(check, reply, size + 1);
        demand(whole.passed() == whole.text.empty(), "a failure has a text");
        demand(whole.text.size() <= 1000, "texts are short");
        for (const std::size_t piece : {1u, 5u}) {
            const CheckResult cut = read(check, reply, piece);
            demand(cut.failure == whole.failure && cut.text == whole.text, "cuts do not matter");
        }
    }
    return 0;
}
