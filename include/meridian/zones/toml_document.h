// Describes a TOML file as a tree of values that know where they stand.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "meridian/result.h"
#include "meridian/zones/diagnostic.h"

namespace meridian::zones {

/// Where a key or a value stands.
struct TomlSpan {
    TextPosition at;        ///< Cut at the end of its first line.
    std::size_t begin = 0;  ///< Octets from the start of the file, so that text can be edited.
    std::size_t end = 0;    ///< One past its last octet.
};

enum class TomlKind : std::uint8_t { None, Boolean, Integer, Float, Text, Time, Array, Table };

/// How an operator would say it: "a string", "a table".
std::string_view describe(TomlKind kind);

enum class TimeKind : std::uint8_t { OffsetDateTime, LocalDateTime, LocalDate, LocalTime };

/// A date or time as it was written; nothing here computes with it yet.
struct TomlTime {
    TimeKind kind{};
    std::string text;
};

/// How a table came to be; decides how text is edited and what may still be added.
enum class TomlForm : std::uint8_t {
    Implied,  ///< By the header of a table below it: `[a]` of `[a.b]`.
    Header,   ///< `[a]` or `[[a]]`.
    Dotted,   ///< By a dotted key: `a` of `a.b = 1`.
    Inline,   ///< `a = { b = 1 }`, closed.
};

struct TomlValue;
struct TomlEntry;

/// Keys in the order of the file. Moves, does not copy.
class TomlTable {
public:
    TomlTable();
    TomlTable(TomlTable&&) noexcept;
    TomlTable& operator=(TomlTable&&) noexcept;
    ~TomlTable();

    [[nodiscard]] const std::vector<TomlEntry>& entries() const { return entries_; }
    [[nodiscard]] std::vector<TomlEntry>& entries() { return entries_; }
    [[nodiscard]] bool empty() const;
    [[nodiscard]] const TomlEntry* find(std::string_view key) const;  ///< Null when absent.
    [[nodiscard]] TomlEntry* find(std::string_view key);
    /// Expects a key that is not there yet. References to entries of this table end.
    TomlEntry& add(TomlEntry entry);

    // What stands at a key; none when it is absent or of another kind, which `check_keys` reports.
    [[nodiscard]] const TomlTable* table(std::string_view key) const;
    [[nodiscard]] const std::string* text(std::string_view key) const;
    [[nodiscard]] std::optional<bool> boolean(std::string_view key) const;
    [[nodiscard]] std::optional<std::int64_t> integer(std::string_view key) const;
    /// The items of an array; any other value is a list of one.
    [[nodiscard]] std::vector<const TomlValue*> list(std::string_view key) const;
    /// Of such a list the strings.
    [[nodiscard]] std::vector<std::string> texts(std::string_view key) const;

    TomlForm form = TomlForm::Implied;

private:
    std::vector<TomlEntry> entries_;
    using Index = std::map<std::string, std::size_t, std::less<>>;
    std::unique_ptr<Index> index_;  // only of tables that are not small
};

struct TomlArray {
    std::vector<TomlValue> items;
    bool of_headers = false;  ///< Written as `[[a]]`.
};

/// The value itself, in the order of TomlKind.
using TomlData = std::variant<std::monostate, bool, std::int64_t, double, std::string, TomlTime,
                              TomlArray, TomlTable>;

struct TomlValue {
    TomlData data;
    TomlSpan span;

    [[nodiscard]] TomlKind kind() const { return static_cast<TomlKind>(data.index()); }
    /// Null for another kind.
    template <typename T>
    [[nodiscard]] const T* get() const {
        return std::get_if<T>(&data);
    }
};

struct TomlEntry {
    std::string key;    ///< One part of a dotted key, without quotes.
    TomlSpan key_span;  ///< Of the first place that names it.
    TomlValue value;
};

struct TomlDocument {
    std::string file;
    std::vector<std::string> lines;  ///< Without line ends.
    TomlTable root;
};

/// Reads TOML 1.0 within kMaxTomlFileOctets, kMaxTomlLineOctets and kMaxTomlNesting. On failure it
/// returns every fault of the text, each with its position. Never throws; any text costs bounded
/// time and stack. `file` is only a name for the diagnostics.
Result<TomlDocument, Diagnostics> read_toml(std::string file, std::string_view text);

}  // namespace meridian::zones
