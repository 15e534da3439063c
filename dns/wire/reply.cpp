// Writes a question, and reads what comes back to it, which may be anything.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/reply.h"

#include <algorithm>

#include "dns/wire/message_format.h"
#include "meridian/bytes.h"
#include "meridian/limits.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

/// Takes a name off the front of `rest`; false where none stands there. A pointer ends it.
bool skip_name(Octets& rest) {
    for (std::size_t at = 0; at < std::min(rest.size(), kMaxNameOctets);) {
        const std::size_t label_octets = rest[at];
        const bool is_pointer = label_octets >= kPointerMark;
        if (!is_pointer && label_octets > kMaxLabelOctets) { return false; }
        const bool is_end = is_pointer || label_octets == 0;
        at += is_pointer ? kPointerOctets : 1 + label_octets;
        if (!is_end) { continue; }
        if (at > rest.size()) { return false; }
        rest = rest.subspan(at);
        return true;
    }
    return false;
}

/// Whether the question of the packet, behind its header, is that of `question`.
bool has_question(Octets packet, Octets question) {
    const Octets asked = question.subspan(kHeaderOctets);
    if (packet.size() < kHeaderOctets + asked.size()) { return false; }
    const Octets sent_back = packet.subspan(kHeaderOctets, asked.size());
    const std::size_t name_octets = asked.size() - kQuestionTailOctets;
    const auto tails = std::pair(asked.subspan(name_octets), sent_back.subspan(name_octets));
    return same_name(asked.first(name_octets), sent_back.first(name_octets)) &&
           std::ranges::equal(tails.first, tails.second);
}

}  // namespace

std::vector<std::uint8_t> question_message(std::uint16_t id, const Name& name, Type type) {
    std::vector<std::uint8_t> message(kHeaderOctets + name.octets() + kQuestionTailOctets);
    store_u16(message, 0, id);
    message[kFlagsAt] = kRecursionDesiredFlag;
    store_u16(message, kQuestionCountAt, 1);
    std::ranges::copy(name.wire(), message.begin() + kHeaderOctets);
    const std::span<std::uint8_t> tail = std::span(message).last(kQuestionTailOctets);
    store_u16(tail, 0, static_cast<std::uint16_t>(type));
    store_u16(tail, 2, static_cast<std::uint16_t>(Class::IN));
    return message;
}

ReplyReader::ReplyReader(Octets packet, Octets question) : packet_(packet) {
    if (packet.size() < kHeaderOctets || load_u16(packet, 0) != load_u16(question, 0)) { return; }
    const std::uint8_t flags = packet[kFlagsAt];
    if ((flags & kResponseFlag) == 0 || (flags & kOpcodeMask) != 0) { return; }
    const unsigned question_count = load_u16(packet, kQuestionCountAt);
    left_ = load_u16(packet, kAnswerCountAt);
    if (question_count == 0) {
        is_reply_ = rcode() != Rcode::NoError && left_ == 0;
        return;
    }
    if (question_count != 1 || !has_question(packet, question)) { return; }
    rest_ = packet.subspan(question.size());
    is_reply_ = true;
}

Rcode ReplyReader::rcode() const {
    return static_cast<Rcode>(packet_[kRcodeAt] & 0x0f);
}

bool ReplyReader::is_truncated() const {
    return (packet_[kFlagsAt] & kTruncatedFlag) != 0;
}

std::optional<ReplyRecord> ReplyReader::next() {
    while (left_ > 0) {
        --left_;
        is_malformed_ = !skip_name(rest_) || rest_.size() < kRecordFixedOctets;
        if (is_malformed_) { break; }
        const Octets fixed = rest_.first(kRecordFixedOctets);
        const std::size_t rdata_octets = load_u16(fixed, kRdataLengthAt);
        rest_ = rest_.subspan(kRecordFixedOctets);
        is_malformed_ = rest_.size() < rdata_octets;
        if (is_malformed_) { break; }
        const Octets rdata = rest_.first(rdata_octets);
        rest_ = rest_.subspan(rdata_octets);
        if (load_u16(fixed, 2) != static_cast<std::uint16_t>(Class::IN)) { continue; }
        return ReplyRecord{static_cast<Type>(load_u16(fixed, 0)), rdata};
    }
    left_ = 0;
    return {};
}

}  // namespace meridian::dns
