// Reads a DNS message into text, by code that shares nothing with the server's.
//
// SPDX-License-Identifier: Apache-2.0
#include "tests/support/message_decoder.h"

#include <arpa/inet.h>

#include <array>
#include <cstdio>
#include <map>
#include <set>
#include <stdexcept>
#include <vector>

namespace meridian::tests {
namespace {

using Octets = std::span<const std::uint8_t>;

constexpr unsigned kA = 1, kNs = 2, kCname = 5, kSoa = 6, kPtr = 12, kMx = 15, kTxt = 16,
                   kDname = 39;
constexpr unsigned kAaaa = 28, kSrv = 33, kOpt = 41, kSvcb = 64, kHttps = 65, kCaa = 257;

[[noreturn]] void fail(const std::string& what) {
    throw std::runtime_error("malformed message: " + what);
}

/// Escapes an octet of a name or of a character-string (RFC 1035 §5.1).
std::string escaped(std::uint8_t octet, std::string_view special) {
    if (octet < 0x20 || octet > 0x7e) {
        char digits[5];
        std::snprintf(digits, sizeof digits, "\\%03u", static_cast<unsigned>(octet));
        return digits;
    }
    const char character = static_cast<char>(octet);
    return special.find(character) != special.npos ? std::string{'\\', character}
                                                   : std::string{character};
}

class Decoder {
public:
    explicit Decoder(Octets message) : message_(message) {}

    [[nodiscard]] std::size_t position() const { return position_; }
    [[nodiscard]] bool at_end() const { return position_ == message_.size(); }

    std::uint8_t u8() {
        if (position_ >= message_.size()) { fail("ends early"); }
        return message_[position_++];
    }
    std::uint16_t u16() {
        const unsigned high = u8();
        return static_cast<std::uint16_t>((high << 8) | u8());
    }
    std::uint32_t u32() {
        const std::uint32_t high = u16();
        return (high << 16) | u16();
    }
    Octets take(std::size_t count) {
        if (count > message_.size() - position_) { fail("a field is longer than the message"); }
        position_ += count;
        return message_.subspan(position_ - count, count);
    }

    /// A name at the current position; every pointer must lead backwards (RFC 1035 §4.1.4), and to
    /// a label of a name that was read before: not to a pointer, and not to octets that only look
    /// like a label.
    std::string name() {
        std::vector<std::size_t> starts;
        std::string text = read_name(starts);
        label_starts_.insert(starts.begin(), starts.end());
        return text;
    }

private:
    std::string read_name(std::vector<std::size_t>& starts) {
        std::string text;
        std::size_t at = position_;
        std::size_t limit = position_;
        std::size_t octets = 1;
        bool jumped = false;
        for (;;) {
            if (at >= message_.size()) { fail("a name runs off the end"); }
            const std::uint8_t length = message_[at];
            if (length >= 0xc0) {
                if (at + 1 >= message_.size()) { fail("half a pointer"); }
                const std::size_t target =
                    static_cast<std::size_t>(length & 0x3f) << 8 | message_[at + 1];
                if (target >= limit) { fail("a pointer does not lead backwards"); }
                if (!label_starts_.contains(target)) { fail("a pointer leads to no label"); }
                if (!jumped) { position_ = at + 2; }
                jumped = true;
                at = limit = target;
                continue;
            }
            if (length > 63) { fail("a label of an unknown kind"); }
            if (!jumped) { starts.push_back(at); }
            if (length == 0) { break; }
            octets += length + 1U;
            if (octets > 255 || at + 1 + length > message_.size()) { fail("a name is too long"); }
            for (const std::uint8_t octet : message_.subspan(at + 1, length)) {
                text += escaped(octet, ".\\\"();@$");
            }
            text += '.';
            at += length + 1U;
        }
        if (!jumped) { position_ = at + 1; }
        return text.empty() ? "." : text;
    }

    Octets message_;
    std::size_t position_ = 0;
    std::set<std::size_t> label_starts_;
};

const std::map<unsigned, std::string>& type_names() {
    static const std::map<unsigned, std::string> names{
        {kA, "A"},       {kNs, "NS"},       {kCname, "CNAME"}, {kSoa, "SOA"},
        {kPtr, "PTR"},   {13, "HINFO"},     {kMx, "MX"},       {kTxt, "TXT"},
        {kAaaa, "AAAA"}, {kSrv, "SRV"},     {kDname, "DNAME"}, {43, "DS"},
        {kSvcb, "SVCB"}, {kHttps, "HTTPS"}, {99, "SPF"},       {kCaa, "CAA"}};
    return names;
}

std::string address_text(int family, Octets octets) {
    const std::size_t expected = family == AF_INET ? 4 : 16;
    if (octets.size() != expected) { fail("an address of the wrong length"); }
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(family, octets.data(), text.data(), text.size());
    return text.data();
}

std::string quoted(Octets octets) {
    std::string text = "\"";
    for (const std::uint8_t octet : octets) {
        text += escaped(octet, "\"\\");
    }
    return text + "\"";
}

std::string strings_text(Decoder& decoder, std::size_t end) {
    std::string text;
    while (decoder.position() < end) {
        const std::size_t length = decoder.u8();
        text += (text.empty() ? "" : " ") + quoted(decoder.take(length));
    }
    return text;
}

std::string soa_text(Decoder& decoder) {
    std::string text = decoder.name();
    text += " " + decoder.name();
    for (int field = 0; field < 5; ++field) {
        text += " " + std::to_string(decoder.u32());
    }
    return text;
}

std::string caa_text(Decoder& decoder, std::size_t end) {
    const unsigned flags = decoder.u8();
    const Octets tag = decoder.take(decoder.u8());
    const std::string name(tag.begin(), tag.end());
    return std::to_string(flags) + " " + name + " " +
           quoted(decoder.take(end - decoder.position()));
}

/// RFC 3597 §5: `\# 4 c0000201`.
std::string generic_text(Octets octets) {
    std::string text = "\\# " + std::to_string(octets.size()) + (octets.empty() ? "" : " ");
    for (const std::uint8_t octet : octets) {
        char digits[3];
        std::snprintf(digits, sizeof digits, "%02x", static_cast<unsigned>(octet));
        text += digits;
    }
    return text;
}

/// Writes RDATA as RFC 3597 does, but reads the target's name: owners of later records may point to
/// it.
std::string service_text(Decoder& decoder, std::size_t length) {
    Decoder again = decoder;
    (void)decoder.u16();
    (void)decoder.name();
    const std::size_t read = decoder.position() - again.position();
    if (read > length) { fail("a target longer than its record"); }
    (void)decoder.take(length - read);
    return generic_text(again.take(length));
}

std::string rdata_text(unsigned type, Decoder& decoder, std::size_t length) {
    const std::size_t end = decoder.position() + length;
    switch (type) {
        case kA:
            return address_text(AF_INET, decoder.take(length));
        case kAaaa:
            return address_text(AF_INET6, decoder.take(length));
        case kNs:
        case kCname:
        case kPtr:
        case kDname:
            return decoder.name();
        case kSoa:
            return soa_text(decoder);
        case kMx: {
            const std::string preference = std::to_string(decoder.u16());
            return preference + " " + decoder.name();
        }
        case kSrv: {
            std::string text;
            for (int field = 0; field < 3; ++field) {
                text += std::to_string(decoder.u16()) + " ";
            }
            return text + decoder.name();
        }
        case kSvcb:
        case kHttps:
            return service_text(decoder, length);
        case kTxt:
            return strings_text(decoder, end);
        case kCaa:
            return caa_text(decoder, end);
        default:
            return generic_text(decoder.take(length));
    }
}

void read_options(Decoder& decoder, std::size_t end, DecodedEdns& edns) {
    while (decoder.position() < end) {
        const std::uint16_t code = decoder.u16();
        const std::uint16_t length = decoder.u16();
        const Octets value = decoder.take(length);
        edns.options.emplace_back(code, std::vector<std::uint8_t>(value.begin(), value.end()));
    }
}

void read_record(Decoder& decoder, std::vector<DecodedRecord>& section, DecodedMessage& message) {
    DecodedRecord record;
    record.owner = decoder.name();
    const unsigned type = decoder.u16();
    const unsigned record_class = decoder.u16();
    record.ttl_seconds = decoder.u32();
    const std::size_t length = decoder.u16();
    const std::size_t end = decoder.position() + length;
    if (type == kOpt) {
        if (message.edns.present || &section != &message.additional || record.owner != ".") {
            fail("OPT twice, in the wrong section or with an owner");
        }
        message.edns.present = true;
        message.edns.udp_octets = static_cast<std::uint16_t>(record_class);
        message.rcode |= (record.ttl_seconds >> 24) << 4;
        message.edns.version = static_cast<std::uint8_t>(record.ttl_seconds >> 16);
        message.edns.dnssec_ok = (record.ttl_seconds & 0x8000) != 0;
        read_options(decoder, end, message.edns);
    } else {
        if (record_class != 1) { fail("a record of a class other than IN"); }
        const auto name = type_names().find(type);
        record.type = name == type_names().end() ? "TYPE" + std::to_string(type) : name->second;
        record.rdata = rdata_text(type, decoder, length);
        section.push_back(record);
    }
    if (decoder.position() != end) { fail("RDLENGTH does not fit the RDATA of " + record.type); }
}

}  // namespace

std::string DecodedRecord::text() const {
    return owner + " " + std::to_string(ttl_seconds) + " " + type + " " + rdata;
}

DecodedMessage decode_message(std::span<const std::uint8_t> octets) {
    Decoder decoder(octets);
    DecodedMessage message;
    message.id = decoder.u16();
    const unsigned flags = decoder.u16();
    message.is_response = (flags & 0x8000) != 0;
    message.opcode = static_cast<std::uint8_t>((flags >> 11) & 15);
    message.authoritative = (flags & 0x0400) != 0;
    message.truncated = (flags & 0x0200) != 0;
    message.recursion_desired = (flags & 0x0100) != 0;
    message.recursion_available = (flags & 0x0080) != 0;
    message.reserved_bits = (flags & 0x0070) != 0;
    message.rcode = flags & 15;
    std::array<std::uint16_t, 4> counts{};
    for (std::uint16_t& count : counts) {
        count = decoder.u16();
    }

    const std::size_t question_begin = decoder.position();
    for (unsigned i = 0; i < counts[0]; ++i) {
        (void)decoder.name();
        (void)decoder.u32();
    }
    const Octets question = octets.subspan(question_begin, decoder.position() - question_begin);
    message.question.assign(question.begin(), question.end());
    const std::array sections{&message.answer, &message.authority, &message.additional};
    for (std::size_t section = 0; section < sections.size(); ++section) {
        for (unsigned i = 0; i < counts[section + 1]; ++i) {
            read_record(decoder, *sections[section], message);
        }
    }
    if (!decoder.at_end()) { fail("octets after the last record"); }
    return message;
}

std::string rcode_name(unsigned rcode) {
    static const std::map<unsigned, std::string> names{
        {0, "NOERROR"}, {1, "FORMERR"}, {2, "SERVFAIL"}, {3, "NXDOMAIN"},
        {4, "NOTIMP"},  {5, "REFUSED"}, {6, "YXDOMAIN"}, {16, "BADVERS"}};
    const auto name = names.find(rcode);
    return name == names.end() ? "RCODE" + std::to_string(rcode) : name->second;
}

}  // namespace meridian::tests
