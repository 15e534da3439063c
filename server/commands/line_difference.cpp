// Shows what an edit changes, line by line, in the form that `patch` reads.
//
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "server/commands/command_texts.h"

namespace meridian::server {

namespace {

constexpr std::size_t kLinesAround = 3;
constexpr std::size_t kMaxTableCells = std::size_t{1} << 22;  // 16 MiB for a moment

using Lines = std::vector<std::string_view>;

/// With their line ends.
Lines lines_of(std::string_view text) {
    Lines lines;
    while (!text.empty()) {
        const std::size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
        lines.push_back(text.substr(0, end));
        text.remove_prefix(end);
    }
    return lines;
}

/// Lines of the one text that stand in the place of lines of the other.
struct Change {
    std::size_t old_begin = 0;
    std::size_t old_end = 0;
    std::size_t new_begin = 0;
    std::size_t new_end = 0;
};

/// Adds a line to the change before if that ends here, else begins another.
void add_line(std::vector<Change>& changes, std::size_t old_line, std::size_t new_line,
              bool is_new) {
    const bool goes_on = !changes.empty() && changes.back().old_end == old_line &&
                         changes.back().new_end == new_line;
    if (!goes_on) { changes.push_back({old_line, old_line, new_line, new_line}); }
    ++(is_new ? changes.back().new_end : changes.back().old_end);
}

/// The longest common subsequence, from a table of its lengths for every pair of tails.
std::vector<Change> compare(const Lines& before, const Lines& after, const Change& within) {
    const std::size_t rows = within.old_end - within.old_begin;
    const std::size_t columns = within.new_end - within.new_begin;
    if (rows == 0 || columns == 0 || (rows + 1) > kMaxTableCells / (columns + 1)) {
        return {within};
    }
    std::vector<std::uint32_t> common((rows + 1) * (columns + 1));
    const auto cell = [&](std::size_t row, std::size_t column) -> std::uint32_t& {
        return common[row * (columns + 1) + column];
    };
    const auto is_same = [&](std::size_t row, std::size_t column) {
        return before[within.old_begin + row] == after[within.new_begin + column];
    };
    for (std::size_t row = rows; row-- > 0;) {
        for (std::size_t column = columns; column-- > 0;) {
            cell(row, column) = is_same(row, column)
                                    ? cell(row + 1, column + 1) + 1
                                    : std::max(cell(row + 1, column), cell(row, column + 1));
        }
    }
    std::vector<Change> changes;
    std::size_t row = 0;
    std::size_t column = 0;
    while (row < rows || column < columns) {
        if (row < rows && column < columns && is_same(row, column)) {
            ++row, ++column;
            continue;
        }
        const bool is_new =
            row == rows || (column < columns && cell(row, column + 1) > cell(row + 1, column));
        add_line(changes, within.old_begin + row, within.new_begin + column, is_new);
        ++(is_new ? column : row);
    }
    return changes;
}

std::vector<Change> changes_between(const Lines& before, const Lines& after) {
    const std::size_t shorter = std::min(before.size(), after.size());
    std::size_t front = 0;
    while (front < shorter && before[front] == after[front]) {
        ++front;
    }
    std::size_t back = 0;
    while (back < shorter - front &&
           before[before.size() - 1 - back] == after[after.size() - 1 - back]) {
        ++back;
    }
    if (front == before.size() && front == after.size()) { return {}; }
    return compare(before, after, {front, before.size() - back, front, after.size() - back});
}

void write_lines(std::string& into, char mark, const Lines& lines, std::size_t begin,
                 std::size_t end) {
    for (std::size_t i = begin; i < end; ++i) {
        into += mark;
        into += lines[i];
        if (!lines[i].ends_with('\n')) { into += "\n\\ No newline at end of file\n"; }
    }
}

/// "12,3"; a range without lines is named by the line before it.
std::string range_text(std::size_t begin, std::size_t end) {
    const std::size_t first = end == begin ? begin : begin + 1;
    return std::to_string(first) + "," + std::to_string(end - begin);
}

/// Changes whose lines around touch, as one hunk.
std::string hunk(const Lines& before, const Lines& after, const Change* first, const Change* last) {
    const std::size_t above = std::min(kLinesAround, first->old_begin);
    const std::size_t below = std::min(kLinesAround, before.size() - last->old_end);
    std::string text = "@@ -";
    text += range_text(first->old_begin - above, last->old_end + below) + " +";
    text += range_text(first->new_begin - above, last->new_end + below) + " @@\n";
    std::size_t done = first->old_begin - above;
    for (const Change* change = first; change <= last; ++change) {
        write_lines(text, ' ', before, done, change->old_begin);
        write_lines(text, '-', before, change->old_begin, change->old_end);
        write_lines(text, '+', after, change->new_begin, change->new_end);
        done = change->old_end;
    }
    write_lines(text, ' ', before, done, last->old_end + below);
    return text;
}

}  // namespace

std::string line_difference(const std::string& file, std::string_view before,
                            std::string_view after) {
    const Lines old_lines = lines_of(before);
    const Lines new_lines = lines_of(after);
    const std::vector<Change> changes = changes_between(old_lines, new_lines);
    std::string text;
    for (std::size_t i = 0; i < changes.size();) {
        std::size_t last = i;
        while (last + 1 < changes.size() &&
               changes[last + 1].old_begin - changes[last].old_end <= 2 * kLinesAround) {
            ++last;
        }
        if (text.empty()) { text = "--- " + file + "\n+++ " + file + "\n"; }
        text += hunk(old_lines, new_lines, &changes[i], &changes[last]);
        i = last + 1;
    }
    return text;
}

}  // namespace meridian::server
