// Frames a compiled copy, so that a copy that is cut, changed or foreign is recognised.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/copies/copy_frame.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "meridian/octet_hash.h"

namespace meridian::geo {
namespace {

constexpr std::array<char, 16> kMagic{'M', 'e', 'r', 'i', 'd', 'i', 'a',
                                      'n', ' ', 'c', 'o', 'p', 'y', '\n'};
constexpr std::uint32_t kByteOrder = 0x0a0b'0c0d;
constexpr std::size_t kAlignment = 8;

struct Header {
    std::array<char, 16> magic = kMagic;
    std::uint32_t byte_order = kByteOrder;
    std::uint32_t kind = 0;
    std::uint32_t version = 0;
    std::uint32_t zero = 0;
    Digest key;
    std::uint64_t payload_octets = 0;
    std::uint64_t more_zero = 0;
    Digest checksum;
};
static_assert(sizeof(Header) == 80 && PlainOctets<Header>);

// The checksum covers the header, in which its own octets are zero.
void add_header(Header header, OctetHash& hash) {
    header.checksum = {};
    std::array<std::uint8_t, sizeof(Header)> octets{};
    std::memcpy(octets.data(), &header, sizeof header);
    hash.add(octets);
}

}  // namespace

CopyWriter::CopyWriter(const CopyLabel& label, std::size_t expected_octets) {
    octets_.reserve(sizeof(Header) + expected_octets);
    Header header;
    header.kind = label.kind;
    header.version = label.version;
    header.key = label.key.value_or(Digest{});
    append(&header, sizeof header);
}

void CopyWriter::append(const void* from, std::size_t octets) {
    const auto* const first = static_cast<const std::uint8_t*>(from);
    octets_.insert(octets_.end(), first, first + octets);
}

void CopyWriter::pad() {
    while (octets_.size() % kAlignment != 0) {
        octets_.push_back(0);
    }
}

std::vector<std::uint8_t> CopyWriter::finish() && {
    const auto payload = std::span(octets_).subspan(sizeof(Header));
    Header header;
    std::memcpy(&header, octets_.data(), sizeof header);
    header.payload_octets = payload.size();
    OctetHash hash;
    add_header(header, hash);
    hash.add(payload);
    header.checksum = hash.digest();
    std::memcpy(octets_.data(), &header, sizeof header);
    return std::move(octets_);
}

Result<CopyReader, CopyFailure> CopyReader::open(CopySource source, const CopyLabel& label) {
    std::array<std::uint8_t, sizeof(Header)> octets{};
    if (source.octets < octets.size() || !source.read(octets)) { return Failure{damaged_copy()}; }
    source.octets -= octets.size();
    Header header;
    std::memcpy(&header, octets.data(), sizeof header);
    if (header.magic != kMagic || header.kind != label.kind) { return Failure{damaged_copy()}; }
    if (header.byte_order != kByteOrder) {
        return Failure{CopyFailure{false, "it is from a machine with another byte order"}};
    }
    if (header.version != label.version) {
        return Failure{CopyFailure{header.version < label.version,
                                   "it is in version " + std::to_string(header.version) +
                                       " of its form, and this Meridian reads version " +
                                       std::to_string(label.version)}};
    }
    if (label.key && header.key != *label.key) {
        return Failure{CopyFailure{true, "it was made from something else"}};
    }
    if (header.payload_octets != source.octets) { return Failure{damaged_copy()}; }
    CopyReader reader(std::move(source), header.checksum);
    add_header(header, reader.hash_);
    return reader;
}

CopyReader::CopyReader(CopySource source, const Digest& checksum)
    : source_(std::move(source)), left_octets_(source_.octets), checksum_(checksum) {}

void CopyReader::fill(std::span<std::uint8_t> into) {
    // A piece is hashed while it is in the cache.
    constexpr std::size_t kPieceOctets = std::size_t{256} << 10;
    if (into.size() > left_octets_) { failed_ = true; }
    while (!failed_ && !into.empty()) {
        const auto piece = into.first(std::min(into.size(), kPieceOctets));
        failed_ = !source_.read(piece);
        if (!failed_) { hash_.add(piece); }
        left_octets_ -= piece.size();
        into = into.subspan(piece.size());
    }
}

void CopyReader::skip_padding() {
    std::array<std::uint8_t, kAlignment> zeros{};
    fill(std::span(zeros).first(left_octets_ % kAlignment));
}

std::uint64_t CopyReader::read_number() {
    std::array<std::uint8_t, sizeof(std::uint64_t)> octets{};
    fill(octets);
    std::uint64_t number = 0;
    if (!failed_) { std::memcpy(&number, octets.data(), sizeof number); }
    return number;
}

std::string CopyReader::read_text() {
    const auto letters = read_array<std::vector<char>>();
    return {letters.begin(), letters.end()};
}

bool CopyReader::finish() const {
    return !failed_ && left_octets_ == 0 && hash_.digest() == checksum_;
}

CopyFailure damaged_copy() {
    return {false, "it is damaged"};
}

}  // namespace meridian::geo
