// Cuts a master file into entries of tokens (RFC 1035 §5.1).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// A word or a quoted string as it is written, with its quotes and escapes. Lies in the file's
/// text.
struct MasterToken {
    std::string_view text;
    std::uint32_t line = 0;
};

/// What stands in one line, or in several that parentheses join: a record or a directive.
struct MasterEntry {
    std::vector<MasterToken> tokens;  ///< At least one.
    bool begins_with_blank = false;   ///< Then the owner is that of the entry before.
    bool has_parentheses = false;     ///< Else only blanks lie between its tokens.
};

/// Walks over the text of a file, which outlives it; allocates nothing but the tokens' array.
///
/// Quotes may begin a token or stand within a word (`alpn="h2,h3"`, RFC 9460 §2.1) and end in their
/// line. Octets are not judged here: whoever reads a token does.
class MasterLexer {
public:
    enum class Step : std::uint8_t { Entry, Fault, End };

    struct Fault {
        MasterToken at;
        const Message* message = nullptr;
    };

    /// `file` is what positions say of their file.
    MasterLexer(std::string_view text, std::uint32_t file);

    /// Reads the next entry. After a fault it goes on with the line behind it.
    Step next(MasterEntry& entry);
    [[nodiscard]] const Fault& fault() const { return fault_; }

    /// Where a token of this text, or a part of one, stands; counts the characters of its line.
    [[nodiscard]] TextPosition position(const MasterToken& token) const;

private:
    Step read_entry(MasterEntry& entry);
    bool take_token(MasterEntry& entry);
    bool skip_quoted();
    void skip_escaped();
    Step refuse(const MasterToken& at, const Message& message);
    [[nodiscard]] MasterToken character() const { return {text_.substr(at_, 1), line_}; }

    std::string_view text_;
    std::uint32_t file_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    Fault fault_;
};

}  // namespace meridian::zones
