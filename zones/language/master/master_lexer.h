// Cuts a master file into entries of words (RFC 1035 §5.1).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// What stands in one line, or in several that parentheses join: a record or a directive.
struct MasterEntry {
    /// At least one: a word or a quoted string as it is written, with its quotes and escapes. They
    /// lie in the file's text.
    std::vector<std::string_view> words;
    bool begins_with_blank = false;  ///< Then the owner is that of the entry before.
    bool has_parentheses = false;    ///< Else only blanks lie between its words.
    std::string_view comment;        ///< The first one, with its ";"; empty where there is none.
};

/// Walks over the text of a file, which outlives it; allocates nothing but the words' array.
///
/// Quotes may begin a word or stand within it (`alpn="h2,h3"`, RFC 9460 §2.1) and end in their
/// line. The caller judges the octets of a word.
class MasterLexer {
public:
    enum class Step : std::uint8_t { Entry, Fault, End };

    struct Fault {
        std::string_view at;  ///< A part of the entry.
        const DiagnosticKind* kind = nullptr;
    };

    /// `file` is what positions say of their file.
    MasterLexer(std::string_view text, std::uint32_t file);

    /// Reads the next entry. After a fault it goes on with the line behind it.
    Step next(MasterEntry& entry);
    [[nodiscard]] const Fault& fault() const { return fault_; }

    /// Where a word of the entry just read, or a part of one, stands. Counts lines and characters
    /// only then: most records need no position.
    [[nodiscard]] TextPosition position(std::string_view word) const;

private:
    Step read_entry(MasterEntry& entry);
    bool take_word(MasterEntry& entry);
    bool skip_quoted();
    void skip_comment(MasterEntry& entry);
    void skip_numbers();
    void skip_escaped();
    [[nodiscard]] bool is_at_line_end() const;
    Step refuse(std::size_t at, const DiagnosticKind& kind);

    std::string_view text_;
    std::uint32_t file_;
    std::size_t at_ = 0;
    std::uint32_t line_ = 1;
    std::size_t entry_at_ = 0;  // always the start of a line
    std::uint32_t entry_line_ = 1;
    Fault fault_;
};

}  // namespace meridian::zones
