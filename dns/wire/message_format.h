// Names the places and bits of a message that its reader and its writer share.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>

namespace meridian::dns {

// Offsets in the header (RFC 1035 §4.1.1).
constexpr std::size_t kFlagsAt = 2;
constexpr std::size_t kRcodeAt = 3;
constexpr std::size_t kQuestionCountAt = 4;
constexpr std::size_t kAnswerCountAt = 6;
constexpr std::size_t kAuthorityCountAt = 8;
constexpr std::size_t kAdditionalCountAt = 10;

// Bits of the octet at kFlagsAt.
constexpr std::uint8_t kResponseFlag = 0x80;
constexpr std::uint8_t kOpcodeMask = 0x78;
constexpr unsigned kOpcodeShift = 3;
constexpr std::uint8_t kAuthoritativeFlag = 0x04;
constexpr std::uint8_t kTruncatedFlag = 0x02;
constexpr std::uint8_t kRecursionDesiredFlag = 0x01;

constexpr std::size_t kQuestionTailOctets = 4;  // QTYPE QCLASS
constexpr std::uint8_t kPointerMark = 0xc0;     // first octet of a pointer, RFC 1035 §4.1.4
constexpr std::size_t kPointerOctets = 2;
constexpr std::size_t kRecordFixedOctets = 10;  // TYPE CLASS TTL RDLENGTH
constexpr std::size_t kRdataLengthAt = 8;       // of RDLENGTH among them
// Of a record whose owner is a pointer: what stands before RDATA.
constexpr std::size_t kRecordHeadOctets = kPointerOctets + kRecordFixedOctets;

// OPT (RFC 6891 §6.1.3): what stands in the place of TTL.
constexpr unsigned kOptRcodeShift = 24;
constexpr unsigned kOptVersionShift = 16;
constexpr std::uint32_t kOptDnssecOk = 0x8000;
constexpr std::size_t kOptFixedOctets = 11;   // with the root owner, without options
constexpr std::size_t kOptionHeadOctets = 4;  // OPTION-CODE OPTION-LENGTH

// EDNS Client Subnet (RFC 7871 §6).
constexpr std::uint16_t kClientSubnetOption = 8;
constexpr std::uint16_t kFamilyV4 = 1;
constexpr std::uint16_t kFamilyV6 = 2;
constexpr std::size_t kSourceAt = 2;  // in the option's data
constexpr std::size_t kScopeAt = 3;
constexpr std::size_t kClientSubnetFrontOctets = 8;  // with the head, before ADDRESS

}  // namespace meridian::dns
