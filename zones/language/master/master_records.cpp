// Collects the records of a zone's master files into RRsets.
//
// SPDX-License-Identifier: Apache-2.0
#include "zones/language/master/master_records.h"

#include <algorithm>
#include <functional>
#include <string>
#include <utility>

#include "meridian/assert.h"
#include "meridian/bytes.h"
#include "meridian/dns/rdata.h"
#include "meridian/huge_pages.h"
#include "meridian/limits.h"
#include "zones/language/records/record_set_reader.h"
#include "zones/model/diagnostic_kinds.h"
#include "zones/model/zone_words.h"

namespace meridian::zones {
namespace {

OwnedSet* set_of(std::vector<OwnedSet>& sets, dns::Type type) {
    const auto found = std::ranges::find_if(
        sets, [type](const OwnedSet& set) { return set.records.type == type; });
    return found == sets.end() ? nullptr : &*found;
}

/// The same hash for two spellings of one record.
std::size_t hash_of(dns::Type type, const dns::Rdata& rdata) {
    const dns::Rdata same = comparable(type, rdata);
    std::string text(same.begin(), same.end());
    return std::hash<std::string>{}(text);
}

}  // namespace

MasterRecords::MasterRecords(const Zone& zone, Findings& findings)
    : zone_(zone), findings_(findings) {}

void MasterRecords::expect(std::string_view text) {
    constexpr std::size_t kLeastLineOctets = 16;  // of a text that is no mere heap of line ends
    constexpr std::size_t kSampleOctets = std::size_t{1} << 16;
    if (!owners_.empty() || text.empty()) { return; }
    const std::string_view sample = text.substr(0, kSampleOctets);
    const auto lines = static_cast<std::size_t>(std::ranges::count(sample, '\n'));
    const std::size_t alike = text.size() / sample.size() * lines;
    const std::size_t most = std::min({alike, text.size() / kLeastLineOctets, kMaxMasterRecords});
    reserve_in_huge_pages(owners_, most + most / 16);
    index_.reserve(most);
}

void MasterRecords::add(const MasterRecord& record, dns::Rdata rdata) {
    ++count_;
    if (record.type == dns::Type::SOA) { return add_soa(record, std::move(rdata)); }
    if (record.type == dns::Type::NS && *record.owner == zone_.apex) {
        if (!nameservers_) {
            nameservers_ = OwnedSet{{record.type, record.ttl_seconds, {}}, record.at()};
        }
        add_to(*nameservers_, record, std::move(rdata));
        nameserver_positions_.resize(nameservers_->records.records.size(), record.at());
        return;
    }
    std::vector<OwnedSet>& sets = sets_of(record);
    OwnedSet* set = set_of(sets, record.type);
    if (set == nullptr) {
        sets.push_back({{record.type, record.ttl_seconds, {}}, record.at()});
        set = &sets.back();
    }
    add_to(*set, record, std::move(rdata));
}

void MasterRecords::add_soa(const MasterRecord& record, dns::Rdata rdata) {
    if (*record.owner != zone_.apex) {
        findings_.report(diagnostics::kSoaBelowApex, record.at(), {}, {zone_.apex.to_text()});
        return;
    }
    if (!soa_) {
        soa_ = OwnedSet{{record.type, record.ttl_seconds, {std::move(rdata)}}, record.at()};
    } else if (soa_->records.records.front() != rdata) {  // zone transfers end with it once more
        findings_.report(diagnostics::kSecondSoa, record.at(), {},
                         {line_of(zone_, soa_->position, record.at())});
    }
}

std::vector<OwnedSet>& MasterRecords::sets_of(const MasterRecord& record) {
    if (last_owner_ < owners_.size() && owners_[last_owner_].name == *record.owner) {
        return owners_[last_owner_].sets;
    }
    const auto found = index_.find(owners_, record.owner->wire(), record.owner_hash);
    last_owner_ = found.value_or(owners_.size());
    if (!found) {
        index_.add(record.owner_hash);
        owners_.push_back(
            {.name = *record.owner, .position = record.lexer->position(record.owner_word)});
    }
    return owners_[last_owner_].sets;
}

void MasterRecords::add_to(OwnedSet& set, const MasterRecord& record, dns::Rdata rdata) {
    std::vector<dns::Rdata>& records = set.records.records;
    if (records.size() > kMaxRecordsPerSet) { return; }  // an error whatever follows
    if (has_twin(set, record, rdata)) { return; }
    // Signatures have the TTL of what they cover (RFC 4034 §3).
    if (record.ttl_seconds != set.records.ttl_seconds && record.type != dns::Type::RRSIG) {
        findings_.report(
            diagnostics::kTtlsDiffer, record.at(), {},
            {std::to_string(record.ttl_seconds), std::to_string(set.records.ttl_seconds),
             line_of(zone_, set.position, record.at())});
    }
    records.push_back(std::move(rdata));
    if (records.size() > 1) { note_position(set, record); }
}

void MasterRecords::note_position(const OwnedSet& set, const MasterRecord& record) {
    constexpr std::size_t kMostSets = 65536;
    const bool is_checked = record.type != dns::Type::A && record.type != dns::Type::AAAA;
    if (!is_checked || positions_.records.size() >= kMostSets) { return; }
    std::vector<TextPosition>& of_set = positions_.records[set.position];
    if (of_set.empty()) { of_set.push_back(set.position); }
    of_set.resize(set.records.records.size() - 1, set.position);
    of_set.push_back(record.at());
}

/// Whether the set has the record; adds its hash if not. Few records are compared one by one, many
/// by their hashes: time would else grow with the square of their number.
bool MasterRecords::has_twin(const OwnedSet& set, const MasterRecord& record,
                             const dns::Rdata& rdata) {
    constexpr std::size_t kFew = 16;
    constexpr std::size_t kNoOwner = static_cast<std::size_t>(-1);
    const std::vector<dns::Rdata>& records = set.records.records;
    const auto is_twin = [&](const dns::Rdata& other) {
        return same_record(record.type, other, rdata);
    };
    if (records.size() < kFew) { return std::ranges::any_of(records, is_twin); }
    const bool is_apex = nameservers_ && &set == &*nameservers_;
    HashedRecords& hashed = hashed_[{is_apex ? kNoOwner : last_owner_, record.type}];
    if (hashed.empty()) {
        for (std::uint32_t i = 0; i < records.size(); ++i) {
            hashed.emplace(hash_of(record.type, records[i]), i);
        }
    }
    const auto [known, is_new] =
        hashed.emplace(hash_of(record.type, rdata), static_cast<std::uint32_t>(records.size()));
    if (is_new) { return false; }
    return is_twin(records[known->second]) || std::ranges::any_of(records, is_twin);
}

void MasterRecords::hand_over_apex(Zone& zone) const {
    if (nameservers_) {
        const std::size_t count = nameservers_->records.records.size();
        if (count > kMaxNameservers) {
            findings_.report(diagnostics::kTooManyNameservers, nameservers_->position, {},
                             {std::to_string(kMaxNameservers), std::to_string(count)});
        }
        for (const dns::Rdata& rdata : nameservers_->records.records) {
            auto name = dns::target_name(dns::Type::NS, rdata);
            MERIDIAN_ASSERT(name.has_value());
            zone.nameservers.push_back(std::move(*name));
        }
        zone.nameservers_ttl_seconds = nameservers_->records.ttl_seconds;
        zone.nameservers_position = nameservers_->position;
        zone.nameserver_positions = nameserver_positions_;
    }
    if (!soa_) { return; }
    const dns::Rdata& rdata = soa_->records.records.front();
    const std::span<const std::uint8_t> octets(rdata);
    zone.soa.primary = dns::Name::from_wire(octets).value();
    zone.soa.mailbox = dns::Name::from_wire(octets.subspan(zone.soa.primary.octets())).value();
    std::size_t at = zone.soa.primary.octets() + zone.soa.mailbox.octets();
    for (std::uint32_t* number : {&zone.soa.serial, &zone.soa.refresh, &zone.soa.retry,
                                  &zone.soa.expire, &zone.ttls.negative}) {
        *number = load_u32(octets, at);
        at += 4;
    }
    zone.soa.serial_at = soa_->position;
    zone.soa.ttl_seconds = soa_->records.ttl_seconds;
}

OwnerIndex MasterRecords::hand_over(Zone& zone) {
    if (zone.owners.empty()) {
        zone.owners = std::move(owners_);
        return std::move(index_);
    }
    OwnerIndex index(zone.owners);
    for (Owner& owner : owners_) {
        const auto found = index.find(zone.owners, owner.name.wire());
        if (found) {
            join(owner, zone.owners[*found]);
        } else {
            index.add(owner.name.wire());
            zone.owners.push_back(std::move(owner));
        }
    }
    owners_.clear();
    return index;
}

/// Puts the sets of a name beside those that [records] has of it.
void MasterRecords::join(Owner& owner, Owner& written) {
    for (OwnedSet& set : owner.sets) {
        const OwnedSet* other = set_of(written.sets, set.records.type);
        if (other == nullptr) {
            written.sets.push_back(std::move(set));
            continue;
        }
        findings_.report(
            diagnostics::kRecordsInBoth, set.position, {},
            {quoted(relative_text(owner.name, zone_.apex)), dns::type_to_text(set.records.type),
             line_of(zone_, other->position, set.position)});
    }
}

}  // namespace meridian::zones
