// Cuts the text of RDATA into words.
//
// SPDX-License-Identifier: Apache-2.0
#include "dns/wire/rdata_token.h"

#include <array>
#include <cstdio>
#include <utility>

#include "dns/wire/name_text.h"
#include "dns/wire/rdata_faults.h"

namespace meridian::dns {
namespace {

constexpr std::size_t kMaxExcerptOctets = 40;  // enough to find the place

/// One pass over the text; each method leaves `position` behind what it read.
struct Tokenizer {
    std::string_view text;
    bool quotes_part_words = false;
    std::size_t position = 0;

    /// From the opening quote to behind the closing one.
    Refusal skip_quoted() {
        const std::size_t start = position++;
        while (position < text.size() && text[position] != '"') {
            if (is_control(text[position]) && text[position] != '\t') {
                return refused(faults::kControlInData, position);
            }
            position += text[position] == '\\' ? 2u : 1u;
        }
        if (position >= text.size()) { return refused(faults::kQuoteUnended, start); }
        ++position;
        if (position < text.size() && !is_space(text[position]) && !quotes_part_words) {
            return refused(faults::kSpaceAfterQuote, position);
        }
        return std::nullopt;
    }

    Refusal skip_word(bool is_parameter) {
        const std::size_t start = position;
        while (position < text.size() && !is_space(text[position])) {
            const char c = text[position];
            if (is_control(c)) { return refused(faults::kControlInData, position); }
            if (c == '"') {
                if (quotes_part_words) { return std::nullopt; }
                // Of several "=" the first ends the key (RFC 9460 §2.1).
                const bool after_equals = text.find('=', start) + 1 == position;
                if (is_parameter && after_equals) { return skip_quoted(); }
                return refused(faults::kQuoteInWord, position);
            }
            if (c == '(' || c == ')') { return refused(faults::kParenthesesInData, position); }
            if (c == ';' && !is_last_word(start)) {
                return refused(faults::kCommentInData, position);
            }
            position += c == '\\' ? 2u : 1u;
        }
        if (position > text.size()) { return refused(faults::kBackslashAtEnd, text.size() - 1); }
        return std::nullopt;
    }

    /// Whether the one character at `start` is a word and only spaces follow.
    [[nodiscard]] bool is_last_word(std::size_t start) const {
        return text[start] == ';' && text.find_first_not_of(" \t\r\n", start + 1) == text.npos;
    }
};

}  // namespace

Result<std::vector<Token>, RdataError> tokenize(std::string_view text, std::size_t first_parameter,
                                                bool quotes_part_words) {
    Tokenizer tokenizer{text, quotes_part_words};
    std::vector<Token> tokens;
    while (true) {
        while (tokenizer.position < text.size() && is_space(text[tokenizer.position])) {
            ++tokenizer.position;
        }
        const std::size_t start = tokenizer.position;
        if (start == text.size()) { return tokens; }
        const bool quoted = text[start] == '"';
        if (auto refusal = quoted ? tokenizer.skip_quoted()
                                  : tokenizer.skip_word(tokens.size() >= first_parameter)) {
            return Failure{std::move(*refusal)};
        }
        const std::size_t octets = tokenizer.position - start;
        tokens.push_back(quoted ? Token{text.substr(start + 1, octets - 2), start, true}
                                : Token{text.substr(start, octets), start, false});
    }
}

const Token* first_adjoining(std::span<const Token> tokens) {
    for (std::size_t i = 1; i < tokens.size(); ++i) {
        const Token& before = tokens[i - 1];
        const std::size_t quotes = before.quoted ? 2 : 0;
        if (before.column + before.text.size() + quotes == tokens[i].column) { return &tokens[i]; }
    }
    return nullptr;
}

Result<std::string, RdataError> unescape(std::string_view text, std::size_t column) {
    std::string plain;
    plain.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            plain += text[i];
            continue;
        }
        const std::string_view rest = text.substr(i + 1);
        if (rest.empty()) { return Failure{refused(faults::kBackslashAtEnd, column + i)}; }
        if (!is_digit(rest[0])) {
            plain += rest[0];
            ++i;
            continue;
        }
        const bool three = rest.size() >= 3 && is_digit(rest[1]) && is_digit(rest[2]);
        const int octet =
            three ? (rest[0] - '0') * 100 + (rest[1] - '0') * 10 + (rest[2] - '0') : 256;
        if (octet > 255) { return Failure{refused(faults::kEscapeNotDecimal, column + i)}; }
        plain += static_cast<char>(octet);
        i += 3;
    }
    return plain;
}

Result<Token, RdataError> TokenCursor::take_word(std::string_view name) {
    if (at_end()) { return Failure{refused(faults::kFieldMissing, column(), {name})}; }
    const Token token = take();
    if (token.quoted) { return Failure{refused(faults::kFieldQuoted, token.column, {name})}; }
    return token;
}

std::string quoted_excerpt(std::string_view text) {
    std::string quoted = "\"";
    for (const char c : text.substr(0, kMaxExcerptOctets)) {
        if (!is_control(c)) {
            quoted += c;
            continue;
        }
        std::array<char, 5> escaped{};
        std::snprintf(escaped.data(), escaped.size(), "\\%03u",
                      static_cast<unsigned>(static_cast<unsigned char>(c)));
        quoted += escaped.data();
    }
    return quoted + (text.size() > kMaxExcerptOctets ? "...\"" : "\"");
}

}  // namespace meridian::dns
