// Reads master files: directives, records, and the files that they include (RFC 1035 §5).
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/rdata.h"
#include "meridian/zones/diagnostic.h"
#include "meridian/zones/language/text/named_file.h"
#include "meridian/zones/model/zone.h"
#include "zones/language/master/master_lexer.h"
#include "zones/language/master/master_records.h"

namespace meridian::zones {

/// The texts of the files that were read. Findings point into them.
using FileTexts = std::vector<std::shared_ptr<const std::string>>;

/// Reads the master files of one zone, one after the other, each to its end: a record with a fault
/// is reported and left out. It stops after kMaxDiagnostics errors.
///
/// $ORIGIN and $INCLUDE are as in RFC 1035 §5.1, $TTL as in RFC 2308 §4, $GENERATE as in BIND. A
/// record without a TTL has that of $TTL; else that of the record before, as in BIND; else
/// `ttl.static`. A SOA that stands first and has no TTL sets $TTL to its MINIMUM (RFC 2308 §4).
class MasterReader {
public:
    /// Reads into `records`; adds the names of the files to `zone`, whose apex and TTLs are there.
    MasterReader(Zone& zone, const NamedFileReader& read_file, MasterRecords& records,
                 Findings& findings);

    /// Reads the file that `name` means, which stands at `at` under `key` in the zone file.
    void read_named(std::string_view name, TextPosition at, const std::string& key);
    /// Reads `text`, which outlives the findings. With `is_named_by_file` the zone has its name
    /// from that of the file; where that name is wrong, the diagnostics say so.
    void read_text(const std::string& file, std::string_view text, bool is_named_by_file);
    /// The zone that the records of such a file are of, where its name says another.
    [[nodiscard]] const std::optional<dns::Name>& likely_apex() const { return likely_apex_; }

    /// The texts of the named files. They must outlive the findings.
    [[nodiscard]] FileTexts take_texts() { return std::move(texts_); }

private:
    /// A file being read.
    struct Frame {
        MasterLexer lexer;
        std::string path;  // as NamedFileReader knows it
        dns::Name origin;
        std::optional<dns::Name> owner = {};  // of the record before
        std::uint32_t owner_hash = 0;
        bool owner_was_faulty = false;   // and was reported
        bool owner_was_outside = false;  // of the zone, likewise
        bool data_was_odd = false;       // what $GENERATE made, likewise
        MasterEntry entry = {};
    };
    /// What stands between the owner and the data.
    struct Lead {
        dns::Type type{};
        std::size_t type_at = 0;  // its word
        std::optional<std::uint32_t> ttl_seconds = {};
    };

    [[nodiscard]] bool stops() const { return stopped_ || findings_.full(); }
    std::optional<std::size_t> open(const std::string& path, TextPosition at,
                                    const std::string& key);
    std::size_t add_file(const std::string& file, std::string_view text);
    void read(std::size_t number, const std::string& path, const dns::Name& origin, TextPosition at,
              const std::string& key);

    void read_directive(Frame& frame);
    void read_origin(Frame& frame);
    void read_ttl(Frame& frame);
    void read_include(Frame& frame);
    void read_generate(Frame& frame);
    std::string data_pattern(const Frame& frame, const Lead& lead);
    bool generate(Frame& frame, const Lead& lead, std::string_view pattern, std::uint32_t number);
    bool wants_arguments(Frame& frame, std::size_t least, std::size_t most, std::string_view usage);

    void read_record(Frame& frame);
    bool read_owner(Frame& frame);
    std::optional<dns::Name> owner_name(Frame& frame, std::string_view word, std::string_view text);
    std::optional<dns::Name> quoted_name(const Frame& frame, std::string_view word,
                                         std::string_view text);
    std::optional<dns::Name> plain_name(const Frame& frame, std::string_view word,
                                        std::string_view text);
    std::optional<Lead> read_lead(const Frame& frame, std::size_t first);
    bool report_missing_type(const Frame& frame, std::string_view word);
    std::optional<std::uint32_t> read_ttl_word(const Frame& frame, std::string_view word);
    std::optional<dns::Type> read_type(const Frame& frame, std::size_t index, std::size_t first);
    std::uint32_t decide_ttl(const Lead& lead, const dns::Rdata& rdata);
    std::string_view data_text(const Frame& frame, const Lead& lead);
    [[nodiscard]] bool is_no_record(Frame& frame);
    [[nodiscard]] bool reads_as_record(const Frame& frame) const;
    void refuse_data(const Frame& frame, const Lead& lead, const dns::RdataError& what);
    void report_data(const Frame& frame, const Lead& lead, const dns::RdataError& what,
                     Severity severity);
    void report_data(const Frame& frame, std::string_view word, std::string_view subject,
                     const dns::RdataError& what, Severity severity);
    void warn_of_data(const Frame& frame, const Lead& lead, const dns::Rdata& rdata);
    void warn_of_name_in_data(const Frame& frame, dns::Type type, std::string_view word);
    void warn_of_web_address(const Frame& frame, std::string_view word);
    void warn_of_text(const Frame& frame, const Lead& lead, const dns::Rdata& rdata);
    void warn_of_cut(const Frame& frame, std::size_t first);
    void warn_of_name(const Frame& frame, std::string_view word, std::string_view text,
                      const dns::Name& name);
    void warn_of_foreign_letters(const Frame& frame, std::string_view word, std::string_view text);
    void warn_of_file_name();
    void report_outside(const Frame& frame, std::string_view word, const dns::Name& name);
    void warn_of_at_sign(const Frame& frame, std::string_view word);
    void report(const DiagnosticKind& kind, const Frame& frame, std::string_view word,
                std::initializer_list<std::string_view> values = {});

    Zone& zone_;
    const NamedFileReader& read_file_;
    MasterRecords& records_;
    Findings& findings_;
    FileTexts texts_;
    std::map<std::string, std::size_t> numbers_;  // of files, by path
    std::vector<std::string_view> contents_;      // of files, by number less one
    std::vector<std::string> open_paths_;         // of the files being read, the outermost first
    std::uint64_t octets_ = 0;
    std::size_t includes_ = 0;
    std::uint64_t generated_ = 0;
    std::optional<std::uint32_t> default_ttl_;  // $TTL
    std::optional<std::uint32_t> last_ttl_;
    bool stopped_ = false;
    bool is_named_by_file_ = false;
    bool name_is_confirmed_ = false;  // by a name of the zone that is written whole
    std::optional<dns::Name> likely_apex_;
    std::string apex_text_;
    std::string joined_;  // the data of a record over several lines
    std::string name_text_;
    dns::RdataWarnings warnings_;  // of the record being read
};

}  // namespace meridian::zones
