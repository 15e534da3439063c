// Cuts the text of RDATA into words.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/dns/rdata.h"

namespace meridian::dns {

/// Why a text was refused; none when it was not.
using Refusal = std::optional<RdataError>;

/// One word of the text, its escapes not resolved.
struct Token {
    std::string_view text;   ///< Without its quotes.
    std::size_t column = 0;  ///< Where it begins, opening quote included.
    bool quoted = false;
};

/// What parts two words.
constexpr bool is_space(char c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

constexpr bool is_control(char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet < 0x20 || octet == 0x7f;
}

inline constexpr std::size_t kNoParameters = static_cast<std::size_t>(-1);

/// Splits at spaces outside of quotes. A `;` outside of quotes must be escaped unless it is the
/// last word (`0 issue ;`): a master file would begin a comment there, so text with two readings is
/// refused. So are parentheses, control characters, and quotes that do not end or stand inside a
/// word; but from the word numbered `first_parameter` on, `key="value"` is one word, as SvcParams
/// want (RFC 9460 §2.1).
///
/// With `quotes_part_words` each quoted string is a word even without spaces around it, as BIND and
/// NSD read TXT: `a"b"c` is three words.
Result<std::vector<Token>, RdataError> tokenize(std::string_view text,
                                                std::size_t first_parameter = kNoParameters,
                                                bool quotes_part_words = false);

/// The first token that begins right behind the one before; null where spaces separate them all.
const Token* first_adjoining(std::span<const Token> tokens);

/// Resolves `\DDD` and `\X` (RFC 1035 §5.1). `column` is where `text` begins.
Result<std::string, RdataError> unescape(std::string_view text, std::size_t column);

/// Hands out tokens in order.
class TokenCursor {
public:
    /// Both outlive the cursor.
    TokenCursor(std::span<const Token> tokens, std::string_view text)
        : tokens_(tokens), text_(text) {}

    [[nodiscard]] bool at_end() const { return position_ == tokens_.size(); }
    /// Where the next token begins, or the end of the text behind the last one.
    [[nodiscard]] std::size_t column() const {
        return at_end() ? text_.size() : tokens_[position_].column;
    }
    /// Expects not to be at the end.
    [[nodiscard]] const Token& peek() const { return tokens_[position_]; }
    const Token& take() { return tokens_[position_++]; }

    /// What is odd about the tokens, yet no reason to refuse them.
    void warn(RdataError warning) { warnings_.push_back(std::move(warning)); }
    [[nodiscard]] RdataWarnings take_warnings() { return std::move(warnings_); }

    /// The next token. Fails if there is none, or if it has quotes.
    Result<Token, RdataError> take_word(std::string_view name);

private:
    std::span<const Token> tokens_;
    std::string_view text_;
    std::size_t position_ = 0;
    RdataWarnings warnings_;
};

/// The text in quotes for a diagnostic: cut when it is long, unprintable characters escaped.
std::string quoted_excerpt(std::string_view text);

}  // namespace meridian::dns
