// Plays scenarios in process: through the reader, the compiler and the one function that answers.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/scenario_runner.h"

#include <algorithm>
#include <fstream>
#include <set>
#include <span>
#include <sstream>
#include <stdexcept>

#include "meridian/dns/transport/handler.h"
#include "meridian/geo/mmdb_reader.h"
#include "meridian/zones/compiler.h"
#include "meridian/zones/zone_reader.h"
#include "tests/support/query_builder.h"

namespace meridian::tests {
namespace {

using Octets = std::vector<std::uint8_t>;

constexpr std::uint16_t kClientSubnetOption = 8;  // RFC 7871 §6
constexpr int kRotationTries = 200;               // a record of four stays away once in 10^25

std::string text_of(const std::string& path) {
    std::ifstream stream(path);
    std::ostringstream text;
    text << stream.rdbuf();
    if (!stream) { throw std::runtime_error(path + ": cannot be read"); }
    return text.str();
}

void load_zones(const std::string& folder, const std::string& file, zones::CompileInput& input) {
    const zones::LibraryReader read_library = [&](const std::string& path) {
        return Result<std::shared_ptr<const zones::Library>, std::string>(
            zones::read_library(path, text_of(folder + path)));
    };
    zones::ZoneReading reading =
        zones::read_zone({folder + file, text_of(folder + file), 1, {}, read_library});
    if (reading.zones.empty() || zones::has_errors(reading.diagnostics)) {
        std::string words;
        for (const auto& diagnostic : reading.diagnostics) {
            words += zones::to_text(diagnostic, false);
        }
        throw std::runtime_error(words);
    }
    for (zones::Zone& zone : reading.zones) {
        input.zones.push_back(std::make_shared<const zones::Zone>(std::move(zone)));
    }
}

std::shared_ptr<const geo::Atlas> load_world(const std::string& path) {
    const std::vector<std::string> paths{path};
    auto atlas = geo::read_mmdb(paths);
    if (!atlas.ok()) { throw std::runtime_error(atlas.error()); }
    return std::make_shared<const geo::Atlas>(std::move(atlas).value());
}

std::vector<std::string> texts(const std::vector<DecodedRecord>& records) {
    std::vector<std::string> lines;
    for (const DecodedRecord& record : records) {
        lines.push_back(record.text());
    }
    return lines;
}

std::string listed(const std::vector<std::string>& lines) {
    std::string text = lines.empty() ? "\n        nothing" : "";
    for (const std::string& line : lines) {
        text += "\n        " + line;
    }
    return text;
}

/// Sections are sets: the order of records in them means nothing.
bool matches(const ExpectedSection& expected, std::vector<std::string> found) {
    std::vector<std::string> wanted = expected.records;
    std::sort(wanted.begin(), wanted.end());
    std::sort(found.begin(), found.end());
    if (!expected.take) { return found == wanted; }
    return found.size() == *expected.take &&
           std::adjacent_find(found.begin(), found.end()) == found.end() &&
           std::includes(wanted.begin(), wanted.end(), found.begin(), found.end());
}

class Comparison {
public:
    Comparison(const Exchange& exchange, std::vector<std::string>& complaints)
        : exchange_(exchange), complaints_(complaints) {}

    template <typename T>
    void same(const std::string& what, const T& expected, const T& found) {
        if (expected == found) { return; }
        std::ostringstream text;
        text << what << ": expected " << expected << ", found " << found;
        complain(text.str());
    }
    void section(const std::string& name, const ExpectedSection& expected,
                 const std::vector<DecodedRecord>& found) {
        if (matches(expected, texts(found))) { return; }
        complain(name + ": expected" +
                 (expected.take ? " " + std::to_string(*expected.take) + " of" : "") +
                 listed(expected.records) + "\n    found" + listed(texts(found)));
    }
    void complain(const std::string& what) {
        complaints_.push_back("line " + std::to_string(exchange_.line) + ": " + what);
    }

private:
    const Exchange& exchange_;
    std::vector<std::string>& complaints_;
};

/// FAMILY, SOURCE and ADDRESS come back as sent; what is left is SCOPE (RFC 7871 §7.2.1).
void compare_client_subnet(const Exchange& exchange, const DecodedEdns& edns,
                           Comparison& comparison) {
    const Octets* sent = nullptr;
    const std::vector<std::pair<std::uint16_t, Octets>> options = query_options(exchange);
    for (const auto& [code, value] : options) {
        if (code == kClientSubnetOption && sent == nullptr) { sent = &value; }
    }
    std::string found = "none";
    for (const auto& [code, value] : edns.options) {
        if (code != kClientSubnetOption) {
            comparison.complain("an option that the query lacks: " + std::to_string(code));
            continue;
        }
        if (value.size() < 4) {
            comparison.complain("a client subnet cut short");
            continue;
        }
        found = std::to_string(value[3]);
        Octets echo = value;
        echo[3] = 0;
        if (sent == nullptr || echo != *sent) {
            comparison.complain("the client subnet does not come back as it was sent");
        }
    }
    const auto& scope = exchange.expected.scope_bits;
    comparison.same("scope", scope ? std::to_string(*scope) : std::string("none"), found);
}

void compare(const Exchange& exchange, const Octets& query, const Octets& reply,
             std::vector<std::string>& complaints) {
    const DecodedMessage message = decode_message(reply);
    const DecodedMessage question = decode_message(query);
    const Expectation& expected = exchange.expected;
    Comparison comparison(exchange, complaints);
    comparison.same("rcode", expected.rcode, rcode_name(message.rcode));
    comparison.same("aa", expected.authoritative, message.authoritative);
    comparison.same("tc", expected.truncated, message.truncated);
    comparison.same("qr", true, message.is_response);
    comparison.same("ra", false, message.recursion_available);
    comparison.same("rd", question.recursion_desired, message.recursion_desired);
    comparison.same("z, ad, cd", false, message.reserved_bits);
    comparison.same("id", question.id, message.id);
    comparison.same("the question comes back octet by octet", true,
                    question.question == message.question);
    comparison.section("answer", expected.answer, message.answer);
    comparison.section("authority", expected.authority, message.authority);
    comparison.section("additional", expected.additional, message.additional);

    const ScenarioQuery& asked = exchange.query;
    comparison.same("OPT", asked.with_edns, message.edns.present);
    comparison.same("the version in OPT", 0U, unsigned{message.edns.version});
    comparison.same("do", asked.with_edns && asked.dnssec_ok, message.edns.dnssec_ok);
    compare_client_subnet(exchange, message.edns, comparison);
    const std::size_t limit = asked.over_tcp ? 65535
                              : !asked.with_edns
                                  ? 512
                                  : std::clamp<std::size_t>(asked.udp_octets, 512, 1232);
    comparison.same("fits into what the client takes", true, reply.size() <= limit);
}

}  // namespace

ScenarioRunner::ScenarioRunner(const ScenarioFile& file, const std::string& folder,
                               const std::string& worlds) {
    zones::CompileInput input;
    for (const std::string& zone : file.zones) {
        load_zones(folder + "/zones/", zone, input);
    }
    input.atlas = load_world(worlds + "/" + file.world + ".mmdb");
    auto compiled = zones::compile(input);
    if (!compiled.ok()) {
        std::string words;
        for (const auto& diagnostic : compiled.error()) {
            words += zones::to_text(diagnostic, false);
        }
        throw std::runtime_error(words);
    }
    serving_.emplace(std::move(compiled).value());
}

Octets ScenarioRunner::ask(const Exchange& exchange, Octets query) {
    const std::size_t query_octets = query.size();
    query.resize(exchange.query.over_tcp ? 65535 : 4096, 0xee);
    dns::Request request;
    request.buffer = query;
    request.query_octets = query_octets;
    const auto loopback = IpAddress::v4(0x7f000001);
    request.peer = {exchange.client.address.value_or(loopback), 40000};
    request.over_stream = exchange.query.over_tcp;
    zones::answer(*serving_, {}, {&request, 1}, state_);
    query.resize(request.reply_octets);
    return query;
}

void ScenarioRunner::play(const Exchange& exchange, std::vector<std::string>& complaints) {
    const Octets query = build_query(exchange);
    const ExpectedSection& answer = exchange.expected.answer;
    std::set<std::string> came_first;
    for (int i = 0; i < (answer.rotates ? kRotationTries : 1); ++i) {
        const Octets reply = ask(exchange, query);
        if (reply.empty()) {
            complaints.push_back("line " + std::to_string(exchange.line) + ": silence");
            return;
        }
        compare(exchange, query, reply, complaints);
        if (!complaints.empty()) { return; }
        const DecodedMessage message = decode_message(reply);
        if (!message.answer.empty()) { came_first.insert(message.answer[0].text()); }
    }
    if (answer.rotates && came_first.size() != answer.records.size()) {
        complaints.push_back("line " + std::to_string(exchange.line) + ": only " +
                             std::to_string(came_first.size()) + " records ever come first");
    }
}

std::vector<std::string> ScenarioRunner::play(const Scenario& scenario) {
    std::vector<std::string> complaints;
    for (const Exchange& exchange : scenario.exchanges) {
        play(exchange, complaints);
    }
    return complaints;
}

}  // namespace meridian::tests
