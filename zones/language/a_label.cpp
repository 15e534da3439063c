// Turns names in other scripts into the form that the DNS carries.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/a_label.h"

#include <idn2.h>

#include <algorithm>

#include "meridian/limits.h"

namespace meridian::zones {
namespace {

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(),
                       [](char octet) { return static_cast<unsigned char>(octet) < 0x80; });
}

std::optional<std::string> to_a_label(std::string_view label) {
    if (is_ascii(label)) { return std::string(label); }
    const std::string terminated(label);
    char* converted = nullptr;
    const int result =
        idn2_to_ascii_8z(terminated.c_str(), &converted, IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
    if (result != IDN2_OK || converted == nullptr) { return {}; }
    std::string label_text(converted);
    idn2_free(converted);
    return label_text;
}

}  // namespace

std::optional<std::string> to_a_labels(std::string_view name) {
    // Four octets of UTF-8 a character at most; longer ones are no names.
    if (name.size() > 4 * kMaxNameOctets || name.find('\0') != std::string_view::npos) {
        return {};
    }
    std::string result;
    while (true) {
        const std::size_t dot = std::min(name.find('.'), name.size());
        const auto label = to_a_label(name.substr(0, dot));
        if (!label) { return {}; }
        result += *label;
        if (dot == name.size()) { return result; }
        result += '.';
        name.remove_prefix(dot + 1);
    }
}

}  // namespace meridian::zones
