// Reads as much of a reply to an HTTP check as the check needs.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/probing/http_reply.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>

#include "meridian/limits.h"
#include "server/probing/network_text.h"

namespace meridian::server {

namespace {

using MaybeResult = std::optional<CheckResult>;

constexpr std::size_t kShownTextCharacters = 40;
constexpr std::string_view kVersion = "HTTP/1.";

CheckResult bad_http(const std::string& why) {
    return {FailureKind::Other, "no HTTP: " + why};
}

bool is_wanted(const zones::HealthCheck& check, std::uint16_t status) {
    if (check.status.empty()) { return status >= 200 && status <= 299; }
    return std::ranges::find(check.status, status) != check.status.end();
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// RFC 9110 §5.6.2
bool is_token(std::string_view text) {
    constexpr std::string_view kOthers = "!#$%&'*+-.^_`|~";
    return !text.empty() && std::ranges::all_of(text, [&](char c) {
        return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               kOthers.find(c) != kOthers.npos;
    });
}

/// RFC 9110 §5.5; octets above 0x7f are allowed there.
bool is_field_value(std::string_view text) {
    return std::ranges::none_of(
        text, [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; });
}

char lower(char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

/// `name` is in lower case.
bool same_name(std::string_view text, std::string_view name) {
    return std::ranges::equal(text, name, {}, lower);
}

std::string_view trimmed(std::string_view text) {
    const std::size_t first = text.find_first_not_of(" \t");
    if (first == text.npos) { return {}; }
    return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

/// All of it, and no more than fits; none: it is no number.
std::optional<std::uint64_t> number_of(std::string_view text, int base) {
    std::uint64_t number = 0;
    const char* const begin = text.data();
    const char* const end = begin + text.size();
    const auto [stopped, error] = std::from_chars(begin, end, number, base);
    if (error != std::errc() || stopped != end) { return {}; }
    return number;
}

}  // namespace

/// Takes lines, and the body between them, octet by octet if need be.
struct HttpReply::State {
    enum class Part : std::uint8_t { StatusLine, Field, ChunkSize, ChunkEnd, Body };

    explicit State(const zones::HealthCheck& its_check) : check(its_check) {}

    MaybeResult take(std::string_view octets);
    MaybeResult take_part_of_line(std::string_view& octets);
    MaybeResult take_line(std::string_view text);
    MaybeResult take_status_line(std::string_view text);
    MaybeResult take_field(std::string_view text);
    MaybeResult take_length(std::string_view value);
    MaybeResult end_header();
    MaybeResult take_chunk_size(std::string_view text);
    MaybeResult take_body(std::string_view& octets);
    MaybeResult look_into_body(bool is_whole);
    [[nodiscard]] CheckResult bad_status() const;
    [[nodiscard]] bool has_no_body() const;

    const zones::HealthCheck& check;
    Part part = Part::StatusLine;
    std::string line;               // as far as it has come
    std::size_t header_octets = 0;  // of the lines before
    std::size_t taken_octets = 0;
    std::uint16_t status = 0;  // of the final response
    std::uint16_t code = 0;    // of this one, which may be interim
    std::string location;
    std::optional<std::uint64_t> length;
    bool chunked = false;
    std::optional<std::uint64_t> left;  // of the body or the chunk; none: until the end
    std::string body;
    std::size_t searched_octets = 0;
};

MaybeResult HttpReply::State::take(std::string_view octets) {
    while (!octets.empty()) {
        const MaybeResult result =
            part == Part::Body ? take_body(octets) : take_part_of_line(octets);
        if (result) { return result; }
    }
    return {};
}

MaybeResult HttpReply::State::take_part_of_line(std::string_view& octets) {
    const std::size_t end = octets.find('\n');
    line += octets.substr(0, end);
    octets.remove_prefix(end == octets.npos ? octets.size() : end + 1);
    const std::size_t common = std::min(line.size(), kVersion.size());
    if (part == Part::StatusLine && line.compare(0, common, kVersion, 0, common) != 0) {
        return bad_http("it begins otherwise");  // without waiting for the end of a line
    }
    if (header_octets + line.size() > kMaxProbeHeaderOctets) {
        return bad_http("its header does not end");
    }
    if (end == octets.npos) { return {}; }
    header_octets += line.size() + 1;
    if (line.ends_with('\r')) { line.pop_back(); }  // RFC 9112 §2.2: a bare LF may end a line
    return take_line(std::exchange(line, {}));
}

MaybeResult HttpReply::State::take_line(std::string_view text) {
    switch (part) {
        case Part::StatusLine:
            return take_status_line(text);
        case Part::Field:
            return text.empty() ? end_header() : take_field(text);
        case Part::ChunkSize:
            return take_chunk_size(text);
        case Part::ChunkEnd:
            part = Part::ChunkSize;
            if (!text.empty()) { return bad_http("a chunk is longer than its size"); }
            return {};
        case Part::Body:
            break;
    }
    return {};
}

/// RFC 9112 §4: a digit of the version, a space, the code, then a space and any reason.
MaybeResult HttpReply::State::take_status_line(std::string_view text) {
    const std::string_view rest = text.substr(std::min(text.size(), kVersion.size()));
    const bool is_whole = rest.size() >= 5 && is_digit(rest[0]) && rest[1] == ' ' &&
                          std::ranges::all_of(rest.substr(2, 3), is_digit) && rest[2] != '0' &&
                          (rest.size() == 5 || rest[5] == ' ') && is_field_value(rest);
    if (!is_whole) { return bad_http("its first line has no code"); }
    code = static_cast<std::uint16_t>(*number_of(rest.substr(2, 3), 10));
    part = Part::Field;
    return {};
}

MaybeResult HttpReply::State::take_field(std::string_view text) {
    const std::size_t colon = std::min(text.find(':'), text.size());
    const std::string_view name = text.substr(0, colon);
    if (colon == text.size() || !is_token(name) || !is_field_value(text)) {
        return bad_http("a line of its header is no field");
    }
    const std::string_view value = trimmed(text.substr(colon + 1));
    if (same_name(name, "location")) { location = value; }
    if (same_name(name, "content-length")) { return take_length(value); }
    if (same_name(name, "transfer-encoding")) {  // RFC 9112 §6.1: chunked is the last, if there
        chunked = same_name(trimmed(value.substr(value.rfind(',') + 1)), "chunked");
    }
    return {};
}

MaybeResult HttpReply::State::take_length(std::string_view value) {
    const auto number = number_of(value, 10);
    if (!number || (length && length != number)) { return bad_http("its length is no number"); }
    length = number;
    return {};
}

MaybeResult HttpReply::State::end_header() {
    header_octets = 0;
    part = Part::StatusLine;
    if (code < 200 && code != 101) { return {}; }  // RFC 9110 §15.2: the final response follows
    status = code;
    if (!is_wanted(check, status)) { return bad_status(); }
    if (check.body.empty()) { return CheckResult{}; }
    if (has_no_body()) { return look_into_body(true); }
    part = chunked ? Part::ChunkSize : Part::Body;
    left = length;
    return {};
}

/// RFC 9112 §6.3
bool HttpReply::State::has_no_body() const {
    return check.method == "HEAD" || status == 101 || status == 204 || status == 304 ||
           (!chunked && length == 0u);
}

CheckResult HttpReply::State::bad_status() const {
    const std::string text = std::to_string(status);
    if (status / 100 != 3) { return {FailureKind::BadStatus, text}; }
    const std::string target = location.empty() ? "" : " to " + network_text(location);
    return {FailureKind::Redirect, text + " redirect" + target};
}

MaybeResult HttpReply::State::take_chunk_size(std::string_view text) {
    header_octets = 0;
    const auto size = number_of(trimmed(text.substr(0, text.find(';'))), 16);
    if (!size) { return bad_http("a chunk has no size"); }
    if (size == 0u) { return look_into_body(true); }  // what trails is no body
    left = size;
    part = Part::Body;
    return {};
}

MaybeResult HttpReply::State::take_body(std::string_view& octets) {
    std::size_t count = std::min(octets.size(), kMaxProbeBodyOctets - body.size());
    if (left) { count = static_cast<std::size_t>(std::min<std::uint64_t>(count, *left)); }
    body += octets.substr(0, count);
    octets.remove_prefix(count);
    if (left) { *left -= count; }
    const bool part_ends = left == 0u;
    if (part_ends && chunked) {
        header_octets = 0;
        part = Part::ChunkEnd;
    }
    return look_into_body((part_ends && !chunked) || body.size() == kMaxProbeBodyOctets);
}

MaybeResult HttpReply::State::look_into_body(bool is_whole) {
    if (body.find(check.body, searched_octets) != body.npos) { return CheckResult{}; }
    searched_octets = body.size() - std::min(body.size(), check.body.size() - 1);
    if (!is_whole) { return {}; }
    const std::string wanted = network_text(check.body, kShownTextCharacters);
    return CheckResult{FailureKind::BadBody, "the body lacks \"" + wanted + "\""};
}

HttpReply::HttpReply(const zones::HealthCheck& check) : state_(std::make_unique<State>(check)) {}

HttpReply::~HttpReply() = default;

MaybeResult HttpReply::take(std::string_view octets) {
    // Interim responses and the sizes of chunks count too: they may be endless.
    state_->taken_octets += octets.size();
    if (const MaybeResult result = state_->take(octets)) { return result; }
    if (state_->taken_octets < kMaxProbeReplyOctets) { return {}; }
    return state_->status == 0 ? bad_http("its header does not end") : state_->look_into_body(true);
}

CheckResult HttpReply::take_end() {
    if (state_->taken_octets == 0) { return {FailureKind::Other, "closed before a reply"}; }
    if (state_->status != 0) { return *state_->look_into_body(true); }
    return {FailureKind::Other, "closed within the header of its reply"};
}

std::uint16_t HttpReply::status() const {
    return state_->status;
}

}  // namespace meridian::server
