// Knows what files of states say, and which probes ask them.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "meridian/clock.h"
#include "meridian/ip_address.h"
#include "meridian/zones/model/health.h"
#include "server/probing/prober.h"
#include "server/probing/pushed_state.h"

namespace meridian::server {

/// For the thread of the checks.
class PushedFiles {
public:
    explicit PushedFiles(const Clock& clock) : clock_(clock) {}

    /// As ProbeSettings has it.
    [[nodiscard]] PushedVerdict ask(const zones::HealthCheck& check,
                                    const IpAddress& address) const;

    /// Takes what is probed from now on, each target with its number. Returns those that are new
    /// to a file that is known already, and need not wait until they are due.
    std::vector<Prober::Number> replace(std::span<const ProbeTarget> targets,
                                        std::span<const Prober::Number> numbers);
    /// The files that are asked.
    [[nodiscard]] std::vector<StateFilePath> asked() const;
    /// What a file says now. Returns those who ask it.
    std::set<Prober::Number> take(const StateFilePath& file, StateFileReading reading);
    /// What files state and no check asks for, in words: a typo, or meant for another server.
    [[nodiscard]] std::vector<std::string> warnings() const;

private:
    struct Users {
        std::set<Prober::Number> numbers;
        std::set<std::string> keys;  // that they find
        friend bool operator==(const Users&, const Users&) = default;
    };

    const Clock& clock_;
    std::map<StateFilePath, StateFileReading> readings_;
    std::map<StateFilePath, Users> users_;
};

}  // namespace meridian::server
