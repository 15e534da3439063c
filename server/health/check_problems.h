// Keeps what operators have to mend before checks give results again.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace meridian::server {

/// A problem that many targets share is one. For one thread at a time.
class CheckProblems {
public:
    struct Turn {
        std::string problem;
        bool is_over = false;
    };

    /// What the latest report of a target says; empty: nothing is wrong.
    void note(std::uint64_t target, const std::string& problem);
    void forget(std::uint64_t target) { note(target, {}); }
    /// What has come up, or is over, since the last call; not what did both.
    std::vector<Turn> take_turns();

    /// In words, those that have come first in the alphabet; a line says how many more there are.
    [[nodiscard]] std::vector<std::string> shown() const;
    /// The targets that have one.
    [[nodiscard]] std::vector<std::uint64_t> targets() const;

private:
    std::map<std::uint64_t, std::string> of_target_;
    std::map<std::string, std::size_t> counts_;  // of targets, by problem
    std::map<std::string, bool> was_there_;      // of those that turned since, before that
};

}  // namespace meridian::server
