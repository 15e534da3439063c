// Writes and reads the messages between the server and its helper.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/helper/helper_message.h"

#include <algorithm>
#include <string>
#include <string_view>

#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::server {

namespace {

static_assert(kMaxHelperMessageOctets >= 16 + kPlaceholders.size() * (2 + kMaxCommandValueOctets));
static_assert(kMaxHelperMessageOctets >= 16 + kMaxCommandOutputOctets);

void add_u16(std::vector<std::uint8_t>& message, std::uint16_t number) {
    message.push_back(static_cast<std::uint8_t>(number >> 8));
    message.push_back(static_cast<std::uint8_t>(number));
}

void add_u32(std::vector<std::uint8_t>& message, std::uint32_t number) {
    add_u16(message, static_cast<std::uint16_t>(number >> 16));
    add_u16(message, static_cast<std::uint16_t>(number));
}

void add_text(std::vector<std::uint8_t>& message, std::string_view text, std::size_t limit) {
    text = text.substr(0, limit);
    add_u16(message, static_cast<std::uint16_t>(text.size()));
    message.insert(message.end(), text.begin(), text.end());
}

/// None where it is longer than `limit` or than the message.
std::optional<std::string> read_text(ByteReader& reader, std::size_t limit) {
    const std::size_t octets = reader.read_u16();
    if (octets > limit) { return {}; }
    const auto text = reader.read(octets);
    if (reader.failed()) { return {}; }
    return std::string(text.begin(), text.end());
}

}  // namespace

std::vector<std::uint8_t> write_request(const HelperRequest& request) {
    std::vector<std::uint8_t> message;
    message.push_back(static_cast<std::uint8_t>(request.kind));
    add_u32(message, request.id);
    if (request.kind == HelperRequest::Kind::Cancel) { return message; }
    add_u16(message, request.command);
    add_u32(message, request.timeout_milliseconds);
    for (const std::string& value : request.values) {
        add_text(message, value, kMaxCommandValueOctets);
    }
    return message;
}

std::optional<HelperRequest> read_request(std::span<const std::uint8_t> message) {
    ByteReader reader(message);
    HelperRequest request;
    const std::uint8_t kind = reader.read_u8();
    request.id = reader.read_u32();
    if (kind == static_cast<std::uint8_t>(HelperRequest::Kind::Cancel)) {
        request.kind = HelperRequest::Kind::Cancel;
    } else if (kind == static_cast<std::uint8_t>(HelperRequest::Kind::Run)) {
        request.command = reader.read_u16();
        request.timeout_milliseconds = reader.read_u32();
        for (std::string& value : request.values) {
            auto text = read_text(reader, kMaxCommandValueOctets);
            if (!text) { return {}; }
            value = std::move(*text);
        }
    } else {
        return {};
    }
    if (reader.failed() || reader.remaining() != 0) { return {}; }
    return request;
}

std::vector<std::uint8_t> write_reply(const HelperReply& reply) {
    std::vector<std::uint8_t> message;
    add_u32(message, reply.id);
    message.push_back(static_cast<std::uint8_t>(reply.outcome.end));
    add_u32(message, static_cast<std::uint32_t>(reply.outcome.code));
    add_text(message, reply.outcome.output, kMaxCommandOutputOctets);
    return message;
}

std::optional<HelperReply> read_reply(std::span<const std::uint8_t> message) {
    ByteReader reader(message);
    HelperReply reply;
    reply.id = reader.read_u32();
    const std::uint8_t end = reader.read_u8();
    reply.outcome.code = static_cast<std::int32_t>(reader.read_u32());
    auto output = read_text(reader, kMaxCommandOutputOctets);
    // `Lost` is what the server says when no reply comes.
    const bool is_known = end < static_cast<std::uint8_t>(CommandEnd::Lost);
    if (!is_known || !output || reader.failed() || reader.remaining() != 0) { return {}; }
    reply.outcome.end = static_cast<CommandEnd>(end);
    reply.outcome.output = std::move(*output);
    return reply;
}

}  // namespace meridian::server
