// Lists the kinds of diagnostics about health checks.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "meridian/zones/diagnostic.h"

/// Part of diagnostic_kinds.h, whose rules apply.
namespace meridian::zones::diagnostics {

using enum Severity;

// Which check.
inline constexpr DiagnosticKind kNoCheck{
    "no-check", Error, "the table says nothing of what is checked",
    "add a check, such as https = \"/healthz\", http = \"/healthz\" or tcp = 443{}"};
inline constexpr DiagnosticKind kSeveralChecks{
    "several-checks", Error, "{} and {} are two checks in one table",
    "leave one of the two out, or write checks = [{ ... }, { ... }] to have both"};
inline constexpr DiagnosticKind kPartOfNoCheck{
    "part-of-no-check", Error, "{} belongs to a check, and the table has none",
    "a check is not inherited in parts: add the whole, such as https = \"/healthz\""};
inline constexpr DiagnosticKind kNoEffectBesideCheck{"no-effect-beside-check", Error,
                                                     "{} has no effect beside `{}`", "{}"};
inline constexpr DiagnosticKind kBesideChecks{
    "beside-checks", Error, "{} stands beside `checks`, which has all there is to check",
    "write it into one of the tables of `checks`"};
inline constexpr DiagnosticKind kNeedWithoutChecks{
    "need-without-checks", Error, "it says how many of `checks` have to pass, and there are none",
    "leave it out, or write `checks`"};
inline constexpr DiagnosticKind kTooManyChecks{"too-many-checks", Error,
                                               "{} checks; an address has at most {}"};
inline constexpr DiagnosticKind kEmptyHealth{
    "empty-health", Error, "the table is empty",
    "leave it out: a service without one is checked as [health] says"};

// What is asked.
inline constexpr DiagnosticKind kNoUrlPath{"no-url-path", Error, "{} is no path to ask for", "{}"};
inline constexpr DiagnosticKind kNoHostName{"no-host-name", Error, "{} is no name of a host", "{}"};
inline constexpr DiagnosticKind kHostOfOneLabel{
    "host-of-one-label", Warning, "{} is sent as it stands: the zone is not appended to a host",
    "write the whole name, such as \"www.beigel.example\""};
inline constexpr DiagnosticKind kHostWanted{"host-wanted", Error, "the check needs a `host`: {}",
                                            "add {}"};
inline constexpr DiagnosticKind kNoMethod{"no-method", Error, "{} is no method of HTTP", "{}"};
inline constexpr DiagnosticKind kNoHeaderName{"no-header-name", Error, "{} is no name of a header",
                                              "letters, digits and hyphens are usual"};
inline constexpr DiagnosticKind kOwnHeader{"own-header", Error,
                                           "{} is a header of the server's own", "{}"};
inline constexpr DiagnosticKind kNoHeaderValue{
    "no-header-value", Error, "the value of a header is one line of plain letters",
    "control characters and letters that are not ASCII cannot be sent"};
inline constexpr DiagnosticKind kTooManyHeaders{"too-many-headers", Error,
                                                "{} headers; a check sends at most {}"};
inline constexpr DiagnosticKind kProbeTextTooLong{"probe-text-too-long", Error,
                                                  "{} octets; here are at most {}"};
inline constexpr DiagnosticKind kBodyOfHead{"body-of-head", Error,
                                            "an answer to HEAD has no body (RFC 9110 §9.3.2)",
                                            "leave `method` or `expect.body` out"};
inline constexpr DiagnosticKind kEmptyExpectation{
    "empty-expectation", Error, "every answer holds an empty text",
    "write the text that a healthy answer has, or leave the key out"};
inline constexpr DiagnosticKind kMethodOfProxies{"method-of-proxies", Error,
                                                 "{} asks for no path (RFC 9110 §9.3.6)",
                                                 "expected one such as \"GET\" or \"HEAD\""};

// What is asked of a nameserver.
inline constexpr DiagnosticKind kNoQuestionType{
    "no-question-type", Error, "{} is no type of records to ask for",
    "expected one such as \"A\", \"AAAA\", \"TXT\" or \"SOA\""};
inline constexpr DiagnosticKind kAnswerOfError{"answer-of-error", Error,
                                               "a reply with the code {} has no answer",
                                               "leave `rcode` or `answer` out"};
inline constexpr DiagnosticKind kNoSuchAnswer{"no-such-answer", Error, "{} is no {}", "{}"};

// Which command.
inline constexpr DiagnosticKind kUnknownCommand{"unknown-command", Error,
                                                "no command of this server is called {}", "{}"};

// When, and where.
inline constexpr DiagnosticKind kTimeoutNotShorter{
    "timeout-not-shorter", Error, "the timeout, {}, is not shorter than `every`, {}",
    "a check ends before the next one begins; write timeout = {} or a longer `every`"};
inline constexpr DiagnosticKind kNeverProbed{
    "never-probed", Error, "{} is never checked, since {}",
    "give an address of a host, or take the health check away"};

}  // namespace meridian::zones::diagnostics
