// Reads files that state the health of regions, services and addresses.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/pushed_state.h"

#include <algorithm>
#include <array>
#include <boost/json.hpp>
#include <cstdint>
#include <utility>

#include "server/probing/network_text.h"

namespace meridian::server {

namespace {

struct StateWord {
    std::string_view word;
    bool is_up;
};

constexpr std::array kWords{StateWord{"up", true}, StateWord{"down", false},
                            StateWord{"true", true}, StateWord{"false", false}};

std::optional<bool> state_of(std::string_view word) {
    for (const StateWord& known : kWords) {
        if (known.word == word) { return known.is_up; }
    }
    return {};
}

std::string quoted(std::string_view text) {
    return '"' + network_text(text) + '"';
}

/// The key with an address at its end in the usual form, since there are several ways to write one.
std::string usual_key(std::string_view key) {
    const std::size_t slash = key.rfind('/');
    const std::size_t begin = slash == std::string_view::npos ? 0 : slash + 1;
    const auto address = IpAddress::parse(key.substr(begin));
    return std::string(key.substr(0, begin)) +
           (address ? address->to_string() : std::string(key.substr(begin)));
}

}  // namespace

/// Each member returns what is wrong, or an empty text.
class PushedState::Reader {
public:
    Result<PushedState, std::string> read(std::string_view text) {
        const std::size_t first = text.find_first_not_of(" \t\r\n");
        const bool is_json = first != std::string_view::npos && text[first] == '{';
        std::string problem = is_json ? read_json(text) : read_lines(text);
        if (problem.empty() && state_.states_.empty()) { problem = "it states nothing"; }
        if (!problem.empty()) { return Failure{std::move(problem)}; }
        return std::move(state_);
    }

private:
    std::string read_json(std::string_view text) {
        boost::json::error_code error;
        boost::json::parse_options options;
        options.max_depth = 4;  // an object is enough
        const boost::json::value document = boost::json::parse(text, error, {}, options);
        if (error) { return "it is no JSON: " + error.message(); }
        for (const auto& [key, value] : document.get_object()) {
            std::optional<bool> state;
            if (value.is_bool()) { state = value.get_bool(); }
            if (value.is_string()) { state = state_of(std::string_view(value.get_string())); }
            if (!state) { return no_state("the value of " + quoted(key)); }
            if (std::string problem = add(key, *state); !problem.empty()) { return problem; }
        }
        return {};
    }

    std::string read_lines(std::string_view text) {
        for (std::size_t number = 1; !text.empty(); ++number) {
            const std::size_t end = std::min(text.find('\n'), text.size());
            std::string problem = read_line(text.substr(0, end));
            if (!problem.empty()) { return "line " + std::to_string(number) + ": " + problem; }
            text.remove_prefix(std::min(end + 1, text.size()));
        }
        return {};
    }

    std::string read_line(std::string_view line) {
        line = without_blanks(line.substr(0, line.find('#')));
        if (line.empty()) { return {}; }
        const std::size_t end = line.find_first_of(kBlanks);
        if (end == std::string_view::npos) { return quoted(line) + " has no state behind it"; }
        const std::string_view word = without_blanks(line.substr(end));
        const auto state = state_of(word);
        return state ? add(line.substr(0, end), *state) : no_state(quoted(word));
    }

    std::string add(std::string_view key, bool is_up) {
        if (key.empty()) { return "a key is empty"; }
        const auto [known, is_new] = state_.states_.emplace(usual_key(key), is_up);
        if (is_new || known->second == is_up) { return {}; }
        return quoted(key) + " is both up and down";
    }

    static std::string no_state(const std::string& what) {
        return what + R"( is no state; expected "up" or "down", or true or false)";
    }

    PushedState state_;
};

Result<PushedState, std::string> PushedState::read(std::string_view text) {
    return Reader().read(text);
}

std::optional<bool> PushedState::find(const zones::CheckedPlace& place,
                                      const IpAddress& address) const {
    for (const std::string& key : keys_of(place, address)) {
        const auto found = states_.find(key);
        if (found != states_.end()) { return found->second; }
    }
    return {};
}

std::vector<std::string> PushedState::keys_beside(const std::set<std::string>& known) const {
    std::vector<std::string> others;
    for (const auto& [key, is_up] : states_) {
        if (!known.contains(key)) { others.push_back(key); }
    }
    return others;
}

std::array<std::string, 4> keys_of(const zones::CheckedPlace& place, const IpAddress& address) {
    const std::string in_region = place.region + '/' + place.service;
    const std::string text = address.to_string();
    return {in_region + '/' + text, text, in_region, place.region};
}

bool says_the_same(const StateFileReading& left, const StateFileReading& right) {
    const bool have_states = left.state != nullptr && right.state != nullptr;
    return left.problem == right.problem && left.modified == right.modified &&
           (have_states ? *left.state == *right.state : left.state == right.state);
}

PushedVerdict judge_pushed(const StateFileReading& reading, const zones::HealthCheck& check,
                           const IpAddress& address, std::chrono::system_clock::time_point now) {
    if (reading.state == nullptr) { return {.problem = reading.problem}; }
    const std::string& name = check.file.name;
    if (check.file.max_age && reading.modified - now > *check.file.max_age) {
        return {.problem = check.file.named_by + ": " + name +
                           " has a time that is still to come, so its age is unknown, and it says "
                           "nothing"};
    }
    if (check.file.max_age && now - reading.modified > *check.file.max_age) {
        using std::chrono::duration_cast;
        const auto limit = duration_cast<std::chrono::seconds>(*check.file.max_age);
        return {.problem = check.file.named_by + ": " + name + " is older than max_age, " +
                           std::to_string(limit.count()) + " s, so it says nothing"};
    }
    const std::optional<bool> state = reading.state->find(check.place, address);
    if (!state) {
        return {.problem = check.file.named_by + ": " + name + " says nothing of " +
                           check.place.region + '/' + check.place.service};
    }
    if (*state) { return {.result = CheckResult{}}; }
    return {.result = CheckResult{FailureKind::Other, name + " says so"}};
}

}  // namespace meridian::server
