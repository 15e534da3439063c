// Adds whole lines to a TOML text and removes them, with the blanks and comments around them.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/editing/toml_lines_edit.h"

namespace meridian::zones {
namespace {

/// Behind the blank lines that begin at `line`.
std::size_t end_of_blanks(const TomlStatements& statements, std::size_t line) {
    while (line < statements.text().size() && statements.is_blank(line)) {
        line = statements.line_end(line);
    }
    return line;
}

/// Takes out a run of statements, with the blank lines above it, unless those separate what stays.
void remove_run(const TomlStatements& statements, std::size_t first, std::size_t last,
                TextChanges& changes) {
    std::size_t begin = statements.begin_with_comments(first);
    std::size_t end = statements[last].end;
    const bool header = statements[first].opens != nullptr;
    const bool comments_stay = header && statements.end_with_comments(end) != end;
    if (begin == statements.first_octet()) {
        end = end_of_blanks(statements, end);
    } else if (!comments_stay && (header || statements.is_blank(end))) {
        begin = statements.begin_of_blanks(begin);
    }
    const std::string_view text = statements.text();
    if (end == text.size() && !text.ends_with('\n') && begin > statements.first_octet()) {
        begin -= statements.line_ending(begin).size();  // the last line had no line end, nor now
    }
    changes.erase(begin, end);
}

}  // namespace

void insert_lines(const TomlStatements& statements, std::size_t at, std::size_t blanks,
                  const std::vector<std::string>& lines, TextChanges& changes) {
    const std::string ending(statements.line_ending(at));
    const bool behind_open_line =
        at > statements.first_octet() && statements.text()[at - 1] != '\n';
    std::string added;
    for (std::size_t i = 0; i < blanks; ++i) {
        added += ending;
    }
    for (const std::string& line : lines) {
        added += behind_open_line ? ending + line : line + ending;
    }
    changes.insert(at, std::move(added));
}

void remove_statements(const TomlStatements& statements, std::span<const std::size_t> indices,
                       TextChanges& changes) {
    for (std::size_t i = 0; i < indices.size();) {
        std::size_t last = i;
        while (last + 1 < indices.size() && indices[last + 1] == indices[last] + 1) {
            ++last;
        }
        remove_run(statements, indices[i], indices[last], changes);
        i = last + 1;
    }
}

std::size_t begin_of_last_run(std::span<const std::size_t> indices) {
    std::size_t i = indices.size() - 1;
    while (i > 0 && indices[i - 1] + 1 == indices[i]) {
        --i;
    }
    return indices[i];
}

}  // namespace meridian::zones
