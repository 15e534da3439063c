// Reads how this server checks addresses: [health] of meridian.toml.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/check_settings.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "meridian/zones/model/health.h"
#include "server/probing/tls_context.h"
#include "server/runtime/listen_address.h"
#include "server/runtime/settings_diagnostics.h"

namespace meridian::server {

namespace {

using zones::TomlTable;
using zones::TomlValue;

/// What is wrong with one of the texts of a command, and is reported.
bool is_sound_argument(const TomlValue& value, const std::string& text, const std::string& key,
                       std::span<const std::string_view> placeholders, zones::Findings& findings) {
    const bool is_line = std::ranges::none_of(text, [](char letter) {
        return static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f;
    });
    if (!is_line || text.size() > kMaxCommandTextOctets) {
        findings.report(diagnostics::kNoArgument, value.span.at, key,
                        {std::to_string(kMaxCommandTextOctets)});
        return false;
    }
    for (const std::string_view word : braced_words(text)) {
        if (std::ranges::find(placeholders, word) != placeholders.end()) { continue; }
        findings.report(diagnostics::kNoPlaceholder, value.span.at, key,
                        {zones::quoted("{" + std::string(word) + "}"),
                         zones::spelling_hint(word, "placeholders", placeholders)});
        return false;
    }
    return true;
}

/// A path and its arguments; empty after a report.
CommandLine read_command_line(const zones::TomlEntry& entry, const std::string& key,
                              std::span<const std::string_view> placeholders,
                              zones::Findings& findings) {
    CommandLine line;
    std::vector<const TomlValue*> values{&entry.value};
    if (const auto* array = entry.value.get<zones::TomlArray>()) {
        values.clear();
        for (const TomlValue& item : array->items) {
            values.push_back(&item);
        }
    }
    if (values.size() > kMaxCommandArguments) {
        findings.report(diagnostics::kTooManyArguments, entry.value.span.at, key,
                        {std::to_string(values.size()), std::to_string(kMaxCommandArguments)});
        return {};
    }
    for (const TomlValue* value : values) {
        const auto* text = value->get<std::string>();
        if (text == nullptr) { return {}; }  // reported by check_keys
        if (!is_sound_argument(*value, *text, key, placeholders, findings)) { return {}; }
        const bool is_path = text->starts_with('/') && braced_words(*text).empty();
        if (line.empty() && !is_path) {
            findings.report(diagnostics::kNoCommand, value->span.at, key, {zones::quoted(*text)});
            return {};
        }
        line.push_back(*text);
    }
    return line;  // an empty list was reported by check_keys
}

class Reader {
public:
    Reader(const TomlTable& health, zones::Findings& findings)
        : health_(health), findings_(findings) {}

    CheckSettings read() {
        for (const TomlValue* value : health_.list("source")) {
            if (const auto* text = value->get<std::string>()) { read_source(*value, *text); }
        }
        read_user_agent();
        read_self_tests();
        if (const zones::TomlEntry* on_change = health_.find("on_change")) {
            const auto known = std::span(kPlaceholders).subspan(1);  // no address
            settings_.on_change =
                read_command_line(*on_change, "health.on_change", known, findings_);
        }
        read_families();
        if (const auto max_probes = health_.integer("max_probes")) {
            settings_.max_probes = static_cast<std::uint32_t>(*max_probes);
        }
        return std::move(settings_);
    }

private:
    void report(const zones::DiagnosticKind& kind, const TomlValue& value, std::string_view key,
                std::initializer_list<std::string_view> values) {
        findings_.report(kind, value.span.at, zones::key_path("health", key), values);
    }

    void read_source(const TomlValue& value, const std::string& text) {
        const auto address = IpAddress::parse(text);
        if (!address) {
            return report(diagnostics::kNoSource, value, "source", {zones::quoted(text)});
        }
        const std::string_view why = zones::why_not_probed(*address);
        if (!why.empty()) {  // nothing comes back to it from elsewhere
            return report(diagnostics::kUnusableSource, value, "source",
                          {zones::quoted(text), why});
        }
        auto& source = address->is_v4() ? settings_.source_v4 : settings_.source_v6;
        if (source) {
            return report(diagnostics::kSourceTwice, value, "source",
                          {zones::quoted(source->to_string()), zones::quoted(text)});
        }
        source = address;
    }

    void read_user_agent() {
        const std::string* text = health_.text("user_agent");
        if (text == nullptr) { return; }
        const auto is_plain = [](char letter) { return letter >= ' ' && letter <= '~'; };
        if (text->empty() || text->size() > kMaxUserAgentOctets ||
            !std::ranges::all_of(*text, is_plain)) {
            return report(diagnostics::kNoUserAgent, health_.find("user_agent")->value,
                          "user_agent", {std::to_string(kMaxUserAgentOctets)});
        }
        settings_.user_agent = *text;
    }

    void read_self_tests() {
        const auto values = health_.list("self_test");
        if (values.size() > kMaxSelfTests) {
            return report(diagnostics::kTooManySelfTests, *values.front(), "self_test",
                          {std::to_string(values.size()), std::to_string(kMaxSelfTests)});
        }
        for (const TomlValue* value : values) {
            if (const auto* text = value->get<std::string>()) { add_self_test(*value, *text); }
        }
    }

    void add_self_test(const TomlValue& value, const std::string& text) {
        const auto endpoint = parse_endpoint(text);
        if (!endpoint) {
            return report(diagnostics::kNoEndpoint, value, "self_test", {zones::quoted(text)});
        }
        const std::string_view why = zones::why_not_probed(endpoint->address);
        if (!why.empty()) {
            return report(diagnostics::kUnusableSelfTest, value, "self_test",
                          {zones::quoted(text), why});
        }
        if (std::ranges::find(settings_.self_tests, *endpoint) != settings_.self_tests.end()) {
            return report(diagnostics::kEndpointTwice, value, "self_test", {zones::quoted(text)});
        }
        settings_.self_tests.push_back(*endpoint);
    }

    void read_families() {
        FamilySet families{};
        for (const TomlValue* value : health_.list("families")) {
            const auto* text = value->get<std::string>();
            if (text == nullptr) { continue; }
            constexpr std::array<std::string_view, 2> kNames{"ipv4", "ipv6"};
            const auto* const name = std::ranges::find(kNames, *text);
            if (name == kNames.end()) {
                return report(diagnostics::kNoFamily, *value, "families", {zones::quoted(*text)});
            }
            bool& is_reached = families.at(static_cast<std::size_t>(name - kNames.begin()));
            if (is_reached) {
                return report(diagnostics::kFamilyTwice, *value, "families",
                              {zones::quoted(*text)});
            }
            is_reached = true;
        }
        if (families[0] || families[1]) { settings_.families = families; }
    }

    const TomlTable& health_;
    zones::Findings& findings_;
    CheckSettings settings_;
};

}  // namespace

CheckSettings read_check_settings(const TomlTable& health, zones::Findings& findings) {
    return Reader(health, findings).read();
}

std::vector<DeclaredCommand> read_commands(const TomlTable& commands, zones::Findings& findings) {
    std::vector<DeclaredCommand> declared;
    const auto known = std::span(kPlaceholders).first(kCheckPlaceholders);
    for (const zones::TomlEntry& entry : commands.entries()) {
        const auto* table = entry.value.get<TomlTable>();
        const zones::TomlEntry* run = table == nullptr ? nullptr : table->find("run");
        if (run == nullptr) { continue; }  // reported by check_keys
        if (declared.size() == kMaxCommands) {
            findings.report(diagnostics::kTooManyDeclared, entry.key_span.at, "commands",
                            {std::to_string(kMaxCommands)});
            break;
        }
        const std::string key = zones::key_path(zones::key_path("commands", entry.key), run->key);
        declared.push_back({entry.key, read_command_line(*run, key, known, findings)});
    }
    return declared;
}

zones::CommandNames command_names(const CheckSettings& settings) {
    zones::CommandNames names;
    for (const DeclaredCommand& command : settings.commands) {
        names.push_back(command.name);
    }
    return names;
}

std::vector<CommandLine> lines_of_commands(const CheckSettings& settings) {
    std::vector<CommandLine> lines;
    for (const DeclaredCommand& command : settings.commands) {
        lines.push_back(command.line);
    }
    if (!settings.on_change.empty()) { lines.push_back(settings.on_change); }
    return lines;
}

ProbeSettings probe_settings(const CheckSettings& settings, std::string& problem) {
    ProbeSettings result{.user_agent = settings.user_agent,
                         .source_v4 = settings.source_v4,
                         .source_v6 = settings.source_v6,
                         .command_names = command_names(settings)};
    auto tls = TlsContext::make();
    if (tls) {
        result.tls = std::move(tls).value();
    } else {
        problem =
            "https and tls checks give no results, since OpenSSL does not start: " + tls.error();
    }
    return result;
}

}  // namespace meridian::server
