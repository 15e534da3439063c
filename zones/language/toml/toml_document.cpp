// Describes a TOML file as a tree of values that know where they stand.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/zones/toml_document.h"

namespace meridian::zones {
namespace {

constexpr std::size_t kSmallTable = 24;   // so few entries are found faster without an index
constexpr std::size_t kUsualEntries = 8;  // of a table that is no dotted key

}  // namespace

std::string_view describe(TomlKind kind) {
    switch (kind) {
        case TomlKind::None:
            return "nothing";
        case TomlKind::Boolean:
            return "a boolean";
        case TomlKind::Integer:
            return "an integer";
        case TomlKind::Float:
            return "a decimal number";
        case TomlKind::Text:
            return "a string";
        case TomlKind::Time:
            return "a date or time";
        case TomlKind::Array:
            return "an array";
        case TomlKind::Table:
            return "a table";
    }
    return "nothing";
}

TomlTable::TomlTable() = default;
TomlTable::TomlTable(TomlTable&&) noexcept = default;
TomlTable& TomlTable::operator=(TomlTable&&) noexcept = default;
TomlTable::~TomlTable() = default;

bool TomlTable::empty() const {
    return entries_.empty();
}

const TomlEntry* TomlTable::find(std::string_view key) const {
    if (index_ != nullptr) {
        const auto found = index_->find(key);
        return found == index_->end() ? nullptr : &entries_[found->second];
    }
    for (const TomlEntry& entry : entries_) {
        if (entry.key == key) { return &entry; }
    }
    return nullptr;
}

TomlEntry* TomlTable::find(std::string_view key) {
    return const_cast<TomlEntry*>(std::as_const(*this).find(key));
}

TomlEntry& TomlTable::add(TomlEntry entry) {
    MERIDIAN_ASSERT(find(entry.key) == nullptr);
    if (entries_.capacity() == 0) {
        entries_.reserve(form == TomlForm::Dotted ? 1 : kUsualEntries);
    }
    entries_.push_back(std::move(entry));
    if (index_ != nullptr) {
        index_->emplace(entries_.back().key, entries_.size() - 1);
    } else if (entries_.size() > kSmallTable) {
        index_ = std::make_unique<Index>();
        for (std::size_t i = 0; i < entries_.size(); ++i) {
            index_->emplace(entries_[i].key, i);
        }
    }
    return entries_.back();
}

const TomlTable* TomlTable::table(std::string_view key) const {
    const TomlEntry* entry = find(key);
    return entry == nullptr ? nullptr : entry->value.get<TomlTable>();
}

const std::string* TomlTable::text(std::string_view key) const {
    const TomlEntry* entry = find(key);
    return entry == nullptr ? nullptr : entry->value.get<std::string>();
}

std::optional<bool> TomlTable::boolean(std::string_view key) const {
    const TomlEntry* entry = find(key);
    const bool* value = entry == nullptr ? nullptr : entry->value.get<bool>();
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::optional<std::int64_t> TomlTable::integer(std::string_view key) const {
    const TomlEntry* entry = find(key);
    const auto* value = entry == nullptr ? nullptr : entry->value.get<std::int64_t>();
    return value == nullptr ? std::nullopt : std::optional(*value);
}

std::vector<const TomlValue*> TomlTable::list(std::string_view key) const {
    const TomlEntry* entry = find(key);
    std::vector<const TomlValue*> result;
    if (entry == nullptr) { return result; }
    const TomlArray* array = entry->value.get<TomlArray>();
    if (array == nullptr) { return {&entry->value}; }
    for (const TomlValue& item : array->items) {
        result.push_back(&item);
    }
    return result;
}

std::vector<std::string> TomlTable::texts(std::string_view key) const {
    std::vector<std::string> result;
    for (const TomlValue* item : list(key)) {
        if (const std::string* text = item->get<std::string>()) { result.push_back(*text); }
    }
    return result;
}

}  // namespace meridian::zones
