// Finds the nearest spelling and writes keys the way an operator would.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cstdio>

#include "meridian/zones/diagnostic.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kMaxCompared = 64;  // longer words are no typing errors

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

/// How many letters were changed, added, dropped or swapped with their neighbour (the restricted
/// Damerau-Levenshtein distance). Expects both at most kMaxCompared long.
std::size_t edit_distance(std::string_view left, std::string_view right) {
    using Row = std::array<std::size_t, kMaxCompared + 1>;
    Row before_last{};
    Row last{};
    Row row{};
    for (std::size_t j = 0; j <= right.size(); ++j) {
        last[j] = j;
    }
    for (std::size_t i = 1; i <= left.size(); ++i) {
        row[0] = i;
        for (std::size_t j = 1; j <= right.size(); ++j) {
            const bool same = lower(left[i - 1]) == lower(right[j - 1]);
            row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0u : 1u)});
            if (i > 1 && j > 1 && lower(left[i - 1]) == lower(right[j - 2]) &&
                lower(left[i - 2]) == lower(right[j - 1])) {
                row[j] = std::min(row[j], before_last[j - 2] + 1);
            }
        }
        before_last = last;
        last = row;
    }
    return last[right.size()];
}

/// Short words must be nearly right: any two letters are at most two changes from any other two.
std::size_t tolerated_edits(std::size_t length) {
    if (length <= 4) { return 1; }
    return length <= 8 ? 2 : 3;
}

bool is_bare(std::string_view key) {
    return !key.empty() && std::all_of(key.begin(), key.end(), [](char letter) {
        const char folded = lower(letter);
        return (folded >= 'a' && folded <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '-' || letter == '_';
    });
}

/// The one candidate that `text` is short for: "warn" for "warning".
std::string_view only_beginning_with(std::string_view text,
                                     std::span<const std::string_view> candidates) {
    constexpr std::size_t kLeastLetters = 3;  // fewer fit too many candidates
    if (text.size() < kLeastLetters) { return {}; }
    std::string_view only;
    for (const std::string_view candidate : candidates) {
        const bool begins = candidate.size() > text.size() &&
                            std::equal(text.begin(), text.end(), candidate.begin(),
                                       [](char a, char b) { return lower(a) == lower(b); });
        if (!begins) { continue; }
        if (!only.empty()) { return {}; }
        only = candidate;
    }
    return only;
}

}  // namespace

std::string_view nearest_spelling(std::string_view text,
                                  std::span<const std::string_view> candidates) {
    if (text.size() > kMaxCompared) { return {}; }
    std::string_view best;
    std::size_t best_distance = tolerated_edits(text.size()) + 1;
    for (const std::string_view candidate : candidates) {
        const std::size_t longer = std::max(candidate.size(), text.size());
        const std::size_t shorter = std::min(candidate.size(), text.size());
        if (longer > kMaxCompared || longer - shorter >= best_distance) { continue; }
        const std::size_t distance = edit_distance(text, candidate);
        // If all letters of a word would change, it was not meant.
        if (distance < best_distance && distance < longer) {
            best_distance = distance;
            best = candidate;
        }
    }
    return best.empty() ? only_beginning_with(text, candidates) : best;
}

std::string quoted(std::string_view text) {
    std::string result = "\"";
    for (const char letter : text) {
        if (letter == '"' || letter == '\\') {
            result += '\\';
            result += letter;
        } else if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f) {
            char escape[8];
            std::snprintf(escape, sizeof escape, "\\u%04X",
                          static_cast<unsigned>(static_cast<unsigned char>(letter)));
            result += escape;
        } else {
            result += letter;
        }
    }
    return result + '"';
}

std::string quoted_list(std::span<const std::string_view> texts, std::size_t limit) {
    std::string result;
    for (std::size_t i = 0; i < texts.size(); ++i) {
        if (i > 0) { result += ", "; }
        if (i == limit) { return result + "..."; }
        result += quoted(texts[i]);
    }
    return result;
}

std::string did_you_mean(std::string_view text, std::span<const std::string_view> candidates) {
    const std::string_view nearest = nearest_spelling(text, candidates);
    return nearest.empty() ? "" : "did you mean " + quoted(nearest) + "? ";
}

std::string spelling_hint(std::string_view text, std::string_view label,
                          std::span<const std::string_view> candidates) {
    return did_you_mean(text, candidates) + std::string(label) + ": " + quoted_list(candidates);
}

std::string key_path(std::string_view parent, std::string_view key) {
    std::string result(parent);
    if (!result.empty()) { result += '.'; }
    return result += is_bare(key) ? std::string(key) : quoted(key);
}

}  // namespace meridian::zones
