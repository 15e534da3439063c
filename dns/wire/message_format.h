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
constexpr std::size_t kTtlAt = 4;               // among them
constexpr std::size_t kRdataLengthAt = 8;       // likewise
// Of a record whose owner is a pointer: what stands before RDATA.
constexpr std::size_t kRecordHeadOctets = kPointerOctets + kRecordFixedOctets;

}  // namespace meridian::dns
