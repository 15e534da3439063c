// Finds out whether this server has lost its own way to the network, in one family.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

#include "server/probing/check_result.h"

namespace meridian::server {

/// With fewer targets, all of them may well be down.
constexpr std::size_t kLeastBlindTargets = 4;
/// In one region alone, that region is down.
constexpr std::size_t kLeastBlindRegions = 2;
constexpr std::size_t kBlindPercent = 80;

/// The latest results of all targets of a family, and of its self tests.
///
/// It is blind when the latest results of 80 % of at least four targets are signs of blindness in
/// at least two regions, most of which began within two periods of their checks, and stays so for
/// as long as 80 % are. A self test is an address beyond the uplink that has nothing to do with the
/// services: while one answers, the family is not blind, whatever the targets say; when all fail
/// with such signs, it is. Pure: the time is passed in.
class Blindness {
public:
    using TimePoint = std::chrono::steady_clock::time_point;
    using Target = std::uint64_t;

    /// A target counts from here on, even before its first result. `region` is any name of it.
    void add(Target target, const std::string& region, std::chrono::milliseconds every);
    void remove(Target target);
    void note(Target target, const CheckResult& result, TimePoint now);

    /// Replaces the self tests; those that stay keep their latest result.
    void set_self_tests(const std::vector<std::string>& names);
    void note_self_test(const std::string& name, const CheckResult& result);

    /// Looks at the latest results. Returns whether the family is blind from now on.
    bool look(TimePoint now);
    [[nodiscard]] bool is_blind() const { return blind_; }

private:
    struct Latest {
        std::string region;
        std::chrono::milliseconds every;
        bool is_sign = false;
        TimePoint turned = {};  // into a sign
    };

    void count(const Latest& latest);
    void discount(const Latest& latest);
    /// None: the self tests say nothing.
    [[nodiscard]] std::optional<bool> self_tests_fail() const;
    [[nodiscard]] bool most_are_signs() const;
    [[nodiscard]] bool turned_lately(TimePoint now) const;

    std::unordered_map<Target, Latest> targets_;
    std::unordered_map<std::string, std::size_t> signs_of_region_;
    std::size_t sign_count_ = 0;
    std::unordered_map<std::string, std::optional<bool>> self_test_fails_;
    bool blind_ = false;
    bool turned_ = false;  // a target or more, since `look` found too few of them
};

}  // namespace meridian::server
