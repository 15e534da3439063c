// Asks what is served a question as a resolver would.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>

#include "meridian/zones/answer.h"
#include "meridian/zones/verdict.h"
#include "zones/explain/message_text.h"

namespace meridian::zones {

/// A query as it was read, and the reply as it was sent.
struct Exchange {
    std::unique_ptr<AnswerState> state = std::make_unique<AnswerState>();
    MessageText reply;

    [[nodiscard]] const dns::Query& query() const { return state->queries[0]; }
};

/// Asks `answer`, the one function behind every transport, over TCP.
Exchange ask(const Serving& serving, const BatchContext& context, const VerdictQuestion& question);

}  // namespace meridian::zones
