// Reads scenarios: questions and expected answers, in a language for people.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario.h"

#include <fstream>
#include <sstream>
#include <stdexcept>

namespace meridian::tests {
namespace {

/// Words of one line, taken one after another.
class Line {
public:
    Line(std::string place, const std::string& text) : place_(std::move(place)), words_(text) {}

    [[noreturn]] void fail(const std::string& what) const {
        throw std::runtime_error(place_ + ": " + what);
    }
    /// The next word; empty at the end.
    std::string next() {
        std::string word;
        words_ >> word;
        return word;
    }
    std::string need(const std::string& what) {
        const std::string word = next();
        if (word.empty()) { fail(what + " is missing"); }
        return word;
    }
    unsigned number(const std::string& what, unsigned most) {
        const std::string word = need(what);
        if (word.find_first_not_of("0123456789") != word.npos || word.size() > 6 ||
            std::stoul(word) > most) {
            fail(what + " is no number up to " + std::to_string(most) + ": " + word);
        }
        return static_cast<unsigned>(std::stoul(word));
    }
    std::string rest() {
        std::string text;
        std::getline(words_ >> std::ws, text);
        while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) {
            text.pop_back();
        }
        return text;
    }

private:
    std::string place_;
    std::istringstream words_;
};

std::vector<std::uint8_t> octets_of(Line& line, const std::string& digits) {
    if (digits.size() % 2 != 0 || digits.find_first_not_of("0123456789abcdef") != digits.npos) {
        line.fail("not pairs of hexadecimal digits: " + digits);
    }
    std::vector<std::uint8_t> octets;
    for (std::size_t i = 0; i < digits.size(); i += 2) {
        octets.push_back(static_cast<std::uint8_t>(std::stoul(digits.substr(i, 2), nullptr, 16)));
    }
    return octets;
}

/// client [ADDRESS] [ecs PREFIX]
ScenarioClient read_client(Line& line) {
    ScenarioClient client;
    for (std::string word = line.next(); !word.empty(); word = line.next()) {
        if (word == "ecs") {
            client.client_subnet = IpPrefix::parse(line.need("the client subnet"));
            if (!client.client_subnet) { line.fail("not a prefix"); }
        } else {
            client.address = IpAddress::parse(word);
            if (!client.address) { line.fail("not an address: " + word); }
        }
    }
    return client;
}

/// query NAME TYPE [tcp] [no-edns] [do] [size N] [version N] [class NAME] [option CODE [HEX]]
ScenarioQuery read_query_line(Line& line) {
    ScenarioQuery query;
    query.name = line.need("the name");
    query.type = line.need("the type");
    for (std::string word = line.next(); !word.empty(); word = line.next()) {
        if (word == "tcp") {
            query.over_tcp = true;
        } else if (word == "no-edns") {
            query.with_edns = false;
        } else if (word == "do") {
            query.dnssec_ok = true;
        } else if (word == "size") {
            query.udp_octets = static_cast<std::uint16_t>(line.number("the size", 65535));
        } else if (word == "version") {
            query.edns_version = static_cast<std::uint8_t>(line.number("the version", 255));
        } else if (word == "class") {
            query.qclass = line.need("the class");
        } else if (word == "option") {
            const unsigned code = line.number("the option's code", 65535);
            const std::string value = line.need("the option's value, or `empty`");
            query.options.emplace_back(
                code, value == "empty" ? std::vector<std::uint8_t>() : octets_of(line, value));
        } else {
            line.fail("no such part of a query: " + word);
        }
    }
    return query;
}

/// expect RCODE [aa] [tc] [scope N]
Expectation read_expectation(Line& line) {
    Expectation expected;
    expected.rcode = line.need("the response code");
    for (std::string word = line.next(); !word.empty(); word = line.next()) {
        if (word == "aa") {
            expected.authoritative = true;
        } else if (word == "tc") {
            expected.truncated = true;
        } else if (word == "scope") {
            expected.scope_bits = static_cast<std::uint8_t>(line.number("the scope", 128));
        } else {
            line.fail("no such expectation: " + word);
        }
    }
    return expected;
}

/// answer nothing | rotates | N of | OWNER TTL TYPE RDATA
void read_section_line(Line& line, ExpectedSection& section) {
    std::string owner = line.need("a record, or `nothing`");
    if (owner == "nothing") {
        if (!section.records.empty()) { line.fail("`nothing` beside records"); }
        return;
    }
    if (owner == "rotates") {
        section.rotates = true;
        return;
    }
    const std::string ttl = line.need("the TTL");
    if (ttl == "of") {
        section.take = std::stoul(owner);
        return;
    }
    const std::string type = line.need("the type");
    if (owner.back() != '.') { owner += '.'; }
    section.records.push_back(owner + " " + ttl + " " + type + " " + line.rest());
}

/// The file being read: what a line adds to it depends on the lines before.
class Reader {
public:
    explicit Reader(std::string path) { file_.path = std::move(path); }

    void take(const std::string& text, std::size_t number) {
        Line line(file_.path + ":" + std::to_string(number), text);
        const std::string word = line.next();
        if (word.empty() || word[0] == '#') { return; }
        if (file_.scenarios.empty() && take_setting(word, line)) { return; }
        if (word == "scenario") {
            file_.scenarios.push_back({line.rest(), number, {}});
            client_ = {};
            return;
        }
        if (file_.scenarios.empty()) { line.fail("stands before the first scenario: " + word); }
        take_step(word, line, number);
    }

    ScenarioFile finish() && {
        if (file_.world.empty() || file_.zones.empty() || file_.scenarios.empty()) {
            throw std::runtime_error(file_.path + ": needs a world, a zone and a scenario");
        }
        for (const Scenario& scenario : file_.scenarios) {
            if (scenario.exchanges.empty()) {
                throw std::runtime_error(file_.path + ": nothing is asked in: " + scenario.title);
            }
            for (const Exchange& exchange : scenario.exchanges) {
                if (exchange.expected.rcode.empty()) {
                    throw std::runtime_error(file_.path + ":" + std::to_string(exchange.line) +
                                             ": nothing is expected");
                }
            }
        }
        return std::move(file_);
    }

private:
    bool take_setting(const std::string& word, Line& line) {
        if (word == "world") {
            file_.world = line.need("the world's name");
        } else if (word == "zone") {
            file_.zones.push_back(line.need("the zone's file"));
        } else {
            return false;
        }
        return true;
    }

    void take_step(const std::string& word, Line& line, std::size_t number) {
        Scenario& scenario = file_.scenarios.back();
        if (word == "client") {
            client_ = read_client(line);
            return;
        }
        if (word == "query") {
            scenario.exchanges.push_back({number, client_, read_query_line(line), {}});
            return;
        }
        if (scenario.exchanges.empty()) { line.fail("stands before the first query: " + word); }
        Expectation& expected = scenario.exchanges.back().expected;
        if (word == "expect") {
            expected = read_expectation(line);
        } else if (word == "answer") {
            read_section_line(line, expected.answer);
        } else if (word == "authority") {
            read_section_line(line, expected.authority);
        } else if (word == "additional") {
            read_section_line(line, expected.additional);
        } else {
            line.fail("no such word: " + word);
        }
    }

    ScenarioFile file_;
    ScenarioClient client_;
};

}  // namespace

ScenarioFile read_scenarios(const std::string& path) {
    std::ifstream stream(path);
    if (!stream) { throw std::runtime_error(path + ": cannot be read"); }
    Reader reader(path);
    std::string text;
    for (std::size_t number = 1; std::getline(stream, text); ++number) {
        reader.take(text, number);
    }
    return std::move(reader).finish();
}

}  // namespace meridian::tests
