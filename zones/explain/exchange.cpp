// Asks what is served a question as a resolver would.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/explain/exchange.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::zones {
namespace {

constexpr std::uint16_t kAnyPort = 53000;  // stands for the port of the resolver

void append_u16(std::vector<std::uint8_t>& message, std::uint16_t value) {
    message.resize(message.size() + 2);
    store_u16(message, message.size() - 2, value);
}

/// The ECS option of RFC 7871 §6, as a resolver would send it.
void append_client_subnet(std::vector<std::uint8_t>& message, const IpPrefix& subnet) {
    const std::size_t address_octets = (subnet.bits + 7u) / 8u;
    append_u16(message, static_cast<std::uint16_t>(4 + 4 + address_octets));  // RDLENGTH
    append_u16(message, 8);
    append_u16(message, static_cast<std::uint16_t>(4 + address_octets));
    append_u16(message, subnet.address.is_v4() ? 1 : 2);
    message.push_back(subnet.bits);
    message.push_back(0);
    const auto octets = subnet.address.octets();
    message.insert(message.end(), octets.begin(),
                   octets.begin() + static_cast<std::ptrdiff_t>(address_octets));
}

std::vector<std::uint8_t> make_query(const VerdictQuestion& question) {
    std::vector<std::uint8_t> message{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 1};
    const auto name = question.name.wire();
    message.insert(message.end(), name.begin(), name.end());
    append_u16(message, static_cast<std::uint16_t>(question.type));
    append_u16(message, static_cast<std::uint16_t>(dns::Class::IN));
    message.push_back(0);  // OPT: the root, type, payload size, extended rcode and flags
    append_u16(message, static_cast<std::uint16_t>(dns::Type::OPT));
    append_u16(message, static_cast<std::uint16_t>(kMaxUdpOctets));
    message.insert(message.end(), 4, 0);
    if (question.client_subnet) {
        append_client_subnet(message, *question.client_subnet);
    } else {
        append_u16(message, 0);
    }
    return message;
}

}  // namespace

Exchange ask(const Serving& serving, const BatchContext& context, const VerdictQuestion& question) {
    Exchange exchange;
    const std::vector<std::uint8_t> query = make_query(question);
    std::vector<std::uint8_t> buffer(kMaxTcpOctets);
    std::copy(query.begin(), query.end(), buffer.begin());
    dns::Request request{buffer, query.size(), {question.peer, kAnyPort}, true, 0};
    answer(serving, context, {&request, 1}, *exchange.state);
    MERIDIAN_ASSERT(request.reply_octets >= kHeaderOctets);
    exchange.reply = message_to_text(std::span(buffer).first(request.reply_octets));
    return exchange;
}

}  // namespace meridian::zones
