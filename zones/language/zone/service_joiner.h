// Understands services in terms of the regions and policies of a zone.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "meridian/zones/diagnostic.h"
#include "meridian/zones/library.h"
#include "meridian/zones/model/zone.h"
#include "zones/language/records/zone_names.h"
#include "zones/language/zone/table_names.h"

namespace meridian::zones {

/// Puts services into a zone, whose regions and policies are there.
class ServiceJoiner {
public:
    ServiceJoiner(UnknownName unknown, Zone& zone, Findings& findings)
        : unknown_(unknown), zone_(zone), findings_(findings), names_(unknown, zone, findings) {}

    /// A service whose positions are in the file with that number.
    void join(const WrittenService& written, std::uint32_t file);
    /// What the service depends on. Expects that all services are joined.
    void join_dependencies(const WrittenService& written, std::uint32_t file);

    /// False when one named a region, a policy or a service that is not there.
    [[nodiscard]] bool knew_all() const { return names_.knew_all() && knew_all_services_; }

private:
    void check_name(const Service& service, const std::string& path);
    bool report_several_regions(const WrittenName& named, const std::string& path);
    std::optional<std::size_t> region_of(const WrittenName& written, std::uint32_t file,
                                         const std::string& path, const Policy& policy);
    void add_parts(const WrittenService& written, std::uint32_t file, const std::string& path,
                   Service& service);
    void add_targets(const WrittenService& written, std::uint32_t file, const std::string& path,
                     Service& service);
    void add_probes(const WrittenService& written, std::uint32_t file, const std::string& path,
                    Service& service);
    std::optional<dns::Name> read_target(const std::string& text, const KeyPosition& where);
    void add_last_resort(const WrittenService& written, std::uint32_t file, const std::string& path,
                         Service& service);
    void report_unknown_dependency(const WrittenName& named, const std::string& key);

    UnknownName unknown_;
    Zone& zone_;
    Findings& findings_;
    TableNames names_;
    bool knew_all_services_ = true;
};

}  // namespace meridian::zones
