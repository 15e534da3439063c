// Reads files that state the health of regions, services and addresses.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <chrono>
#include <compare>
#include <cstddef>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/result.h"
#include "meridian/zones/model/health.h"
#include "server/probing/check_result.h"

namespace meridian::server {

/// What such a file says. Immutable; any thread.
///
/// It is an object of JSON, `{"frankfurt": "down", "192.0.2.10": true}`, or has a line for each,
/// `frankfurt down`, with comments behind `#`. A key is REGION, REGION/SERVICE,
/// REGION/SERVICE/ADDRESS or ADDRESS; its state "up" or "down", or true or false.
class PushedState {
public:
    /// The error says in words what is wrong, and where. A text that states nothing is an error: a
    /// program that writes the file anew has emptied it.
    static Result<PushedState, std::string> read(std::string_view text);

    /// Whether the address is up in that place, by the narrowest key that is there; none where the
    /// file does not say. The region is wider than REGION/SERVICE, that is wider than ADDRESS.
    [[nodiscard]] std::optional<bool> find(const zones::CheckedPlace& place,
                                           const IpAddress& address) const;
    /// The keys that are none of these.
    [[nodiscard]] std::vector<std::string> keys_beside(const std::set<std::string>& known) const;
    [[nodiscard]] std::size_t size() const { return states_.size(); }
    friend bool operator==(const PushedState&, const PushedState&) = default;

private:
    class Reader;
    std::map<std::string, bool, std::less<>> states_;  // addresses in their usual form
};

/// The keys by which a file may state the address of that place, the narrowest first.
std::array<std::string, 4> keys_of(const zones::CheckedPlace& place, const IpAddress& address);

/// Which file of states.
struct StateFilePath {
    std::string named_by;  ///< The file that names it, below whose folder it has to lie.
    std::string name;
    friend auto operator<=>(const StateFilePath&, const StateFilePath&) = default;
};
inline StateFilePath path_of(const zones::StateFile& file) {
    return {file.named_by, file.name};
}

/// A file of states as it was read last.
struct StateFileReading {
    std::shared_ptr<const PushedState> state = {};  ///< Null where `problem` says why.
    std::string problem = {};  ///< In words, with the file's name; empty: there is none.
    std::chrono::system_clock::time_point modified = {};
};

/// Whether the same follows from both.
bool says_the_same(const StateFileReading& left, const StateFileReading& right);

/// What follows for an address: a result, or why there is none.
struct PushedVerdict {
    std::optional<CheckResult> result = {};
    std::string problem = {};  ///< In words, for operators; the same for all addresses of a place.
};

/// What the file of a check says of an address, at the time `now`.
PushedVerdict judge_pushed(const StateFileReading& reading, const zones::HealthCheck& check,
                           const IpAddress& address, std::chrono::system_clock::time_point now);

}  // namespace meridian::server
