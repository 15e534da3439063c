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
    std::size_t column = 0;  ///< Where it begins, the opening quote counted.
    bool quoted = false;
};

inline constexpr std::size_t kNoParameters = static_cast<std::size_t>(-1);

/// Splits at spaces outside of quotes. An unquoted `;` must be escaped unless it is a word of its
/// own in the last place (`0 issue ;`): in a master file a comment would begin there, so text that
/// reads differently here and there is refused. So are parentheses, control characters and quotes
/// that do not end or stand inside a word; but from the word numbered `first_parameter` on,
/// `key="value"` is one word, as SvcParams want (RFC 9460 §2.1).
Result<std::vector<Token>, RdataError> tokenize(std::string_view text,
                                                std::size_t first_parameter = kNoParameters);

/// Resolves `\DDD` and `\X` (RFC 1035 §5.1). `column` is where `text` begins.
Result<std::string, RdataError> unescape(std::string_view text, std::size_t column);

/// Hands out tokens in order.
class TokenCursor {
public:
    /// Both outlive the cursor.
    TokenCursor(std::span<const Token> tokens, std::string_view text)
        : tokens_(tokens), text_(text) {}

    [[nodiscard]] bool at_end() const { return position_ == tokens_.size(); }
    /// Where the next token begins; behind the last one where the text ends.
    [[nodiscard]] std::size_t column() const {
        return at_end() ? text_.size() : tokens_[position_].column;
    }
    /// Expects not to be at the end.
    [[nodiscard]] const Token& peek() const { return tokens_[position_]; }
    const Token& take() { return tokens_[position_++]; }

    /// What is odd about the tokens, yet no reason to refuse them.
    void warn(RdataError warning) { warnings_.push_back(std::move(warning)); }
    [[nodiscard]] RdataWarnings take_warnings() { return std::move(warnings_); }

    /// The next token, which must be there and stand without quotes.
    Result<Token, RdataError> take_word(std::string_view name);

private:
    std::span<const Token> tokens_;
    std::string_view text_;
    std::size_t position_ = 0;
    RdataWarnings warnings_;
};

/// `text` in quotes for a message, cut when it is long, what cannot be printed escaped.
std::string quote_for_message(std::string_view text);

}  // namespace meridian::dns
