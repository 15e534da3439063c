// Adds a region to a zone file, or takes one out.
//
// SPDX-License-Identifier: Apache-2.0
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <iostream>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "meridian/zones/region_edit.h"
#include "server/commands/command_texts.h"
#include "server/commands/commands.h"
#include "server/commands/report.h"
#include "server/sources/editable_zone.h"
#include "server/state/file_writer.h"

namespace meridian::server {

namespace {

using zones::WrittenRegion;

/// "38.95", with blanks around it.
std::optional<double> number_of(std::string_view text) {
    const std::size_t first = text.find_first_not_of(' ');
    if (first == std::string_view::npos) { return {}; }
    text = text.substr(first, text.find_last_not_of(' ') + 1 - first);
    if (text.starts_with('+')) { text.remove_prefix(1); }
    double number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    const bool fine = error == std::errc() && end == text.data() + text.size();
    return fine ? std::optional(number) : std::nullopt;
}

/// Two numbers are a point, anything else is a name, which the loader looks up.
std::variant<std::string, geo::Coordinates> place_of(const std::string& text) {
    const std::size_t comma = text.find(',');
    if (comma == std::string::npos) { return text; }
    const auto latitude = number_of(std::string_view(text).substr(0, comma));
    const auto longitude = number_of(std::string_view(text).substr(comma + 1));
    if (!latitude || !longitude) { return text; }
    return geo::Coordinates{*latitude, *longitude};
}

/// Loads the zone file and prints its diagnostics. None where it has errors: it must not be edited.
std::optional<EditableZone> open_or_print(const std::string& path) {
    auto zone = open_editable_zone(path);
    if (zone) { return std::move(zone).value(); }
    print_diagnostics(zone.error());
    print_error("nothing is written: " + path + " does not load as it is");
    return {};
}

std::optional<WrittenRegion> find_region(std::string_view text, const zones::TomlTable& root,
                                         const std::string& name) {
    for (WrittenRegion& region : zones::written_regions(text, root)) {
        if (region.name == name) { return std::move(region); }
    }
    return {};
}

std::optional<SharedRegion> find_shared(const EditableZone& zone, const std::string& name) {
    for (SharedRegion& shared : shared_regions(zone)) {
        if (shared.region.name == name) { return std::move(shared); }
    }
    return {};
}

/// Prints that the region stands in a library, so that this file cannot change it.
void report_library(const EditableZone& zone, const SharedRegion& shared,
                    const std::string& way_out) {
    print_error("nothing is written: " + zone.path + " has region " + shared.region.name +
                " from a library, where it stands at " + shared.place() + "; " + way_out);
}

void print_about(const EditableZone& zone, const WrittenRegion& region, std::string error,
                 std::string hint) {
    zones::Diagnostic diagnostic;
    diagnostic.file = zone.path;
    diagnostic.at = region.position;
    diagnostic.key = zones::key_path("regions", region.name);
    diagnostic.text = std::move(error);
    diagnostic.hint = std::move(hint);
    diagnostic.source_line = zone.document.lines[region.position.line - 1];
    print_diagnostics({diagnostic});
}

/// The named policies whose `regions` the region has to join; none, with the error printed, where a
/// policy cannot take it.
std::optional<std::vector<std::string>> policies_to_join(const EditableZone& zone,
                                                         const RegionOptions& options) {
    const zones::TomlTable* policies = zone.document.root.table("policies");
    std::vector<std::string> joining;
    for (const std::string& name : std::set(options.policies.begin(), options.policies.end())) {
        const zones::TomlTable* policy = policies == nullptr ? nullptr : policies->table(name);
        if (policy == nullptr && name != "nearest") {
            std::vector<std::string> there = zones::policies_with_regions(zone.document.root);
            const std::vector<std::string_view> names(there.begin(), there.end());
            print_error(zone.path + " has no policy " + zones::quoted(name) + "; " +
                        zones::spelling_hint(name, "policies with a list of regions", names));
            return {};
        }
        if (policy == nullptr || policy->find("regions") == nullptr) {
            print_line(std::cerr, "policy " + name + " has all regions and needs no change");
            continue;
        }
        const std::vector<std::string> regions = policy->texts("regions");
        if (std::ranges::find(regions, options.name) == regions.end()) { joining.push_back(name); }
    }
    return joining;
}

/// The policies that name their regions, without this one.
void report_others(std::ostream& stream, const zones::TomlTable& root,
                   const WrittenRegion& region) {
    for (const std::string& policy : zones::policies_with_regions(root)) {
        if (std::ranges::find(region.policies, policy) != region.policies.end()) { continue; }
        print_line(stream, "policy " + policy + " names its regions and goes on without " +
                               region.name + "; `--policy " + policy + "` adds it there");
    }
}

/// Whether the new text loads without errors; prints its diagnostics.
bool loads(const EditableZone& zone, const std::string& text) {
    const ZoneCheck check = check_zone_text(zone.path, text);
    print_diagnostics(check.diagnostics);
    if (check.loads()) { return true; }
    print_error("nothing is written: " + zone.path + " would have the errors above");
    return false;
}

/// `patch` needs the octets of the file; a terminal gets them as terminal_text shows them.
void print_difference(const std::string& difference) {
    if (isatty(STDOUT_FILENO) != 1) {
        std::cout << difference;
        return;
    }
    print_lines(std::cout, difference);
}

/// Saves a text that loads, or shows what it would change.
int save(const EditableZone& zone, const std::string& text, const RegionOptions& options) {
    if (options.dry_run) {
        print_difference(line_difference(zone.path, zone.text, text));
        return kExitOk;
    }
    const auto written = write_file_atomically(zone.path, text, zone.file_state);
    if (!written) {
        print_error(written.error());
        return kExitCannotRun;
    }
    if (zone.zones.empty()) {
        print_line(std::cout, zone.path +
                                  " is a library; `meridian check` says whether all zones "
                                  "that use it still load");
    }
    return kExitOk;
}

/// Where the result is printed: stderr when stdout has the difference.
std::ostream& words(const RegionOptions& options) {
    return options.dry_run ? std::cerr : std::cout;
}

/// Reports services of a library that name the region. The zones that use it would not load, and
/// the library alone would: a zone may define the region.
bool is_named_by_services(const EditableZone& zone, const std::string& region) {
    if (!zone.zones.empty()) { return false; }
    const std::vector<std::string> services =
        zones::services_with_region(zone.document.root, region);
    if (services.empty()) { return false; }
    print_error("nothing is written: region " + region + " is named by " +
                (services.size() == 1 ? "service " : "services ") + joined(services) +
                "; take it out there first");
    return true;
}

int finish_adding(const EditableZone& zone, const std::string& text, const RegionOptions& options,
                  std::string_view verb) {
    if (!loads(zone, text)) { return kExitWrong; }
    const int code = save(zone, text, options);
    if (code != kExitOk) { return code; }
    const auto document = zones::read_toml(zone.path, text);
    const auto region = find_region(text, document->root, options.name);
    print_line(words(options), zone.path + ":" + std::to_string(region->position.line) + ": " +
                                   (options.dry_run ? "dry run: " : "") + std::string(verb) +
                                   " region " + region->name + " at " + region->place + " (" +
                                   coordinates_text(region->at) + ") with " +
                                   joined(region->addresses) + ", for policies " +
                                   joined(region->policies));
    report_others(words(options), document->root, *region);
    return kExitOk;
}

/// The text with the region in the lists of policies.
std::string joined_text(const EditableZone& zone, std::string text,
                        const std::vector<std::string>& policies, const std::string& region) {
    if (policies.empty()) { return text; }
    const auto document = zones::read_toml(zone.path, text);
    // A text that cannot be read is reported by the check that follows.
    return document ? zones::add_to_policies(text, document->root, policies, region) : text;
}

/// The exit code when a region of this name stands in the file and stays as it is.
std::optional<int> settled(const EditableZone& zone, const WrittenRegion& there, bool same,
                           const RegionOptions& options) {
    if (same) {
        print_line(words(options), zone.path + ":" + std::to_string(there.position.line) +
                                       ": region " + there.name +
                                       " is there already, with this place and these addresses; "
                                       "nothing is written");
        report_others(words(options), zone.document.root, there);
        return kExitOk;
    }
    if (options.replace) { return {}; }
    print_about(
        zone, there,
        "there is a region of this name, at " + there.place + " with " + joined(there.addresses),
        "--replace gives it the new place and addresses");
    return kExitWrong;
}

/// The same when it stands in a library that the file uses.
std::optional<int> settled_by_library(const EditableZone& zone, const zones::RegionText& wanted,
                                      bool nothing_else, const RegionOptions& options) {
    const auto shared = find_shared(zone, wanted.name);
    if (!shared) { return {}; }
    if (nothing_else && zones::is_same_region(shared->region, wanted)) {
        print_line(words(options), shared->place() + ": region " + wanted.name +
                                       " is there already, for " + zone.path +
                                       " too, with this place and these addresses; nothing is "
                                       "written");
        return kExitOk;
    }
    if (options.replace) { return {}; }
    report_library(zone, *shared,
                   "edit it there, for all zones that use it, or give this file one of its own "
                   "with --replace");
    return kExitWrong;
}

}  // namespace

int region_add(const RegionOptions& options) {
    if (options.name.empty()) {
        print_error("a region needs a name");
        return kExitCannotRun;
    }
    const auto zone = open_or_print(options.zone_file);
    if (!zone) { return kExitWrong; }
    const auto joining = policies_to_join(*zone, options);
    if (!joining) { return kExitWrong; }
    const zones::RegionText wanted{options.name, place_of(options.at), options.addresses};
    const auto there = find_region(zone->text, zone->document.root, options.name);
    const bool same = there && zones::is_same_region(*there, wanted);
    if (joining->empty() || !same) {
        const auto code = there ? settled(*zone, *there, same, options)
                                : settled_by_library(*zone, wanted, joining->empty(), options);
        if (code) { return *code; }
    }
    std::string text = !there ? zones::add_region(zone->text, zone->document.root, wanted)
                       : same ? zone->text
                              : zones::replace_region(zone->text, wanted);
    text = joined_text(*zone, std::move(text), *joining, options.name);
    return finish_adding(*zone, text, options, !there ? "added" : same ? "updated" : "replaced");
}

int region_remove(const RegionOptions& options) {
    const auto zone = open_or_print(options.zone_file);
    if (!zone) { return kExitWrong; }
    const auto there = find_region(zone->text, zone->document.root, options.name);
    if (const auto shared = there ? std::nullopt : find_shared(*zone, options.name)) {
        report_library(*zone, *shared, "remove it there, for all zones that use it");
        return kExitWrong;
    }
    if (!there) {
        std::vector<std::string> names;
        for (WrittenRegion& region : zones::written_regions(zone->text, zone->document.root)) {
            names.push_back(std::move(region.name));
        }
        const std::vector<std::string_view> views(names.begin(), names.end());
        print_error("nothing is written: " + zone->path + " has no region " +
                    zones::quoted(options.name) + "; " +
                    zones::spelling_hint(options.name, "regions here", views));
        return kExitWrong;
    }
    if (is_named_by_services(*zone, options.name)) { return kExitWrong; }
    const std::string text = zones::remove_region(zone->text, zone->document.root, options.name);
    if (!loads(*zone, text)) { return kExitWrong; }
    const int code = save(*zone, text, options);
    if (code == kExitOk) {
        print_line(words(options), zone->path + ": " + (options.dry_run ? "dry run: " : "") +
                                       "removed region " + options.name + ", which stood at line " +
                                       std::to_string(there->position.line) + ", from policies " +
                                       joined(there->policies));
    }
    return code;
}

}  // namespace meridian::server
