// Reads queries, the one place where a stranger's octets become values.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/query.h"

#include <algorithm>
#include <cstring>

#include "dns/wire/message_format.h"
#include "meridian/bytes.h"
#include "meridian/dns/ascii_case.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

/// Makes the slot as new, save for the arrays: writing 400 octets for every query would cost more
/// than reading the query does.
void reset(Query& query) {
    query.deserves_reply = false;
    query.error = Rcode::NoError;
    query.has_question = false;
    query.type = Type{};
    query.qclass = Class{};
    query.name[0] = 0;  // the root, so that `name_wire` is a name even without a question
    query.name_octets = 1;
    query.label_count = 0;
    query.question_end = kHeaderOctets;
    query.limit_octets = kMinUdpOctets;
    query.edns.present = false;
    query.edns.dnssec_ok = false;
    query.edns.version = 0;
    query.edns.udp_octets = 0;
    query.edns.client_subnet = {};
    query.edns.client_subnet_echo_octets = 0;
}

/// Reads QNAME into `query`. A compression pointer is refused like any other length above 63:
/// nothing stands before the question that it could point to.
bool read_question_name(Octets packet, Query& query) {
    const Octets octets = packet.subspan(kHeaderOctets);
    std::size_t offset = 0;
    std::size_t label_count = 0;
    while (true) {
        if (offset >= octets.size()) { return false; }
        const std::size_t label_octets = octets[offset];
        if (label_octets == 0) { break; }
        if (label_octets > kMaxLabelOctets) { return false; }
        query.label_starts[label_count] = static_cast<std::uint8_t>(offset);
        ++label_count;
        offset += 1 + label_octets;
        if (offset >= kMaxNameOctets) { return false; }  // the root label needs one octet more
    }
    const std::size_t name_octets = offset + 1;
    std::memcpy(query.name.data(), octets.data(), name_octets);
    lower_case_in_place(query.name, name_octets);
    query.name_octets = static_cast<std::uint8_t>(name_octets);
    query.label_count = static_cast<std::uint8_t>(label_count);
    return true;
}

/// Leaves no trace in `query` of a question that is not whole.
bool read_question(Octets packet, Query& query) {
    if (!read_question_name(packet, query)) { return false; }
    const std::size_t name_end = kHeaderOctets + query.name_octets;
    if (packet.size() - name_end < kQuestionTailOctets) {
        query.name[0] = 0;
        query.name_octets = 1;
        query.label_count = 0;
        return false;
    }
    query.type = static_cast<Type>(load_u16(packet, name_end));
    query.qclass = static_cast<Class>(load_u16(packet, name_end + 2));
    query.question_end = static_cast<std::uint16_t>(name_end + kQuestionTailOctets);
    query.has_question = true;
    return true;
}

/// Steps over the owner of a record. A pointer ends the name and is not followed, wherever it may
/// lead: we have no use for these names.
bool skip_owner(ByteReader& reader) {
    const std::size_t start = reader.position();
    while (!reader.failed()) {
        const std::uint8_t length = reader.read_u8();
        if (length == 0) { break; }
        if (length >= kPointerMark) {
            reader.skip(1);
            break;
        }
        if (length > kMaxLabelOctets) { return false; }
        reader.skip(length);
        if (reader.position() - start >= kMaxNameOctets) { return false; }
    }
    return !reader.failed();
}

/// RFC 7871 §6 and §7.1.2, each demand taken as a must.
///
/// Family 0 is refused even with SOURCE 0, which some clients mean as "no subnet, please": families
/// 1 and 2 with SOURCE 0 say that too, and §7.2.1 wants FORMERR for a family that is unknown. gdnsd
/// decides alike; the alternative is to take it for SOURCE 0.
bool read_client_subnet(Octets option, Edns& edns) {
    constexpr std::size_t kFixedOctets = 4;
    if (option.size() < kFixedOctets) { return false; }
    const std::uint16_t family_number = load_u16(option, 0);
    if (family_number != kFamilyV4 && family_number != kFamilyV6) { return false; }
    const Family family = family_number == kFamilyV4 ? Family::V4 : Family::V6;
    const std::uint8_t source_bits = option[2];
    const std::uint8_t scope_bits = option[3];
    const Octets address_octets = option.subspan(kFixedOctets);
    if (source_bits > width_bits(family) || scope_bits != 0) { return false; }
    if (address_octets.size() != (source_bits + 7u) / 8) { return false; }

    std::array<std::uint8_t, 16> whole_address{};
    std::copy(address_octets.begin(), address_octets.end(), whole_address.begin());
    const IpAddress address = IpAddress::from_octets(family, whole_address.data());
    if (address.masked(source_bits) != address) { return false; }

    edns.client_subnet = {.present = true, .address = address, .source_bits = source_bits};
    std::copy(option.begin(), option.end(), edns.client_subnet_echo.begin());
    edns.client_subnet_echo_octets = static_cast<std::uint8_t>(option.size());
    return true;
}

/// Only the client subnet means anything to us; any other option is stepped over (RFC 6891
/// §6.1.2). So is a second client subnet, whatever it holds: RFC 7871 knows of one only.
bool read_options(Octets rdata, Edns& edns) {
    ByteReader reader(rdata);
    while (reader.remaining() > 0) {
        const std::uint16_t code = reader.read_u16();
        const Octets option = reader.read(reader.read_u16());
        if (reader.failed()) { return false; }
        if (code != kClientSubnetOption || edns.client_subnet.present) { continue; }
        if (!read_client_subnet(option, edns)) { return false; }
    }
    return true;
}

struct OptRecord {
    bool has_root_owner = false;
    std::uint16_t udp_octets = 0;       ///< In the place of CLASS.
    std::uint32_t extended_fields = 0;  ///< In the place of TTL: upper RCODE, VERSION, flags.
    Octets rdata;
};

/// Marks EDNS as present before it looks closer: a FORMERR for what OPT holds still carries an OPT,
/// to tell us from a server that does not know EDNS (RFC 6891 §7).
bool read_opt(const OptRecord& record, Edns& edns) {
    if (edns.present) { return false; }
    edns.present = true;
    edns.udp_octets = record.udp_octets;
    edns.version = static_cast<std::uint8_t>(record.extended_fields >> kOptVersionShift);
    edns.dnssec_ok = (record.extended_fields & kOptDnssecOk) != 0;
    // Options of a higher version are read as those of version 0: there is no other form yet.
    return record.has_root_owner && read_options(record.rdata, edns);
}

/// Reads OPT and steps over all other records; TSIG and SIG(0) are for later.
bool read_additional(Octets packet, std::uint16_t record_count, Query& query) {
    ByteReader reader(packet);
    reader.skip(query.question_end);
    for (std::uint16_t i = 0; i < record_count; ++i) {
        OptRecord record;
        const std::size_t owner_start = reader.position();
        if (!skip_owner(reader)) { return false; }
        record.has_root_owner = packet[owner_start] == 0;
        const Type type = static_cast<Type>(reader.read_u16());
        record.udp_octets = reader.read_u16();
        record.extended_fields = reader.read_u32();
        record.rdata = reader.read(reader.read_u16());
        if (reader.failed()) { return false; }
        if (type == Type::OPT && !read_opt(record, query.edns)) { return false; }
    }
    // Octets that no count covers would be read differently by the next box on the way.
    return reader.remaining() == 0;
}

/// Everything behind the header. Keeps what it has read when it finds a fault.
bool read_sections(Octets packet, Query& query) {
    const std::uint16_t question_count = load_u16(packet, kQuestionCountAt);
    const std::uint16_t answer_count = load_u16(packet, kAnswerCountAt);
    const std::uint16_t authority_count = load_u16(packet, kAuthorityCountAt);
    if (question_count != 1 || !read_question(packet, query)) { return false; }
    if (answer_count != 0 || authority_count != 0) { return false; }
    return read_additional(packet, load_u16(packet, kAdditionalCountAt), query);
}

Rcode first_error(Opcode opcode, bool well_formed, const Query& query) {
    // NOTIFY and UPDATE have sections of their own kind, but the same question and OPT; so a NOTIMP
    // carries these if they could be read, and their faults do not count.
    if (opcode != Opcode::Query) { return Rcode::NotImp; }
    if (!well_formed) { return Rcode::FormErr; }
    if (query.edns.version > 0) { return Rcode::BadVers; }
    // TYPE0 and what is kept for meta types without a meaning yet (RFC 6895 §3.1) go with AXFR: no
    // zone can ever hold them.
    const bool is_answerable = is_data_type(query.type) || query.type == Type::ANY;
    return query.qclass == Class::IN && is_answerable ? Rcode::NoError : Rcode::Refused;
}

std::uint16_t limit_octets(Transport transport, const Edns& edns) {
    if (transport == Transport::Stream) { return kMaxTcpOctets; }
    if (!edns.present) { return kMinUdpOctets; }
    // Below 512 counts as 512 (RFC 6891 §6.2.3).
    return std::clamp<std::uint16_t>(edns.udp_octets, kMinUdpOctets, kMaxUdpOctets);
}

}  // namespace

void read_query(std::span<const std::uint8_t> packet, Transport transport, Query& query) {
    reset(query);
    if (packet.size() < kHeaderOctets || (packet[kFlagsAt] & kResponseFlag) != 0) { return; }
    query.deserves_reply = true;
    // TC, AA, AD, CD, Z and RCODE of a query are not looked at: a set TC is the sender's mistake,
    // and whoever could read the question whole may as well answer it (PowerDNS drops such).
    const Opcode opcode = static_cast<Opcode>((packet[kFlagsAt] & kOpcodeMask) >> kOpcodeShift);
    const bool well_formed = read_sections(packet, query);
    query.error = first_error(opcode, well_formed, query);
    query.limit_octets = limit_octets(transport, query.edns);
}

}  // namespace meridian::dns
