// Reads queries, the one place where a stranger's octets become values.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/query.h"

#include <algorithm>

#include "dns/wire/message_format.h"
#include "meridian/bytes.h"
#include "meridian/dns/ascii_case.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

// The slot of a query is used over and over. Every way out of `read_query` leaves all that stands
// there in front of a length or a `present` as new, and writes it once on the way that most take.

/// Leaves the slot without a question. The root, so that `name_wire` is a name all the same.
void forget_question(Query& query) {
    query.has_question = false;
    query.type = Type{};
    query.qclass = Class{};
    query.name[0] = 0;
    query.name_octets = 1;
    query.label_count = 0;
    query.question_end = kHeaderOctets;
}

void forget_edns(Edns& edns) {
    edns.present = false;
    edns.dnssec_ok = false;
    edns.version = 0;
    edns.udp_octets = 0;
    edns.client_subnet.present = false;
}

/// Reads the question into `query`, and writes nothing of one that is not whole. A compression
/// pointer is refused like any other length above 63: nothing stands before the
/// question that it could point to.
bool read_question(Octets packet, Query& query) {
    const Octets octets = packet.subspan(kHeaderOctets);
    // The root label, which ends a name, is the 255th octet at the latest.
    const std::size_t end = std::min(octets.size(), kMaxNameOctets);
    std::size_t offset = 0;
    unsigned label_count = 0;
    while (true) {
        if (offset >= end) { return false; }
        const std::size_t label_octets = octets[offset];
        if (label_octets - 1 >= kMaxLabelOctets) {  // neither 1 nor 63 nor between
            if (label_octets == 0) { break; }
            return false;
        }
        ++label_count;
        offset += 1 + label_octets;
    }
    const std::size_t name_octets = offset + 1;
    if (octets.size() - name_octets < kQuestionTailOctets) { return false; }
    copy_lower_cased(octets.first(name_octets), query.name);
    const auto tail = octets.subspan(name_octets).first<kQuestionTailOctets>();
    query.name_octets = static_cast<std::uint8_t>(name_octets);
    query.label_count = static_cast<std::uint8_t>(label_count);
    query.type = static_cast<Type>(load_u16(tail, 0));
    query.qclass = static_cast<Class>(load_u16(tail, 2));
    query.question_end =
        static_cast<std::uint16_t>(kHeaderOctets + name_octets + kQuestionTailOctets);
    query.has_question = true;
    return true;
}

/// How long the owner of a record is, with which `octets` begin; 0 when it is malformed. A pointer
/// ends the name and is not followed, wherever it may lead: we have no use for these names.
std::size_t owner_octets(Octets octets) {
    for (std::size_t offset = 0; offset < std::min(octets.size(), kMaxNameOctets);) {
        const std::size_t label_octets = octets[offset];
        if (label_octets == 0) { return offset + 1; }
        if (label_octets >= kPointerMark) {
            return offset + kPointerOctets <= octets.size() ? offset + kPointerOctets : 0;
        }
        if (label_octets > kMaxLabelOctets) { return 0; }
        offset += 1 + label_octets;
    }
    return 0;
}

/// The address of a client subnet, whose option, head included, is `option`.
///
/// Eight octets are read at once, up to the last one, so that none is read alone; the head before
/// the address is long enough, and what was read of it is shifted out.
IpAddress subnet_address(Octets option, Family family, std::size_t address_octets) {
    if (address_octets == 0) { return IpAddress::left_aligned(family, 0, 0); }
    const std::uint64_t last_eight = load_u64(option, option.size() - 8);
    if (address_octets <= 8) {
        return IpAddress::left_aligned(family, last_eight << (64 - 8 * address_octets), 0);
    }
    return IpAddress::left_aligned(family, load_u64(option, kClientSubnetFrontOctets),
                                   last_eight << (128 - 8 * address_octets));
}

/// RFC 7871 §6 and §7.1.2, each demand taken as a must. `option` begins with its head.
///
/// Family 0 is refused even with SOURCE 0, which some clients mean as "no subnet, please": families
/// 1 and 2 with SOURCE 0 say that too, and §7.2.1 wants FORMERR for a family that is unknown. gdnsd
/// decides alike; the alternative is to take it for SOURCE 0.
bool read_client_subnet(Octets option, ClientSubnet& subnet) {
    if (option.size() < kClientSubnetFrontOctets) { return false; }
    const auto front = option.first<kClientSubnetFrontOctets>();
    const std::uint16_t family_number = load_u16(front, kOptionHeadOctets);
    if (family_number != kFamilyV4 && family_number != kFamilyV6) { return false; }
    const Family family = family_number == kFamilyV4 ? Family::V4 : Family::V6;
    const unsigned source_bits = front[kOptionHeadOctets + kSourceAt];
    const unsigned scope_bits = front[kOptionHeadOctets + kScopeAt];
    const std::size_t address_octets = option.size() - kClientSubnetFrontOctets;
    if (source_bits > width_bits(family) || scope_bits != 0) { return false; }
    if (address_octets != (source_bits + 7) / 8) { return false; }
    const unsigned spare_bits = (8 - source_bits % 8) % 8;  // of the last octet, beyond SOURCE
    if ((option.back() & ((1u << spare_bits) - 1)) != 0) { return false; }

    subnet.present = true;
    subnet.source_bits = static_cast<std::uint8_t>(source_bits);
    subnet.address = subnet_address(option, family, address_octets);
    return true;
}

/// Only the client subnet means anything to us; any other option is stepped over (RFC 6891
/// §6.1.2). So is a second client subnet, whatever it holds: RFC 7871 knows of one only.
bool read_options(Octets rdata, Edns& edns) {
    while (!rdata.empty()) {
        if (rdata.size() < kOptionHeadOctets) { return false; }
        const std::size_t option_octets = kOptionHeadOctets + load_u16(rdata, 2);
        if (rdata.size() < option_octets) { return false; }
        if (load_u16(rdata, 0) == kClientSubnetOption && !edns.client_subnet.present &&
            !read_client_subnet(rdata.first(option_octets), edns.client_subnet)) {
            return false;
        }
        rdata = rdata.subspan(option_octets);
    }
    return true;
}

/// Marks EDNS as present before it looks closer: a FORMERR for what OPT holds still carries an OPT,
/// to tell us from a server that does not know EDNS (RFC 6891 §7).
bool read_opt(std::span<const std::uint8_t, kRecordFixedOctets> fixed, bool has_root_owner,
              Octets rdata, Edns& edns) {
    if (edns.present) { return false; }
    edns.present = true;
    edns.udp_octets = load_u16(fixed, 2);  // in the place of CLASS
    // In the place of TTL: upper RCODE, VERSION, flags.
    const std::uint32_t extended_fields = load_u32(fixed, 4);
    edns.version = static_cast<std::uint8_t>(extended_fields >> kOptVersionShift);
    edns.dnssec_ok = (extended_fields & kOptDnssecOk) != 0;
    if (!has_root_owner) { return false; }
    // What form options have in another version nobody knows: none is read, so none is malformed.
    return edns.version > 0 || read_options(rdata, edns);
}

struct Record {
    std::size_t owner_octets = 0;
    Octets fixed;  ///< kRecordFixedOctets: TYPE CLASS TTL RDLENGTH
    Octets rdata;
};

/// Takes a record off the front of `rest`; returns false when there is no whole one. Inlined, or
/// each query with OPT would take a dozen instructions more.
[[gnu::always_inline]] inline bool take_record(Octets& rest, Record& record) {
    record.owner_octets = !rest.empty() && rest[0] == 0 ? 1 : owner_octets(rest);
    if (record.owner_octets == 0) { return false; }
    if (rest.size() - record.owner_octets < kRecordFixedOctets) { return false; }
    record.fixed = rest.subspan(record.owner_octets).first<kRecordFixedOctets>();
    const std::size_t rdata_octets = load_u16(record.fixed, kRdataLengthAt);
    rest = rest.subspan(record.owner_octets + kRecordFixedOctets);
    if (rest.size() < rdata_octets) { return false; }
    record.rdata = rest.first(rdata_octets);
    rest = rest.subspan(rdata_octets);
    return true;
}

Type type_of(const Record& record) {
    return static_cast<Type>(load_u16(record.fixed, 0));
}

/// Reads OPT and steps over all other records; TSIG and SIG(0) are for later. `rest` is all that
/// follows the sections before.
bool read_additional(Octets rest, std::uint16_t record_count, Query& query) {
    Record record;
    for (unsigned left = record_count; left != 0; --left) {
        if (!take_record(rest, record)) { return false; }
        if (type_of(record) == Type::OPT &&
            !read_opt(record.fixed.first<kRecordFixedOctets>(), record.owner_octets == 1,
                      record.rdata, query.edns)) {
            return false;
        }
    }
    // Octets that no count covers would be read differently by the next box on the way.
    return rest.empty();
}

/// Steps over questions whose names may be compressed: none of them is answered.
bool skip_questions(Octets& rest, std::uint16_t question_count) {
    for (unsigned left = question_count; left != 0; --left) {
        const std::size_t octets = owner_octets(rest);
        if (octets == 0 || rest.size() - octets < kQuestionTailOctets) { return false; }
        rest = rest.subspan(octets + kQuestionTailOctets);
    }
    return true;
}

/// Steps over sections that are not those of a common query, to where the additional one begins.
/// All but one kind are a FORMERR, and are read on for the sake of OPT: with it the error tells a
/// client that we know EDNS (RFC 6891 §7). The one, for which this returns true, is the question
/// for an incremental transfer, which has a SOA in its authority section (RFC 1995 §3). Leaves
/// nothing of `rest` where it does not hold together.
[[gnu::noinline]] bool skip_uncommon_sections(Octets packet, const Query& query, Octets& rest) {
    const auto header = packet.first<kHeaderOctets>();
    const unsigned answer_count = load_u16(header, kAnswerCountAt);
    const unsigned authority_count = load_u16(header, kAuthorityCountAt);
    bool is_transfer_question =
        query.has_question && query.type == Type::IXFR && answer_count == 0 && authority_count == 1;
    bool is_whole = query.has_question || skip_questions(rest, load_u16(header, kQuestionCountAt));
    Record record;
    for (unsigned left = answer_count + authority_count; is_whole && left != 0; --left) {
        is_whole = take_record(rest, record);
        is_transfer_question = is_transfer_question && is_whole && type_of(record) == Type::SOA;
    }
    if (!is_whole) { rest = {}; }
    return is_transfer_question;
}

/// Everything behind the header. Keeps what it has read when it finds a fault.
bool read_sections(Octets packet, Query& query) {
    const auto header = packet.first<kHeaderOctets>();
    const bool has_question =
        load_u16(header, kQuestionCountAt) == 1 && read_question(packet, query);
    if (!has_question) { forget_question(query); }
    Octets rest = packet.subspan(query.question_end);
    bool is_sound = true;
    // No answers, no authority: the two counts lie side by side.
    if (!has_question || load_u32(header, kAnswerCountAt) != 0) {
        is_sound = skip_uncommon_sections(packet, query, rest);
    }
    return read_additional(rest, load_u16(header, kAdditionalCountAt), query) && is_sound;
}

/// The error of a query of which something was not understood. None of its options is echoed: who
/// gets one back may take it that we know what it says.
[[gnu::noinline]] Rcode misunderstanding(Opcode opcode, bool well_formed, Query& query) {
    query.edns.client_subnet.present = false;
    // NOTIFY and UPDATE have sections of their own kind, but the same question and OPT; so a NOTIMP
    // carries these if they could be read, and their faults do not count.
    if (opcode != Opcode::Query) { return Rcode::NotImp; }
    return well_formed ? Rcode::BadVers : Rcode::FormErr;
}

Rcode first_error(Opcode opcode, bool well_formed, Query& query) {
    if (opcode != Opcode::Query || !well_formed || query.edns.version > 0) {
        return misunderstanding(opcode, well_formed, query);
    }
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
    forget_edns(query.edns);
    if (packet.size() < kHeaderOctets || (packet[kFlagsAt] & kResponseFlag) != 0) {
        forget_question(query);
        query.deserves_reply = false;
        query.error = Rcode::NoError;
        query.limit_octets = kMinUdpOctets;
        return;
    }
    query.deserves_reply = true;
    // TC, AA, AD, CD, Z and RCODE of a query are not looked at: a set TC is the sender's mistake,
    // and whoever could read the question whole may as well answer it (PowerDNS drops such).
    const Opcode opcode = static_cast<Opcode>((packet[kFlagsAt] & kOpcodeMask) >> kOpcodeShift);
    const bool well_formed = read_sections(packet, query);
    query.error = first_error(opcode, well_formed, query);
    query.limit_octets = limit_octets(transport, query.edns);
}

}  // namespace meridian::dns
