// Cuts a master file into entries of words (RFC 1035 §5.1).
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/master/master_lexer.h"

#include <algorithm>
#include <array>

#include "meridian/limits.h"
#include "meridian/utf8.h"
#include "zones/model/diagnostic_kinds.h"

namespace meridian::zones {
namespace {

constexpr bool is_blank(char octet) {
    return octet == ' ' || octet == '\t' || octet == '\r';
}

/// What ends a word, or is more than a letter of it.
constexpr std::array<bool, 256> kSpecial = [] {
    std::array<bool, 256> special{};
    for (const char octet : {' ', '\t', '\r', '\n', ';', '(', ')', '"', '\\'}) {
        special[static_cast<unsigned char>(octet)] = true;
    }
    return special;
}();

bool is_special(char octet) {
    return kSpecial[static_cast<unsigned char>(octet)];
}

std::uint32_t characters(std::string_view text) {
    return static_cast<std::uint32_t>(count_characters(text));
}

}  // namespace

MasterLexer::MasterLexer(std::string_view text, std::uint32_t file) : text_(text), file_(file) {
    if (text_.starts_with(kByteOrderMark)) { at_ = kByteOrderMark.size(); }
}

MasterLexer::Step MasterLexer::next(MasterEntry& entry) {
    while (at_ < text_.size()) {
        const Step step = read_entry(entry);
        if (step == Step::Fault || !entry.words.empty()) { return step; }
    }
    return Step::End;
}

MasterLexer::Step MasterLexer::read_entry(MasterEntry& entry) {
    entry.words.clear();
    entry.begins_with_blank = is_blank(text_[at_]);
    entry.has_parentheses = false;
    entry.comment = {};
    entry_at_ = at_;
    entry_line_ = line_;
    std::size_t depth = 0;
    std::size_t open = 0;
    while (at_ < text_.size()) {
        const char octet = text_[at_];
        if (octet == '\r' && !is_at_line_end()) {
            return refuse(at_, diagnostics::kCarriageReturnAlone);
        }
        if (is_blank(octet)) {
            ++at_;
        } else if (octet == '\n') {
            ++at_;
            ++line_;
            if (depth == 0) { return Step::Entry; }
        } else if (octet == ';') {
            skip_comment(entry);
        } else if (octet == '(') {
            if (depth++ == 0) { open = at_; }
            entry.has_parentheses = true;
            ++at_;
        } else if (octet == ')') {
            if (depth == 0) { return refuse(at_, diagnostics::kParenthesisNotOpened); }
            --depth;
            ++at_;
        } else if (!take_word(entry)) {
            return refuse(at_, diagnostics::kQuotesNotClosed);
        }
        if (at_ - entry_at_ > kMaxMasterRecordOctets && depth == 0) {
            return refuse(entry_at_, diagnostics::kMasterLineTooLong);
        }
        if (at_ - entry_at_ > kMaxMasterRecordOctets) { break; }
    }
    if (depth == 0) { return Step::Entry; }
    refuse(open, diagnostics::kParenthesisNotClosed);
    skip_numbers();
    return Step::Fault;
}

/// False at quotes that do not end; the walk then stands at them.
bool MasterLexer::take_word(MasterEntry& entry) {
    const std::size_t begin = at_;
    while (at_ < text_.size()) {
        const char octet = text_[at_];
        if (!is_special(octet)) {
            ++at_;
        } else if (octet == '\\') {
            skip_escaped();
        } else if (octet == '"') {
            const bool whole = at_ == begin;
            if (!skip_quoted()) { return false; }
            if (whole) { break; }
        } else {
            break;
        }
    }
    entry.words.push_back(text_.substr(begin, at_ - begin));
    return true;
}

bool MasterLexer::skip_quoted() {
    const std::size_t opening = at_++;
    while (at_ < text_.size() && text_[at_] != '\n') {
        if (text_[at_] == '"') {
            ++at_;
            return true;
        }
        if (text_[at_] == '\\') {
            skip_escaped();
        } else {
            ++at_;
        }
    }
    at_ = opening;
    return false;
}

/// Skips to the end of the line, or to a CR before it, which the walk then judges.
void MasterLexer::skip_comment(MasterEntry& entry) {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::size_t begin = at_;
    at_ = std::min(text_.substr(0, end).find('\r', at_), end);
    if (entry.comment.empty()) { entry.comment = text_.substr(begin, at_ - begin); }
}

/// Skips empty lines, and lines of a blank and numbers alone: the rest of a SOA whose parenthesis
/// was not closed.
void MasterLexer::skip_numbers() {
    while (at_ < text_.size() && (is_blank(text_[at_]) || text_[at_] == '\n')) {
        const std::size_t end = std::min(text_.find('\n', at_), text_.size() - 1) + 1;
        const std::string_view line = text_.substr(at_, end - at_);
        char before = ' ';
        for (const char octet : line.substr(0, line.find(';'))) {
            const bool begins_word = is_blank(before) && !is_blank(octet) && octet != '\n';
            if (begins_word && (octet < '0' || octet > '9')) { return; }
            before = octet;
        }
        at_ = end;
        ++line_;
    }
}

/// An escape does not reach over the end of its line.
void MasterLexer::skip_escaped() {
    ++at_;
    if (at_ < text_.size() && text_[at_] != '\n' && text_[at_] != '\r') { ++at_; }
}

/// At a CR: whether it belongs to a line end, or to the file's last line.
bool MasterLexer::is_at_line_end() const {
    return at_ + 1 == text_.size() || text_[at_ + 1] == '\n';
}

/// Goes on behind the line in which the fault lies.
MasterLexer::Step MasterLexer::refuse(std::size_t at, const DiagnosticKind& kind) {
    fault_ = {text_.substr(at, 1), &kind};
    line_ = position(fault_.at).line + 1;
    at_ = std::min(text_.find('\n', at), text_.size() - 1) + 1;
    return Step::Fault;
}

TextPosition MasterLexer::position(std::string_view word) const {
    const auto begin = static_cast<std::size_t>(word.data() - text_.data());
    TextPosition place{entry_line_, 1, std::max(1U, characters(word)), file_};
    for (const char octet : text_.substr(entry_at_, begin - entry_at_)) {
        if (octet == '\n') {
            ++place.line;
            place.column = 1;
        } else if (!continues_character(octet)) {
            ++place.column;
        }
    }
    return place;
}

}  // namespace meridian::zones
