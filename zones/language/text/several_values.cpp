// Recognises several values that were written into one string.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/text/several_values.h"

#include <algorithm>

#include "zones/language/text/blanks.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kMostValues = 64;  // so many are no slip, and too many for a hint

std::vector<std::string> values_in(std::string_view text, std::string_view separators) {
    std::vector<std::string> values;
    while (!text.empty() && values.size() <= kMostValues) {
        const std::size_t end = std::min(text.find_first_of(separators), text.size());
        std::string_view value = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        value = without_blanks(value);
        if (!value.empty()) { values.emplace_back(value); }
    }
    return values;
}

}  // namespace

std::vector<std::string> several_in(std::string_view text, ValueForm form,
                                    const std::function<bool(const std::string&)>& is_value) {
    std::vector<std::string> values = values_in(text, form == ValueForm::OneWord ? ",; \t" : ",;");
    const bool are_several =
        values.size() >= 2 && values.size() <= kMostValues && std::ranges::all_of(values, is_value);
    if (!are_several) { values.clear(); }
    return values;
}

bool report_several(std::string_view text, ValueForm form,
                    const std::function<bool(const std::string&)>& is_value, TextPosition at,
                    const std::string& key, Findings& findings) {
    const std::vector<std::string> values =
        values_in(text, form == ValueForm::OneWord ? ",; \t" : ",;");
    const bool is_one = values.size() == 1 && (text.ends_with(',') || text.ends_with(';'));
    if ((values.size() < 2 && !is_one) || values.size() > kMostValues) { return false; }
    if (!std::ranges::all_of(values, is_value)) { return false; }
    if (is_one) {
        findings.report(diagnostics::kMarkBehindValue, at, key,
                        {quoted(text.substr(text.size() - 1)), quoted(values.front())});
        return true;
    }
    const std::vector<std::string_view> shown(values.begin(), values.end());
    findings.report(diagnostics::kSeveralInOneString, at, key, {quoted_list(shown, kMostValues)});
    return true;
}

}  // namespace meridian::zones
