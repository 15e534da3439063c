// Describes the commands that settings declare, and what becomes of one that is run.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/command.h"

#include <algorithm>

namespace meridian::server {

namespace {

/// The next word in braces from `at` on, without them, and the octet behind it; empty: none.
struct Braced {
    std::string_view word;
    std::size_t begin = 0;
    std::size_t end = 0;
};

Braced next_braced(std::string_view text, std::size_t at) {
    for (; (at = text.find('{', at)) != std::string_view::npos; ++at) {
        const std::size_t end = text.find('}', at);
        if (end == std::string_view::npos) { break; }
        const std::string_view word = text.substr(at + 1, end - at - 1);
        const bool is_word = !word.empty() && std::ranges::all_of(word, [](char letter) {
            return (letter >= 'a' && letter <= 'z') || letter == '_';
        });
        if (is_word) { return {word, at, end + 1}; }
    }
    return {};
}

}  // namespace

std::vector<std::string_view> braced_words(std::string_view argument) {
    std::vector<std::string_view> words;
    for (Braced braced = next_braced(argument, 0); !braced.word.empty();
         braced = next_braced(argument, braced.end)) {
        words.push_back(braced.word);
    }
    return words;
}

CommandLine with_values(const CommandLine& command, const CommandValues& values) {
    CommandLine line;
    for (const std::string& argument : command) {
        std::string& filled = line.emplace_back();
        std::size_t done = 0;
        for (Braced braced = next_braced(argument, 0); !braced.word.empty();
             braced = next_braced(argument, braced.end)) {
            const auto* const known = std::ranges::find(kPlaceholders, braced.word);
            if (known == kPlaceholders.end()) { continue; }
            filled += argument.substr(done, braced.begin - done);
            filled += values.at(static_cast<std::size_t>(known - kPlaceholders.begin()));
            done = braced.end;
        }
        filled += argument.substr(done);
    }
    return line;
}

}  // namespace meridian::server
