// Recognises names that were meant to be something else.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/model/mistaken_names.h"

#include <algorithm>
#include <array>
#include <span>
#include <string_view>
#include <vector>

#include "meridian/ip_address.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kIpv4Labels = 4;

std::vector<std::string> labels_of(const dns::Name& name) {
    std::vector<std::string> labels;
    std::span<const std::uint8_t> rest = name.wire();
    while (rest[0] != 0) {
        const auto label = rest.subspan(1, rest[0]);
        labels.emplace_back(label.begin(), label.end());
        rest = rest.subspan(1 + label.size());
    }
    return labels;
}

bool is_below(const dns::Name& name, std::string_view ancestor) {
    return name.is_at_or_below(dns::Name::parse_absolute(ancestor).value());
}

}  // namespace

std::optional<std::string> address_named_by(const dns::Name& name, const dns::Name& apex) {
    if (is_below(name, "in-addr.arpa.")) { return {}; }
    const std::vector<std::string> labels = labels_of(name);
    const std::size_t own = name.is_at_or_below(apex) ? labels.size() - apex.label_count() : 0;
    const auto stands_alone = [&](std::size_t count) {
        return labels.size() == count || own >= count;
    };
    if (!labels.empty() && stands_alone(1)) {
        const auto address = IpAddress::parse(labels[0]);
        if (address && !address->is_v4()) { return labels[0]; }
    }
    if (labels.size() < kIpv4Labels || !stands_alone(kIpv4Labels)) { return {}; }
    std::string text = labels[0];
    for (std::size_t i = 1; i < kIpv4Labels; ++i) {
        text += "." + labels[i];
    }
    return IpAddress::parse(text) ? std::optional(text) : std::nullopt;
}

bool is_below_root(const dns::Name& name, const dns::Name& apex) {
    constexpr std::array<std::string_view, 5> kMeant{"localhost.", "invalid.", "local.", "test.",
                                                     "onion."};  // RFC 6761, 6762, 7686
    if (name.label_count() != 1 || apex.label_count() < 2) { return false; }
    return std::ranges::find(kMeant, name.lower_cased().to_text()) == kMeant.end();
}

std::string below(const dns::Name& name, const dns::Name& apex) {
    return name.to_text() + apex.to_text();
}

bool seems_absolute(const dns::Name& name, const dns::Name& apex) {
    constexpr std::array<std::string_view, 7> kEndings{"com", "net", "org", "edu",
                                                       "gov", "mil", "biz"};
    if (!name.is_at_or_below(apex)) { return false; }
    const std::vector<std::string> labels = labels_of(name.lower_cased());
    const std::size_t own = labels.size() - apex.label_count();
    return own >= 2 && std::ranges::find(kEndings, labels[own - 1]) != kEndings.end();
}

bool repeats_apex(const dns::Name& name, const dns::Name& apex) {
    if (apex.label_count() < 2) { return false; }  // "net.example" below "net" may well be meant
    if (name == apex || !name.is_at_or_below(apex)) { return false; }
    const auto before = name.wire().first(name.octets() - apex.octets());
    std::vector<std::uint8_t> relative(before.begin(), before.end());
    relative.push_back(0);
    return dns::Name::from_wire(relative)->is_at_or_below(apex);
}

bool is_reverse_zone(const dns::Name& apex) {
    return is_below(apex, "in-addr.arpa.") || is_below(apex, "ip6.arpa.");
}

}  // namespace meridian::zones
