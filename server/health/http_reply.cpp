// Reads as much of a reply to an HTTP check as the check needs.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/health/http_reply.h"

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <string>

#include "meridian/limits.h"
#include "server/health/network_text.h"

namespace meridian::server {

namespace http = boost::beast::http;
using boost::system::error_code;

namespace {

using Parser = http::response_parser<http::buffer_body>;
using MaybeResult = std::optional<CheckResult>;

constexpr std::size_t kShownTextCharacters = 40;

bool is_wanted(const zones::HealthCheck& check, std::uint16_t status) {
    if (check.status.empty()) { return status >= 200 && status <= 299; }
    return std::ranges::find(check.status, status) != check.status.end();
}

CheckResult bad_http(const std::string& why) {
    return {FailureKind::Other, "no HTTP: " + why};
}

}  // namespace

struct HttpReply::State {
    explicit State(const zones::HealthCheck& its_check) : check(its_check) { begin(); }

    void begin();
    error_code parse();
    MaybeResult go_on();
    MaybeResult judge_header();
    [[nodiscard]] CheckResult bad_status() const;
    MaybeResult look_into_body(bool is_whole);

    const zones::HealthCheck& check;
    std::optional<Parser> parser;
    std::string unread;  // taken, and not understood yet
    std::string body;    // room for all that is looked at
    std::size_t body_octets = 0;
    std::size_t searched_octets = 0;
    std::size_t taken_octets = 0;
    std::uint16_t status = 0;
};

void HttpReply::State::begin() {
    parser.emplace();
    parser->header_limit(static_cast<std::uint32_t>(kMaxProbeHeaderOctets));
    parser->body_limit(boost::none);  // only its first octets are looked at
    if (check.method == "HEAD") { parser->skip(true); }
}

error_code HttpReply::State::parse() {
    auto& window = parser->get().body();
    window.data = body.data() + body_octets;
    window.size = body.size() - body_octets;
    window.more = true;
    error_code error;
    unread.erase(0, parser->put(boost::asio::buffer(unread), error));
    body_octets = body.size() - window.size;
    return error;
}

MaybeResult HttpReply::State::go_on() {
    while (!unread.empty()) {
        const bool had_header = parser->is_header_done();
        const error_code error = parse();
        if (error == http::error::need_more) { break; }
        const bool is_full = error == http::error::need_buffer;
        if (error && !is_full) { return bad_http(error.message()); }
        const MaybeResult result =
            had_header ? look_into_body(is_full || parser->is_done()) : judge_header();
        if (result) { return result; }
    }
    return {};
}

MaybeResult HttpReply::State::judge_header() {
    status = static_cast<std::uint16_t>(parser->get().result_int());
    if (status < 200 && status != 101) {  // RFC 9110 §15.2: the final response follows
        begin();
        return {};
    }
    if (!is_wanted(check, status)) { return bad_status(); }
    if (check.body.empty()) { return CheckResult{}; }
    body.resize(kMaxProbeBodyOctets);
    return parser->is_done() ? look_into_body(true) : MaybeResult();
}

CheckResult HttpReply::State::bad_status() const {
    const std::string code = std::to_string(status);
    if (status / 100 != 3) { return {FailureKind::BadStatus, code}; }
    const auto location = parser->get()[http::field::location];
    const std::string target = location.empty() ? "" : " to " + network_text(location);
    return {FailureKind::Redirect, code + " redirect" + target};
}

MaybeResult HttpReply::State::look_into_body(bool is_whole) {
    const std::string_view seen(body.data(), body_octets);
    if (seen.find(check.body, searched_octets) != seen.npos) { return CheckResult{}; }
    if (is_whole || body_octets == kMaxProbeBodyOctets) {
        return CheckResult{
            FailureKind::BadBody,
            "the body lacks \"" + network_text(check.body, kShownTextCharacters) + "\""};
    }
    searched_octets = body_octets - std::min(body_octets, check.body.size() - 1);
    return {};
}

HttpReply::HttpReply(const zones::HealthCheck& check) : state_(std::make_unique<State>(check)) {}

HttpReply::~HttpReply() = default;

MaybeResult HttpReply::take(std::string_view octets) {
    // Sizes of chunks and their extensions count too, else an endless reply of those would be read.
    state_->taken_octets += octets.size();
    if (state_->taken_octets > kMaxProbeReplyOctets) {
        if (state_->status >= 200) { return state_->look_into_body(true); }
        return bad_http("its header does not end");
    }
    state_->unread += octets;
    return state_->go_on();
}

CheckResult HttpReply::take_end() {
    if (state_->taken_octets == 0) { return {FailureKind::Other, "closed before a reply"}; }
    if (state_->parser->is_header_done()) { return *state_->look_into_body(true); }
    return {FailureKind::Other, "closed within the header of its reply"};
}

std::uint16_t HttpReply::status() const {
    return state_->status;
}

}  // namespace meridian::server
