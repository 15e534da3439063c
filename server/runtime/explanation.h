// Explains the answer that one client gets, and says where that differs from the files on disk.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/snapshot.h"
#include "meridian/zones/verdict.h"
#include "server/runtime/server_status.h"
#include "server/runtime/status_board.h"

namespace meridian::server {

/// The client and the question to explain, as the operator wrote them.
struct QuestionText {
    std::string name = {};
    std::string type = "A";
    std::string client = {};    ///< Address or prefix in the client subnet option; may be empty.
    std::string resolver = {};  ///< Who sends the packet; may be empty when `client` is not.
};

struct Question {
    zones::VerdictQuestion asked;
    bool resolver_is_assumed = false;  ///< None was named: it is taken to be where the client is.
};

/// A client's address stands for what resolvers send of it: its /24, or its /56 (RFC 7871 §11.1).
/// IPv4 inside IPv6 is taken out first, since it lies behind the first 56 bits. The error is in
/// words.
Result<Question, std::string> read_question(const QuestionText& text);

struct Explanation {
    std::string name = {};  ///< The one asked for, with the final dot.
    std::string type = {};
    std::string resolver = {};
    bool resolver_is_assumed = false;
    zones::Verdict verdict = {};
    DatabaseStatus database = {};
    std::int64_t now = 0;                       ///< Unix seconds.
    std::vector<std::string> differences = {};  ///< A sentence each; none: the files say the same.
    friend bool operator==(const Explanation&, const Explanation&) = default;
};

/// `load` and `seen` come from the load that made the snapshot.
Explanation explain_answer(const zones::Serving& serving, const Question& question,
                           const LoadStatus& load, const SeenFiles& seen, std::int64_t now);

}  // namespace meridian::server
