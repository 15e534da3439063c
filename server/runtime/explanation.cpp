// Explains the answer that one client gets, and says where that differs from the files on disk.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/explanation.h"

#include <algorithm>
#include <optional>
#include <string_view>
#include <utility>

#include "meridian/geo/special_addresses.h"
#include "server/state/file_text.h"

namespace meridian::server {

namespace {

// What resolvers send of a client's address (RFC 7871 §11.1).
constexpr std::uint8_t kUsualV4Bits = 24;
constexpr std::uint8_t kUsualV6Bits = 56;

std::optional<IpPrefix> client_subnet_of(const std::string& text) {
    if (text.find('/') != std::string::npos) { return IpPrefix::parse(text); }
    auto address = IpAddress::parse(text);
    if (!address) { return {}; }
    const auto embedded = geo::embedded_v4(*address, address->width());
    if (embedded) { address = embedded->address; }
    const std::uint8_t bits = address->is_v4() ? kUsualV4Bits : kUsualV6Bits;
    return IpPrefix{address->masked(bits), bits};
}

/// Whether one of the files is another than the one that was read.
std::vector<std::string> changed_since(const std::vector<std::string>& files,
                                       const LookDigests& read) {
    std::vector<std::string> changed;
    std::ranges::copy_if(files, std::back_inserter(changed), [&](const std::string& file) {
        return read.is_another(file, file_state_of(file));
    });
    return changed;
}

void report_changed(const std::vector<std::string>& files, const LookDigests& read,
                    std::vector<std::string>& differences) {
    for (const std::string& file : changed_since(files, read)) {
        differences.push_back(file +
                              " has changed since it was read; `meridian reload` reads it again");
    }
}

void report_zone(const ZoneStatus& zone, const SeenFiles& seen,
                 std::vector<std::string>& differences) {
    if (zone.from == ServedFrom::LastGood) {
        differences.push_back("this is how " + zone.name +
                              " was served last, not what its file says: " + zone.error);
    }
    std::vector<std::string> files{zone.file};
    const auto named = seen.named.find(zone.file);
    if (named != seen.named.end()) {
        files.insert(files.end(), named->second.begin(), named->second.end());
    }
    report_changed(files, seen.states, differences);
}

std::vector<std::string> differences_of(const zones::Verdict& verdict, const LoadStatus& load,
                                        const SeenFiles& seen) {
    std::vector<std::string> differences;
    const auto zone = std::ranges::find(load.zones, verdict.zone, &ZoneStatus::name);
    if (zone != load.zones.end()) {
        report_zone(*zone, seen, differences);
    } else {
        for (const FileStatus& file : load.files_with_errors) {
            differences.push_back("what has an error is left out: " + file.error);
        }
    }
    if (verdict.steered && load.database.from == ServedFrom::LastGood) {
        differences.push_back("the geo database is the one that was used last: " +
                              load.database.error);
    }
    if (verdict.steered) { report_changed(load.database.paths, seen.states, differences); }
    return differences;
}

}  // namespace

Result<Question, std::string> read_question(const QuestionText& text) {
    if (text.name.empty()) {
        return Failure{
            std::string("the name to explain is missing; expected one such as "
                        "www.beigel.example")};
    }
    const auto name = dns::Name::parse(text.name, dns::Name());
    if (!name) {
        return Failure{text.name +
                       " is no domain name: " + std::string(dns::describe(name.error()))};
    }
    const auto type = dns::type_from_text(text.type);
    if (!type) { return Failure{text.type + " is no RR type"}; }
    Question question{.asked = {.name = *name, .type = *type, .peer = {}, .client_subnet = {}}};
    if (text.client.empty() && text.resolver.empty()) {
        return Failure{std::string("whose answer? give --client, --resolver or both")};
    }
    if (!text.client.empty()) {
        question.asked.client_subnet = client_subnet_of(text.client);
        if (!question.asked.client_subnet) {
            return Failure{"--client " + text.client +
                           " is no address, and no prefix whose bits beyond its length are zero"};
        }
        question.asked.peer = question.asked.client_subnet->address;
        question.resolver_is_assumed = true;
    }
    if (!text.resolver.empty()) {
        const auto resolver = IpAddress::parse(text.resolver);
        if (!resolver) { return Failure{"--resolver " + text.resolver + " is no address"}; }
        question.asked.peer = *resolver;
        question.resolver_is_assumed = false;
    }
    return question;
}

Explanation explain_answer(const zones::Serving& serving, const Question& question,
                           const LoadStatus& load, const SeenFiles& seen, std::int64_t now) {
    const zones::BatchContext context{.now = static_cast<std::uint32_t>(now)};
    Explanation explanation{.name = question.asked.name.to_text(),
                            .type = dns::type_to_text(question.asked.type),
                            .resolver = question.asked.peer.to_string(),
                            .resolver_is_assumed = question.resolver_is_assumed,
                            .verdict = zones::explain(serving, context, question.asked),
                            .database = load.database,
                            .now = now};
    explanation.differences = differences_of(explanation.verdict, load, seen);
    return explanation;
}

}  // namespace meridian::server
