// Tells an operator what is wrong in a file, where, and the way out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace meridian::zones {

/// A place in a text file; 0 means that there is none to point at.
struct TextPosition {
    std::uint32_t line = 0;    ///< From 1.
    std::uint32_t column = 0;  ///< From 1, in characters (code points), not octets.
    std::uint32_t length = 0;  ///< Characters to underline.
    std::uint32_t file = 0;    ///< 0: the zone file; else one that it names, as Findings counts.

    friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

enum class Severity : std::uint8_t { Error, Warning };

/// What a file is to the zone file that names it.
enum class FileKind : std::uint8_t {
    Master,   ///< Records (RFC 1035 §5); what is told of it has no key.
    Library,  ///< Tables that zones share.
};

/// A file that a zone is made of, beside its own.
struct OtherFile {
    std::string path;  ///< As the operator knows it.
    FileKind kind{};
};

/// A kind of thing to tell. Those of zone files stand together in zones/model/messages.h, what is
/// told of their RDATA in dns/wire/rdata_messages.h.
struct Message {
    std::string_view code;  ///< Stable, for scripts and editors: "unknown-policy".
    Severity severity{};
    std::string_view text;       ///< What is wrong, in plain words; values replace each `{}`.
    std::string_view hint = {};  ///< The way out; values go on behind those of `text`.
};

/// One thing to tell. In text:
///
/// ```
/// zones/beigel.example.toml:21:13: error: services.api.policy: no policy is called "nearst"
///    21 | policy    = "nearst"
///       |             ^^^^^^^^
///    did you mean "nearest"? policies in this zone: "nearest", "europe-first" (line 9)
/// ```
struct Diagnostic {
    Severity severity = Severity::Error;
    std::string file;
    TextPosition at;
    std::string key;      ///< "services.api.policy"; empty when the matter has none.
    std::string message;  ///< What is wrong, in plain words.
    std::string hint;     ///< What was expected, the nearest spelling; may be empty.
    std::string
        source_line;  ///< The line itself, or a part of one that is very long; empty when unknown.
    std::string_view code = {};  ///< That of its Message, which lives as long as the program.
    /// The zones that it concerns, where that does not go without saying.
    std::vector<std::string> zones = {};
    std::size_t alike_count = 0;    ///< So many other files have such a warning, too.
    std::uint32_t source_from = 1;  ///< The column at which `source_line` begins.
};

using Diagnostics = std::vector<Diagnostic>;

/// What `message` says of a place, outside of any findings: its line is not known. `values` are as
/// many as the message has `{}`.
Diagnostic diagnostic_of(const Message& message, std::string file, TextPosition at, std::string key,
                         std::initializer_list<std::string_view> values = {});

/// The text form above, with a final newline; colours are ANSI. Control characters of the file
/// never reach the terminal.
std::string to_text(const Diagnostic& diagnostic, bool colour);
/// Everything on one line, for a log.
std::string to_line(const Diagnostic& diagnostic);

bool has_errors(const Diagnostics& diagnostics);

void append(Diagnostics& to, Diagnostics from);

/// Joins what several zone files had to say of one place in a library that they use: once, with all
/// the zones that it concerns.
Diagnostics told_once(Diagnostics diagnostics);

/// For whoever reads them one by one, such as in a log: a warning that more than kMaxAlikeFiles
/// files have is told of the first of them, with the number of the others.
Diagnostics told_in_sum(const Diagnostics& diagnostics);

/// Collects what there is to tell about one file: at most kMaxDiagnostics, errors before warnings,
/// and a last one that counts what was left out. A file may describe several zones, which are read
/// one after the other: what is told of a place once is not told again for the next zone.
class Findings {
public:
    /// `lines` is the text of the file and outlives the findings; it may be empty.
    Findings(std::string file, std::span<const std::string> lines);

    /// Adds a file that the first one names; `text` outlives the findings. Returns the number that
    /// TextPosition::file has for it, from 1; a file that is there already keeps its own.
    std::uint32_t add_file(std::string file, std::string_view text, FileKind kind);

    /// Those that were added, by number.
    [[nodiscard]] std::vector<OtherFile> other_files() const;

    /// From here on it is about this zone, one of those that the file describes.
    void begin_zone(std::string name);

    /// Tells `message` of the place. `values` are as many as the message has `{}`.
    void tell(const Message& message, TextPosition at, std::string key,
              std::initializer_list<std::string_view> values = {});

    [[nodiscard]] std::size_t error_count() const { return error_count_; }
    /// Further errors are only counted, so that hints which take time need not be made.
    [[nodiscard]] bool full() const;
    /// In the order of the file, then of those that it names. The findings are spent.
    [[nodiscard]] Diagnostics take();

private:
    /// A diagnostic with the zones that it was told of, by number; none before the first zone.
    struct Entry {
        Diagnostic diagnostic;
        std::vector<std::size_t> zones;
    };
    Entry* find_told(std::vector<Entry>& list, const Diagnostic& diagnostic) const;
    void add(Diagnostic diagnostic);
    void name_zones(Entry& entry) const;

    struct NamedText {
        std::string file;
        std::string_view text;
        FileKind kind{};
        std::size_t line = 1;  // the last one that was looked for, and the octet at its start
        std::size_t octet = 0;
    };
    static std::string_view line_of(NamedText& source, std::size_t line);

    std::string file_;
    std::span<const std::string> lines_;
    std::vector<NamedText> named_;
    std::vector<std::string> zones_;
    std::vector<Entry> errors_;
    std::vector<Entry> warnings_;
    std::size_t error_count_ = 0;     // those told before included
    std::size_t left_out_count_ = 0;  // of both
};

/// The candidate that `text` most likely meant: few letters changed, added, dropped or swapped,
/// case aside. Empty when none is near.
std::string_view nearest_spelling(std::string_view text,
                                  std::span<const std::string_view> candidates);

/// "did you mean X? ", or nothing where none of the candidates is near.
std::string did_you_mean(std::string_view text, std::span<const std::string_view> candidates);

/// "did you mean X? LABEL: A, B, C", the question only where something is near.
std::string spelling_hint(std::string_view text, std::string_view label,
                          std::span<const std::string_view> candidates);

/// `parent.key`, the key quoted where TOML wants that: `records."*.shops"`.
std::string key_path(std::string_view parent, std::string_view key);

/// The text in double quotes, control characters and quotes escaped as in TOML.
std::string quoted(std::string_view text);
/// `"a", "b", "c"`, at most `limit` of them and then "...".
std::string quoted_list(std::span<const std::string_view> texts, std::size_t limit = 12);

}  // namespace meridian::zones
