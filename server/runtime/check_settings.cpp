// Reads how this server checks addresses: [health] of meridian.toml.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/check_settings.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "meridian/zones/model/health.h"
#include "server/probing/tls_context.h"
#include "server/runtime/listen_address.h"
#include "server/runtime/settings_diagnostics.h"

namespace meridian::server {

namespace {

using zones::TomlTable;
using zones::TomlValue;

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
        const zones::TomlEntry* entry = health_.find("families");
        if (entry == nullptr) { return; }
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
        if (!families[0] && !families[1]) {
            return report(diagnostics::kNoFamilies, entry->value, "families", {});
        }
        settings_.families = families;
    }

    const TomlTable& health_;
    zones::Findings& findings_;
    CheckSettings settings_;
};

}  // namespace

CheckSettings read_check_settings(const TomlTable& health, zones::Findings& findings) {
    return Reader(health, findings).read();
}

ProbeSettings probe_settings(const CheckSettings& settings, std::string& problem) {
    ProbeSettings result{.user_agent = settings.user_agent,
                         .source_v4 = settings.source_v4,
                         .source_v6 = settings.source_v6};
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
