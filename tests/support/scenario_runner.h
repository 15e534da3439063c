// Plays scenarios in process: through the reader, the compiler and the one function that answers.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "meridian/zones/answer.h"
#include "meridian/zones/snapshot.h"
#include "tests/support/message_decoder.h"
#include "tests/support/scenario.h"

namespace meridian::tests {

/// Serves the world and the zones of one file of scenarios.
class ScenarioRunner {
public:
    /// Reads `FOLDER/zones/...` and `WORLDS/NAME.mmdb`; throws std::runtime_error with what the
    /// operator would be told.
    ScenarioRunner(const ScenarioFile& file, const std::string& folder, const std::string& worlds);

    /// Asks everything of a scenario. Each string tells one thing that is not as expected.
    std::vector<std::string> play(const Scenario& scenario);

private:
    /// The reply's octets; none when there was silence.
    std::vector<std::uint8_t> ask(const Exchange& exchange, std::vector<std::uint8_t> query);
    void play(const Exchange& exchange, std::vector<std::string>& complaints);

    std::shared_ptr<const zones::Snapshot> snapshot_;
    zones::AnswerState state_;
};

}  // namespace meridian::tests
