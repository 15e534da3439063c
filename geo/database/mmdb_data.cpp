// Decodes the data section of a MaxMind DB file within its bounds.
//
// SPDX-License-Identifier: Apache-2.0
#include "geo/database/mmdb_data.h"

#include <array>
#include <bit>

namespace meridian::geo {
namespace {

constexpr std::uint32_t kMaxValuesPerRecord = 4096;  // the largest records on sale have some 200

// The most octets that a number of the type may have; 0 for a type that is no number.
unsigned widest(MmdbType type) {
    switch (type) {
        case MmdbType::Unsigned16:
            return 2;
        case MmdbType::Unsigned32:
        case MmdbType::Signed32:
            return 4;
        case MmdbType::Unsigned64:
            return 8;
        case MmdbType::Unsigned128:
            return 16;
        default:
            return 0;
    }
}

bool is_size_right(const MmdbValue& value) {
    if (value.type == MmdbType::Double) { return value.size == 8; }
    if (value.type == MmdbType::Float) { return value.size == 4; }
    if (value.type == MmdbType::Boolean) { return value.size <= 1; }
    const unsigned limit = widest(value.type);
    return limit == 0 || value.size <= limit;
}

}  // namespace

std::uint64_t MmdbData::big_endian(std::uint64_t offset, unsigned octets) {
    if (offset + octets > section_.size()) {
        failed_ = true;
        return 0;
    }
    std::uint64_t value = 0;
    for (unsigned i = 0; i < octets; ++i) {
        value = (value << 8) | section_[static_cast<std::size_t>(offset) + i];
    }
    return value;
}

MmdbData::Header MmdbData::header(std::uint32_t offset) {
    constexpr std::array<std::uint32_t, 4> kPointerBase{0, 2048, 526336, 0};
    constexpr std::array<std::uint32_t, 3> kSizeBase{29, 285, 65821};
    if (values_left_ == 0) { failed_ = true; }
    if (failed_) { return {}; }
    --values_left_;

    if (offset >= section_.size()) {
        failed_ = true;
        return {};
    }
    const std::uint32_t control = section_[offset];
    std::uint64_t at = std::uint64_t{offset} + 1;
    Header result;
    result.value.type = static_cast<MmdbType>(control >> 5);
    if (result.value.type == MmdbType::Pointer) {
        const unsigned form = (control >> 3) & 3;
        const auto behind = static_cast<std::uint32_t>(big_endian(at, form + 1));
        const std::uint32_t front = form == 3 ? 0 : (control & 7) << (8 * (form + 1));
        result.pointee = (front | behind) + kPointerBase[form];
        result.next = static_cast<std::uint32_t>(at + form + 1);
        return failed_ ? Header{} : result;
    }
    if (result.value.type == MmdbType::Extended) {
        const std::uint64_t kind = big_endian(at++, 1) + 7;
        const bool known = (kind >= 8 && kind <= 11) || kind == 14 || kind == 15;
        if (!known) { failed_ = true; }
        result.value.type = static_cast<MmdbType>(kind);
    }
    result.value.size = control & 31;
    if (result.value.size >= 29) {
        const unsigned octets = result.value.size - 28;
        result.value.size =
            kSizeBase[octets - 1] + static_cast<std::uint32_t>(big_endian(at, octets));
        at += octets;
    }
    const bool holds_octets =
        !is_container(result.value.type) && result.value.type != MmdbType::Boolean;
    const std::uint64_t end = at + (holds_octets ? result.value.size : 0);
    if (end > section_.size() || !is_size_right(result.value)) { failed_ = true; }
    if (failed_) { return {}; }
    result.value.payload = static_cast<std::uint32_t>(at);
    result.next = static_cast<std::uint32_t>(end);
    return result;
}

MmdbValue MmdbData::record(std::uint32_t offset) {
    values_left_ = kMaxValuesPerRecord;
    return follow(offset);
}

MmdbValue MmdbData::at_pointer(std::uint32_t pointee) {
    const Header found = header(pointee);
    if (found.value.type == MmdbType::Pointer) { failed_ = true; }  // the format forbids it
    return failed_ ? MmdbValue{} : found.value;
}

std::uint32_t MmdbData::behind_all(const Header& container) {
    std::uint32_t offset = container.next;
    for (std::uint64_t left = child_count(container.value); left > 0 && !failed_; --left) {
        const Header found = header(offset);
        offset = found.next;
        left += child_count(found.value);
    }
    return offset;
}

MmdbValue MmdbData::first_element(const MmdbValue& array) {
    if (array.type != MmdbType::Array || array.size == 0) { return {}; }
    return follow(array.payload);
}

std::string_view MmdbData::text(const MmdbValue& value) const {
    if (value.type != MmdbType::Text) { return {}; }
    const auto octets = section_.subspan(value.payload, value.size);
    return {reinterpret_cast<const char*>(octets.data()), octets.size()};
}

std::optional<double> MmdbData::number(const MmdbValue& value) const {
    std::uint64_t word = 0;
    if (value.type != MmdbType::Double && value.type != MmdbType::Float) { return {}; }
    for (const std::uint8_t octet : section_.subspan(value.payload, value.size)) {
        word = (word << 8) | octet;
    }
    if (value.type == MmdbType::Double) { return std::bit_cast<double>(word); }
    return static_cast<double>(std::bit_cast<float>(static_cast<std::uint32_t>(word)));
}

std::optional<std::uint64_t> MmdbData::integer(const MmdbValue& value) const {
    const unsigned limit = widest(value.type);
    if (limit == 0 || limit > 8 || value.type == MmdbType::Signed32) { return {}; }
    std::uint64_t word = 0;
    for (const std::uint8_t octet : section_.subspan(value.payload, value.size)) {
        word = (word << 8) | octet;
    }
    return word;
}

std::optional<double> MmdbData::signed_integer(const MmdbValue& value) const {
    if (value.type != MmdbType::Signed32) { return {}; }
    std::uint32_t word = 0;
    for (const std::uint8_t octet : section_.subspan(value.payload, value.size)) {
        word = (word << 8) | octet;
    }
    return static_cast<double>(static_cast<std::int32_t>(word));
}

bool MmdbData::is_small_tree(std::uint32_t offset, unsigned nesting_left) {
    if (nesting_left == 0) { return false; }
    const MmdbValue value = follow(offset);
    if (!is_container(value.type)) { return !failed_; }
    std::uint32_t child = value.payload;
    for (std::uint64_t left = child_count(value); left > 0; --left) {
        if (!is_small_tree(child, nesting_left - 1)) { return false; }
        child = skip(child);
        if (failed_) { return false; }
    }
    return true;
}

bool MmdbData::holds_only_texts(const MmdbValue& container) {
    if (!is_container(container.type)) { return false; }
    std::uint32_t child = container.payload;
    for (std::uint64_t left = child_count(container); left > 0; --left) {
        const Header found = header(child);
        if (pointed_at(found).type != MmdbType::Text) { return false; }
        child = found.next;
    }
    return !failed_;
}

}  // namespace meridian::geo
