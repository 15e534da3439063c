// Edits the text of a TOML file where it must change, and leaves every other octet as it is.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "meridian/zones/toml_document.h"

namespace meridian::zones {

/// The keys that lead to a value: {"regions", "fra", "at"}.
using TomlPath = std::vector<std::string>;

/// One edit of a text. What is new looks like its neighbours: indentation, blank lines, alignment
/// of `=`, quotes, line ends; an array over several lines goes on over several lines.
///
/// Each operation returns whether it could be done; where not, nothing changes. All of them refer
/// to the text as it was: two operations must not change one value or one array. For that, read the
/// result and edit again. Spans of given values are ignored.
class TomlEdit {
public:
    /// Both outlive the edit; `root` is what `read_toml` made of `text`.
    TomlEdit(std::string_view text, const TomlTable& root);
    TomlEdit(TomlEdit&&) noexcept;
    TomlEdit& operator=(TomlEdit&&) noexcept;
    ~TomlEdit();

    /// Puts `value` at `path`: replaces the value there, or adds it behind the last key of the
    /// innermost table on the path. False where the path leads through something that is no
    /// table, or to a table that is not in braces.
    bool set(const TomlPath& path, const TomlValue& value);

    /// Removes a key with its value, or a table with all below it. A block of comment lines
    /// directly above belongs to it and is removed, too, but not directly below a header or at the
    /// top of the file: there it may be about more than the first key.
    bool remove(const TomlPath& path);

    /// Puts a value behind the last one of an array; a string becomes an array of two.
    bool add_item(const TomlPath& path, const TomlValue& item);

    /// Removes an item (from 0) of an array, with the comment behind it on its line.
    bool remove_item(const TomlPath& path, std::size_t index);

    /// Adds a table to the tables of one kind at `parent`, behind the last of them and in its form:
    /// with a header, in braces, or by dotted keys. Expects that none has this name. The first of
    /// its kind gets a header, above the first of the top tables `followers`.
    bool add_table(const TomlPath& parent, const std::string& name, const TomlTable& content,
                   std::span<const std::string_view> followers = {});

    /// The new text. The edit is spent.
    [[nodiscard]] std::string finish();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace meridian::zones
