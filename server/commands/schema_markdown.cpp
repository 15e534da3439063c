// Writes the reference of a file's keys in Markdown, from the rows that describe them.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/commands/schema_markdown.h"

#include <algorithm>
#include <boost/json.hpp>
#include <span>
#include <string_view>
#include <vector>

#include "meridian/zones/key_rows.h"
#include "meridian/zones/schema.h"
#include "server/commands/schema_words.h"
#include "server/runtime/settings.h"

namespace meridian::server {

namespace {

using zones::KeyRow;
using zones::Kind;
using zones::Status;
namespace schema = zones::schema;

/// One table of the reference.
struct Section {
    std::string title;  ///< "`[regions.NAME]`"
    std::string_view doc;
    std::span<const KeyRow> rows;
    bool works = true;
};

std::string code(std::string_view text) {
    return "`" + std::string(text) + "`";
}

/// A table of Markdown takes a bar for the end of a cell.
std::string cell(std::string_view text) {
    std::string result;
    for (const char letter : text) {
        if (letter == '|') { result += '\\'; }
        result += letter;
    }
    return result;
}

bool has_section(const KeyRow& row) {
    return row.kind == Kind::Table || row.kind == Kind::NamedTables || row.kind == Kind::TableArray;
}

/// Of the keys that work, or of the others.
class Reference {
public:
    Reference(std::span<const KeyRow> top, KeyStage stage) : stage_(stage) {
        sections_.push_back({"The top of the file", "", top});
        collect(top, "", true);
        std::ranges::stable_partition(sections_, &Section::works);
        keep_first_of_each();
        std::erase_if(sections_, [this](const Section& section) {
            return std::ranges::none_of(
                section.rows, [&](const KeyRow& row) { return belongs(row, section.works); });
        });
    }

    [[nodiscard]] std::string text() const {
        std::string result;
        for (const Section& section : sections_) {
            result += "### " + section.title + "\n\n";
            if (!section.doc.empty()) { result += std::string(section.doc) + "\n\n"; }
            result += table(section) + "\n";
        }
        return result;
    }

private:
    /// `works`: whether its table does.
    [[nodiscard]] bool belongs(const KeyRow& row, bool works) const {
        return (works && row.status == Status::Works) == (stage_ == KeyStage::Works);
    }

    /// The tables below, each before those that it holds.
    void collect(std::span<const KeyRow> rows, const std::string& path, bool works) {
        for (const KeyRow& row : rows) {
            const bool row_works = works && row.status == Status::Works;
            if (row.kind == Kind::Records) { add_records(row, row_works); }
            if (!has_section(row)) { continue; }
            std::string name = path + std::string(row.key);
            if (row.kind == Kind::NamedTables) { name += ".NAME"; }
            const bool several = row.kind == Kind::TableArray;
            sections_.push_back({code((several ? "[[" : "[") + name + (several ? "]]" : "]")),
                                 row.doc, row.rows, row_works});
            collect(row.rows, name + ".", row_works);
        }
    }

    void add_records(const KeyRow& row, bool works) {
        sections_.push_back({code("[records]") + ", under a name", row.doc, row.rows, works});
        sections_.push_back({"In the braces of records",
                             "As in `{ ttl = \"4h\", data = [\"10 mail\", \"20 mail2\"] }`.",
                             schema::record_set_keys(), works});
    }

    /// Where two tables have the same keys, the second one refers to the first.
    void keep_first_of_each() {
        std::vector<Section> kept;
        for (const Section& section : sections_) {
            if (first_with(section.rows, kept) == nullptr) { kept.push_back(section); }
        }
        sections_ = std::move(kept);
    }

    static const Section* first_with(std::span<const KeyRow> rows,
                                     const std::vector<Section>& sections) {
        const auto found = std::ranges::find_if(
            sections, [&](const Section& section) { return section.rows.data() == rows.data(); });
        return found == sections.end() ? nullptr : &*found;
    }

    [[nodiscard]] std::string table(const Section& section) const {
        std::string result = "| key | value | default | meaning |\n|---|---|---|---|\n";
        for (const KeyRow& row : section.rows) {
            if (belongs(row, section.works)) { result += line(row); }
        }
        return result;
    }

    [[nodiscard]] std::string line(const KeyRow& row) const {
        return "| " + code(row.key) + " | " + cell(value(row)) + " | " + cell(fallback(row)) +
               " | " + cell(meaning(row)) + " |\n";
    }

    [[nodiscard]] std::string value(const KeyRow& row) const {
        std::string words = value_words(row);
        if (!has_section(row)) { return words; }
        const Section* section = first_with(row.rows, sections_);
        return section == nullptr ? words : words + ", " + section->title;
    }

    static std::string fallback(const KeyRow& row) {
        if (row.required && row.unless.empty()) { return "required"; }
        if (row.required) { return "required without " + code(row.unless); }
        if (row.fallback.empty()) { return "none"; }
        boost::system::error_code fault;
        boost::json::parse(row.fallback, fault);
        return fault ? std::string(row.fallback) : code(row.fallback);
    }

    static std::string meaning(const KeyRow& row) {
        if (row.status == Status::Works) { return std::string(row.doc); }
        return "*" + std::string(status_words(row.status)) + ".* " + std::string(row.doc);
    }

    KeyStage stage_;
    std::vector<Section> sections_;
};

std::string type_list() {
    std::string words;
    for (const std::string& name : schema::record_types()) {
        if (name != "soa") { words += (words.empty() ? "" : ", ") + code(name); }
    }
    return "### Types under a name\n\n" + words +
           ", and `type65534` for any other number (RFC 3597).\n";
}

}  // namespace

std::string zone_reference(KeyStage stage) {
    const std::string keys = Reference(schema::zone_keys(), stage).text();
    return stage == KeyStage::Works ? keys + type_list() : keys.substr(0, keys.size() - 1);
}

std::string settings_reference(KeyStage stage) {
    std::string text = Reference(settings_keys(), stage).text();
    text.pop_back();  // of two line ends
    return text;
}

}  // namespace meridian::server
