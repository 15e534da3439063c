// Reads queries: the one place where octets of unknown senders become values.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/query.h"

#include <algorithm>

#include "dns/wire/edns.h"
#include "dns/wire/message_format.h"
#include "meridian/bytes.h"
#include "meridian/dns/wire/ascii_case.h"

namespace meridian::dns {
namespace {

using Octets = std::span<const std::uint8_t>;

// A query's slot is reused. Each return of `read_query` leaves every member valid that stands
// before a length or a `present`, and the common road writes each of them once.

/// Leaves the slot without a question. Its name is the root, so that `name_wire` is valid.
void forget_question(Query& query) {
    query.has_question = false;
    query.type = Type{};
    query.qclass = Class{};
    query.name[0] = 0;
    query.name_octets = 1;
    query.label_count = 0;
    query.question_end = kHeaderOctets;
}

/// Reads the question into `query`; writes nothing unless the question is whole. A compression
/// pointer is refused like any other length above 63: no name stands before the question.
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

/// The length of the owner at the front of `octets`; 0 when it is malformed. A pointer ends the
/// name and is not followed: these names are not used.
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

/// Reads OPT and steps over all other records; TSIG and SIG(0) are not implemented. `rest` is the
/// message behind the sections before.
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
    // Another reader on the way could read octets that no count covers differently.
    return rest.empty();
}

/// Steps over questions whose names may be compressed: such questions are never answered.
bool skip_questions(Octets& rest, std::uint16_t question_count) {
    for (unsigned left = question_count; left != 0; --left) {
        const std::size_t octets = owner_octets(rest);
        if (octets == 0 || rest.size() - octets < kQuestionTailOctets) { return false; }
        rest = rest.subspan(octets + kQuestionTailOctets);
    }
    return true;
}

/// Steps over sections that a common query does not have, to the beginning of the additional one.
/// Returns true only for the question of an incremental transfer, which has a SOA in its authority
/// section (RFC 1995 §3). Any other kind is a FORMERR, but OPT is still read, because an OPT in the
/// error shows the client that this server speaks EDNS (RFC 6891 §7). Empties `rest` where the
/// sections are malformed. Out of line, like `misunderstanding`: inlined they make NXDOMAIN 658
/// instructions instead of 654, client subnets 779 instead of 777 (`bench/instructions.sh`).
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

/// Reads everything behind the header. Does not undo what it has read when it finds a fault.
bool read_sections(Octets packet, Query& query) {
    const auto header = packet.first<kHeaderOctets>();
    const bool has_question =
        load_u16(header, kQuestionCountAt) == 1 && read_question(packet, query);
    if (!has_question) { forget_question(query); }
    Octets rest = packet.subspan(query.question_end);
    bool is_sound = true;
    // No answers and no authority: the two counts lie side by side.
    if (!has_question || load_u32(header, kAnswerCountAt) != 0) {
        is_sound = skip_uncommon_sections(packet, query, rest);
    }
    return read_additional(rest, load_u16(header, kAdditionalCountAt), query) && is_sound;
}

/// The error of a query that was not understood. It echoes no option.
[[gnu::noinline]] Rcode misunderstanding(Opcode opcode, bool well_formed, Query& query) {
    forget_options(query.edns);
    // NOTIFY and UPDATE have their own kinds of sections, but the same question and OPT; so a
    // NOTIMP carries these if they could be read, and faults behind them do not count.
    if (opcode != Opcode::Query) { return Rcode::NotImp; }
    return well_formed ? Rcode::BadVers : Rcode::FormErr;
}

Rcode first_error(Opcode opcode, bool well_formed, Query& query) {
    if (opcode != Opcode::Query || !well_formed || query.edns.version > 0) {
        return misunderstanding(opcode, well_formed, query);
    }
    // TYPE0 and types reserved for meta types (RFC 6895 §3.1) are refused like AXFR: no zone can
    // hold them.
    const bool is_answerable = is_data_type(query.type) || query.type == Type::ANY;
    return query.qclass == Class::IN && is_answerable ? Rcode::NoError : Rcode::Refused;
}

std::uint16_t limit_octets(Transport transport, const Edns& edns) {
    if (transport == Transport::Stream) { return kMaxTcpOctets; }
    if (!edns.present) { return kMinUdpOctets; }
    // Less than 512 counts as 512 (RFC 6891 §6.2.3).
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
    // TC, AA, AD, CD, Z and RCODE of a query are ignored: a set TC is the sender's mistake, and a
    // whole question can be answered all the same (PowerDNS drops such queries).
    const Opcode opcode = static_cast<Opcode>((packet[kFlagsAt] & kOpcodeMask) >> kOpcodeShift);
    const bool well_formed = read_sections(packet, query);
    query.error = first_error(opcode, well_formed, query);
    query.limit_octets = limit_octets(transport, query.edns);
}

}  // namespace meridian::dns
