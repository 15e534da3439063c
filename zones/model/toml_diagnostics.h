// Lists the kinds of diagnostics about TOML and its keys.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// Part of diagnostic_kinds.h, whose rules apply.
namespace meridian::zones::diagnostics {

using enum Severity;

// Keys and what stands at them, in meridian.toml, too.
inline constexpr DiagnosticKind kMissingKey{"missing-key", Error, "this key is missing", "{}"};
inline constexpr DiagnosticKind kKeyBelowHeader{
    "key-below-header", Error, "this key belongs to the top of the file; here it is one of [{}]",
    "move it ahead of the first line in brackets"};
inline constexpr DiagnosticKind kTableBelowHeader{
    "table-below-header", Error, "this key belongs to {}; here it is one of [{}]", "{}"};
inline constexpr DiagnosticKind kHeaderRepeated{
    "header-repeated", Error, "the header {} applies already, and its name is repeated here",
    "leave {} out"};
inline constexpr DiagnosticKind kRecordElsewhere{
    "record-elsewhere", Error, "a record belongs below [records]; here it is {}", "{}"};
inline constexpr DiagnosticKind kUnknownKey{"unknown-key", Error, "unknown key {}",
                                            "{}keys here: {}"};
inline constexpr DiagnosticKind kNotSupportedYet{"not-supported-yet", Error, "not supported yet",
                                                 "{}"};
inline constexpr DiagnosticKind kUnexpectedKind{"unexpected-kind", Error, "expected {}, found {}"};
inline constexpr DiagnosticKind kNamedValuesWanted{
    "named-values-wanted", Error, "expected a key for each {}, found {}", "write {}.{} = ..."};
inline constexpr DiagnosticKind kArrayOfNamed{
    "array-of-named", Error, "{} is an array; these tables have names", "write {}"};
inline constexpr DiagnosticKind kValueInQuotes{"value-in-quotes", Error,
                                               "expected {}, which has no quotes", "write {}"};
inline constexpr DiagnosticKind kNumberForBoolean{
    "number-for-boolean", Error, "expected true or false, found a number", "write {}"};
inline constexpr DiagnosticKind kSeveralInOneString{"several-in-one-string", Error,
                                                    "several values stand in one string",
                                                    "between [ and ] write {}"};
inline constexpr DiagnosticKind kMarkBehindValue{
    "mark-behind-value", Error, "a {} stands behind the value, within its quotes", "write {}"};
inline constexpr DiagnosticKind kCommentWithin{
    "comment-within", Error, "the comment {} stands within the quotes of the value", "write {}"};
inline constexpr DiagnosticKind kOddLetterWithin{"odd-letter-within", Error, "{} holds {}",
                                                 "write {}"};
inline constexpr DiagnosticKind kUnknownChoice{"unknown-choice", Error, "{} is not a choice here",
                                               "{}"};
inline constexpr DiagnosticKind kEmptyArray{"empty-array", Error, "the array is empty",
                                            "name at least one"};
inline constexpr DiagnosticKind kNoTtl{"no-ttl", Error, "{} is no TTL",
                                       "{}expected {}, or whole seconds"};
inline constexpr DiagnosticKind kNoDuration{"no-duration", Error, "{} is no duration here",
                                            "{}expected {}, or whole seconds"};
inline constexpr DiagnosticKind kNoSize{"no-size", Error, "{} is no size",
                                        "{}expected {}, or whole octets"};
inline constexpr DiagnosticKind kOutOfRange{"out-of-range", Error, "{} is out of range",
                                            "expected {} to {}"};

// What TOML wants of a file.
inline constexpr DiagnosticKind kFileTooLarge{"file-too-large", Error,
                                              "the file has {} octets; at most {} are read"};
inline constexpr DiagnosticKind kLineTooLong{"line-too-long", Error,
                                             "the line is {} octets long; at most {} are read",
                                             "an array may go on over several lines"};
inline constexpr DiagnosticKind kControlCharacter{
    "control-character", Error, "the control character {} cannot stand in TOML",
    "in a string write it as an escape, such as \\u0007"};
inline constexpr DiagnosticKind kStrayReturn{"stray-return", Error,
                                             "the control character {} cannot stand in TOML",
                                             "a line ends in LF or CR LF"};
inline constexpr DiagnosticKind kNotUtf8{"not-utf-8", Error, "the octet {} is not valid UTF-8 here",
                                         "save the file as UTF-8"};
inline constexpr DiagnosticKind kIsUtf16{
    "is-utf-16", Error, "the file is UTF-16",
    "save it as UTF-8; Windows calls that \"UTF-8\" or \"ANSI\""};
inline constexpr DiagnosticKind kIsBinary{"is-binary", Error, "the file is binary, not text",
                                          "is it compressed, or another file than was meant?"};
inline constexpr DiagnosticKind kIsJson{"is-json", Error, "the file is JSON, not TOML",
                                        "in TOML this is `key = value`, a line each, and [table]"};
inline constexpr DiagnosticKind kIsYaml{"is-yaml", Error, "the file is YAML, not TOML",
                                        "in TOML this is `key = value`, a line each, and [table]"};
inline constexpr DiagnosticKind kIsMarkup{
    "is-markup", Error, "the file is HTML or XML, not TOML",
    "was an error page saved instead of the file that was to be fetched?"};
inline constexpr DiagnosticKind kIsMasterFile{
    "is-master-file", Error, "the file is a master file (RFC 1035), not TOML",
    "such a file is called after its zone and .zone, or named in `records_from`"};
inline constexpr DiagnosticKind kMergeMark{
    "merge-mark", Error, "a merge was left unfinished here",
    "keep one of the two versions and remove the three marks"};
inline constexpr DiagnosticKind kCurlyQuotes{
    "curly-quotes", Error, "{} is a typographic quotation mark, which TOML does not know",
    "write straight ones: \" or '"};
inline constexpr DiagnosticKind kBackticks{
    "backticks", Error, "a backtick is no quotation mark in TOML", "write straight ones: \" or '"};
inline constexpr DiagnosticKind kOddBlank{
    "odd-blank", Error, "TOML does not know this kind of blank ({})",
    "write a plain space; text from word processors and web pages has others"};
inline constexpr DiagnosticKind kLookAlike{"look-alike", Error, "{} is {}, not one of ASCII",
                                           "write {}"};
inline constexpr DiagnosticKind kForeignComment{"foreign-comment", Error,
                                                "{} begins no comment in TOML", "write # instead"};
inline constexpr DiagnosticKind kRecordLine{"record-line", Error,
                                            "this is a line of a master file, not of TOML", "{}"};
inline constexpr DiagnosticKind kTooDeep{"too-deep", Error,
                                         "this is more than {} tables and arrays deep"};

// Keys of TOML.
inline constexpr DiagnosticKind kKeyWanted{"key-wanted", Error, "a key is missing here"};
inline constexpr DiagnosticKind kKeyTooDeep{"key-too-deep", Error,
                                            "the key has more than {} parts"};
inline constexpr DiagnosticKind kKeyInLongQuotes{"key-in-long-quotes", Error,
                                                 "a key stands in single or plain double quotes"};
inline constexpr DiagnosticKind kUnquotedKey{"unquoted-key", Error,
                                             "{} cannot stand in a key without quotes",
                                             "put the key in double quotes"};
inline constexpr DiagnosticKind kUnquotedSign{
    "unquoted-sign", Error, "{} cannot stand in a key without quotes", "write it as {}"};
inline constexpr DiagnosticKind kEqualsWanted{"equals-wanted", Error,
                                              "\"=\" and a value should follow",
                                              "a key with spaces or other signs needs quotes"};
inline constexpr DiagnosticKind kColonForEquals{
    "colon-for-equals", Error, "\"=\" stands between a key and its value, not \":\"",
    "write = instead"};
inline constexpr DiagnosticKind kOneEquals{
    "one-equals", Error, "one \"=\" stands between a key and its value, not {}", "write = alone"};
inline constexpr DiagnosticKind kKeyTwice{"key-twice", Error, "{} is given twice",
                                          "the first one is at {}"};
inline constexpr DiagnosticKind kKeyIntoTable{"key-into-table", Error,
                                              "{} is complete at {} and gets no more keys",
                                              "put the key below that header"};
inline constexpr DiagnosticKind kKeyIntoValue{"key-into-value", Error,
                                              "{} is complete at {} and gets no more keys",
                                              "put the key into that value"};

inline constexpr DiagnosticKind kAnotherKeyOnLine{"another-key-on-line", Error,
                                                  "another key begins on this line",
                                                  "write it on a line of its own, without the {}"};
inline constexpr DiagnosticKind kStrayBrace{
    "stray-brace", Error, "braces stand around no keys in TOML",
    "leave them out; in TOML this is `key = value`, a line each"};

// Tables of TOML.
inline constexpr DiagnosticKind kHeaderNotClosed{"header-not-closed", Error,
                                                 "the header should close with {}"};
inline constexpr DiagnosticKind kHeaderUnquoted{
    "header-unquoted", Error, "a name with spaces or other signs needs quotes", "write {}"};
inline constexpr DiagnosticKind kHeaderIntoValue{
    "header-into-value", Error, "{} is complete at {} and gets no more keys",
    "only a table with a header of its own can get more keys"};
inline constexpr DiagnosticKind kHeaderOfValue{"header-of-value", Error,
                                               "{} has a value already, at {}"};
inline constexpr DiagnosticKind kTableReopened{"table-reopened", Error,
                                               "the table [{}] is opened a second time",
                                               "it begins at {}; put all its keys there"};
inline constexpr DiagnosticKind kTableWritten{"table-written", Error,
                                              "the table {} is written already, at {}",
                                              "put all its keys in one place"};
inline constexpr DiagnosticKind kTableBelowArray{"table-below-array", Error,
                                                 "the table [{}] has to stand above [[{}]]",
                                                 "that one is at {}; swap the two"};
inline constexpr DiagnosticKind kNoTableArray{"no-table-array", Error,
                                              "{} has another kind already, at {}"};
inline constexpr DiagnosticKind kBraceOverLines{
    "brace-over-lines", Error, "a table in braces has to close on its line",
    "for more keys than fit write a [header] and a line for each"};
inline constexpr DiagnosticKind kCommaBeforeBrace{"comma-before-brace", Error,
                                                  "TOML wants no comma before }"};
inline constexpr DiagnosticKind kCommaOrBrace{"comma-or-brace", Error,
                                              "\",\" or \"}\" should follow"};

// Values of TOML.
inline constexpr DiagnosticKind kValueWanted{"value-wanted", Error, "a value is missing here"};
inline constexpr DiagnosticKind kLineGoesOn{
    "line-goes-on", Error, "the line should end here",
    "one key a line; a value with spaces or dots needs quotes"};
inline constexpr DiagnosticKind kMarkAtLineEnd{
    "mark-at-line-end", Error, "TOML wants no {} at the end of a line", "leave it out"};
inline constexpr DiagnosticKind kValuesWithoutBrackets{
    "values-without-brackets", Error, "several values stand in brackets",
    "write [ in front of the first one and ] behind the last one"};
inline constexpr DiagnosticKind kSemicolonBetweenValues{
    "semicolon-between-values", Error, "between the values of an array stands \",\", not \";\"",
    "write , instead"};
inline constexpr DiagnosticKind kBracketMissing{
    "bracket-missing", Error, "the closing ] is missing", "write it behind the last value"};
inline constexpr DiagnosticKind kForeignBrackets{
    "foreign-brackets", Error, "the values of an array stand between [ and ], not {} and {}",
    "write [ and ] instead"};
inline constexpr DiagnosticKind kCommaOrBracket{"comma-or-bracket", Error,
                                                "\",\" or \"]\" should follow"};
inline constexpr DiagnosticKind kQuoteMissing{"quote-missing", Error,
                                              "the closing {} is missing on this line"};
inline constexpr DiagnosticKind kQuoteWithin{
    "quote-within", Error, "the {} in front of this ends the text",
    "within \"...\" write \\\" for a quotation mark; within '...' no ' can stand"};
inline constexpr DiagnosticKind kLongQuoteMissing{"long-quote-missing", Error,
                                                  "the closing {} is missing"};
inline constexpr DiagnosticKind kEscapeTooShort{"escape-too-short", Error,
                                                "{} needs {} hex digits"};
inline constexpr DiagnosticKind kNoCharacter{"no-character", Error,
                                             "the escape names no Unicode character"};
inline constexpr DiagnosticKind kNoEscape{
    "no-escape", Error, "this is no escape of TOML",
    "in single quotes a backslash stands for itself: '\\# 4 c0000201'"};
inline constexpr DiagnosticKind kUnquotedText{"unquoted-text", Error, "text needs quotes",
                                              "write {}"};
inline constexpr DiagnosticKind kUnquotedAddress{"unquoted-address", Error,
                                                 "an address needs quotes", "write {}"};
inline constexpr DiagnosticKind kCapitalBoolean{"capital-boolean", Error, "{} is no value",
                                                "write true or false in small letters"};
inline constexpr DiagnosticKind kIntegerTooLarge{"integer-too-large", Error,
                                                 "{} is too large: integers have 64 bits"};
inline constexpr DiagnosticKind kLeadingZero{"leading-zero", Error, "{} begins with a zero",
                                             "TOML wants numbers without"};
inline constexpr DiagnosticKind kNoSuchTime{"no-such-time", Error,
                                            "there is no such date or time as {}",
                                            "expected one such as 2026-12-01T09:00:00Z"};

}  // namespace meridian::zones::diagnostics
