// Reports to the operator what is wrong in a file, where, and the way out.
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

/// Characters of a text file; line 0 means that the file has none to point at.
struct TextPosition {
    std::uint32_t line = 0;    ///< From 1.
    std::uint32_t column = 0;  ///< From 1, in characters (code points), not octets.
    std::uint32_t length = 0;  ///< Characters to underline.
    std::uint32_t file = 0;    ///< 0: the zone file; else the number that Findings::add_file gave.

    friend bool operator==(const TextPosition&, const TextPosition&) = default;
};

enum class Severity : std::uint8_t { Error, Warning };

/// What a file is to the zone file that names it.
enum class FileKind : std::uint8_t {
    Master,   ///< Records (RFC 1035 §5); diagnostics about it have no key.
    Library,  ///< Tables that zones share.
};

/// A file that a zone is made of, beside its own.
struct OtherFile {
    std::string path;  ///< As the operator knows it.
    FileKind kind{};
};

/// A kind of diagnostic. Those about zone files stand together in zones/model/diagnostic_kinds.h,
/// those about their RDATA in dns/wire/rdata_faults.h.
struct DiagnosticKind {
    std::string_view code;  ///< Stable, for scripts and editors: "unknown-policy".
    Severity severity{};
    std::string_view text;       ///< What is wrong, in plain words; values replace each `{}`.
    std::string_view hint = {};  ///< The way out; takes the values that follow those of `text`.
};

/// One thing that is reported about a file. As text:
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
    std::string key;   ///< "services.api.policy"; empty when no key is concerned.
    std::string text;  ///< What is wrong, in plain words.
    std::string hint;  ///< What was expected, the nearest spelling; may be empty.
    std::string
        source_line;  ///< The line itself, or a part of one that is very long; empty when unknown.
    std::string_view code = {};  ///< That of its kind, which lives as long as the program.
    /// The zones that it concerns, where the file has several; else empty.
    std::vector<std::string> zones = {};
    std::size_t alike_count = 0;    ///< How many other files have such a warning, too.
    std::uint32_t source_from = 1;  ///< The column at which `source_line` begins.
};

using Diagnostics = std::vector<Diagnostic>;

/// Makes a diagnostic without findings, so that it does not show its source line. `values` are as
/// many as the kind has `{}`.
Diagnostic diagnostic_of(const DiagnosticKind& kind, std::string file, TextPosition at,
                         std::string key, std::initializer_list<std::string_view> values = {});

/// The text form above, with a final newline; colours are ANSI. What comes from a file or from
/// its name is shown as terminal_text shows it, so that none of it changes the terminal.
std::string to_text(const Diagnostic& diagnostic, bool colour);
/// Everything on one line.
std::string to_line(const Diagnostic& diagnostic);
/// The same without "error" or "warning", for a log, whose lines begin with that.
std::string to_log_line(const Diagnostic& diagnostic);

bool has_errors(const Diagnostics& diagnostics);

void append(Diagnostics& to, Diagnostics from);

/// Joins equal diagnostics about one position of a library that several zone files use into one,
/// which names all the zones that it concerns.
Diagnostics merged_by_position(Diagnostics diagnostics);

/// For the log and the terminal: a warning that more than kMaxAlikeFiles files have is reported
/// for the first of them, with the number of the others.
Diagnostics summarised(const Diagnostics& diagnostics);

/// Collects the diagnostics about one file: at most kMaxDiagnostics, errors before warnings, and a
/// last one that counts those left out. A file may describe several zones, which are read one after
/// the other: a diagnostic that comes again for the next zone is reported once, with both zones.
class Findings {
public:
    /// `lines` is the text of the file and outlives the findings; it may be empty.
    Findings(std::string file, std::span<const std::string> lines);

    /// Adds a file that the first one names; `text` outlives the findings. Returns the number that
    /// TextPosition::file has for it, from 1; a file that was added before has its old number.
    std::uint32_t add_file(std::string file, std::string_view text, FileKind kind);

    /// The files that were added, by number.
    [[nodiscard]] std::vector<OtherFile> other_files() const;

    /// From here on diagnostics are about this zone, one of those that the file describes.
    void begin_zone(std::string name);

    /// Adds a diagnostic at `at`. `values` are as many as the kind has `{}`.
    void report(const DiagnosticKind& kind, TextPosition at, std::string key,
                std::initializer_list<std::string_view> values = {});

    [[nodiscard]] std::size_t error_count() const { return error_count_; }
    /// Whether further errors are only counted, so that the caller need not search for hints.
    [[nodiscard]] bool full() const;
    /// The diagnostics in the order of the file, then of those that it names. The findings are
    /// spent.
    [[nodiscard]] Diagnostics take();

private:
    /// A diagnostic with the zones that it concerns, by number; none before the first zone.
    struct Entry {
        Diagnostic diagnostic;
        std::vector<std::size_t> zones;
    };
    Entry* find_reported(std::vector<Entry>& list, const Diagnostic& diagnostic) const;
    void add(Diagnostic diagnostic);
    void name_zones(Entry& entry) const;

    struct NamedText {
        std::string file;
        std::string_view text;
        FileKind kind{};
        std::size_t line = 1;  // the last one that was read, and the octet at its start
        std::size_t octet = 0;
    };
    static std::string_view line_of(NamedText& source, std::size_t line);

    std::string file_;
    std::span<const std::string> lines_;
    std::vector<NamedText> named_;
    std::vector<std::string> zones_;
    std::vector<Entry> errors_;
    std::vector<Entry> warnings_;
    std::size_t error_count_ = 0;     // repeated ones included
    std::size_t left_out_count_ = 0;  // of both
};

/// The candidate that `text` most likely meant: few letters changed, added, dropped or swapped,
/// case aside. Empty when none is near.
std::string_view nearest_spelling(std::string_view text,
                                  std::span<const std::string_view> candidates);

/// "did you mean X? ", or an empty text where none of the candidates is near.
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
