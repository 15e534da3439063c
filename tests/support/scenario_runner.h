// Plays scenarios in process: through the reader, the compiler and the one function that answers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/answer.h"
#include "meridian/zones/serving.h"
#include "tests/support/message_decoder.h"
#include "tests/support/scenario.h"

namespace meridian::tests {

/// Serves the world and the zones of one file of scenarios.
class ScenarioRunner {
public:
    /// Reads `FOLDER/zones/...` and `WORLDS/NAME.mmdb`; throws std::runtime_error with the
    /// diagnostics of a zone that does not load.
    ScenarioRunner(const ScenarioFile& file, const std::string& folder, const std::string& worlds);

    /// Sends all queries of a scenario. Each string names one difference from the expectation.
    std::vector<std::string> play(const Scenario& scenario);

private:
    /// The reply's octets; empty when there was none.
    std::vector<std::uint8_t> ask(const Exchange& exchange, std::vector<std::uint8_t> query);
    void play(const Exchange& exchange, std::vector<std::string>& complaints);

    std::optional<zones::Serving> serving_;
    zones::AnswerState state_;
};

}  // namespace meridian::tests
