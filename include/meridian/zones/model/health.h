// Models how the addresses of a service are checked, and what decides that they are down.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "meridian/dns/name.h"
#include "meridian/dns/types.h"
#include "meridian/ip_address.h"

namespace meridian::zones {

enum class CheckKind : std::uint8_t {
    Http,     ///< A request in the clear.
    Https,    ///< A request over TLS, whose certificate is verified for the host.
    Tcp,      ///< A connection is enough.
    Tls,      ///< A handshake is enough; the certificate is verified for the host.
    Dns,      ///< A question over UDP.
    File,     ///< Nothing: a file that others write says whether it is up.
    Command,  ///< Nothing of our own: a command of this server's settings finds out.
};

/// A file that states the health of regions, services or addresses.
struct StateFile {
    std::string name = {};      ///< As it is written, without "." and empty parts.
    std::string named_by = {};  ///< The file that names it, below whose folder it has to lie.
    /// Older states say nothing; none: they hold for ever.
    std::optional<std::chrono::milliseconds> max_age = {};
    friend bool operator==(const StateFile&, const StateFile&) = default;
};

/// Where an address is checked: what a file of states, or a command, is asked for.
struct CheckedPlace {
    std::string service = {};
    std::string region = {};
    friend auto operator<=>(const CheckedPlace&, const CheckedPlace&) = default;
};

/// What a nameserver is asked, and what it has to answer.
struct DnsQuestion {
    dns::Name name = {};
    dns::Type type = dns::Type::A;
    dns::Rcode rcode = dns::Rcode::NoError;
    /// What a record of the type has to hold: an address, or the text of a TXT record. Empty: any
    /// reply with the code passes.
    std::string answer = {};
    friend bool operator==(const DnsQuestion&, const DnsQuestion&) = default;
};

/// What is asked of an address.
struct HealthCheck {
    CheckKind kind = CheckKind::Tcp;
    std::uint16_t port = 0;
    std::string host = {};  ///< Host header and server name (SNI), without a final dot.
    std::string path = {};
    std::string method = "GET";
    std::vector<std::pair<std::string, std::string>> headers = {};  ///< In the order of the file.
    std::vector<std::uint16_t> status = {};  ///< Codes that count as healthy; none: 200 to 299.
    std::string body = {};                   ///< Text that the body has to hold; empty: any body.
    DnsQuestion question = {};               ///< Of the kind Dns.
    StateFile file = {};                     ///< Of the kind File.
    std::string command = {};                ///< Of the kind Command: its name.
    CheckedPlace place = {};                 ///< Of these two, once it is known.
    friend bool operator==(const HealthCheck&, const HealthCheck&) = default;
};

/// What is checked instead of the addresses of a region: an address, or a host whose addresses the
/// system's resolver knows.
struct ProbePoint {
    IpAddress address = {};
    std::string host_name = {};  ///< In small letters, without a final dot; empty: the address.
    friend bool operator==(const ProbePoint&, const ProbePoint&) = default;

    [[nodiscard]] std::string to_text() const {
        return host_name.empty() ? address.to_string() : host_name;
    }
};

/// How many of several checks have to pass for an address to be up.
enum class CheckNeed : std::uint8_t { All, Any };

/// Whether such a check verifies a certificate.
constexpr bool is_over_tls(CheckKind kind) {
    return kind == CheckKind::Https || kind == CheckKind::Tls;
}

/// Whether such a check asks something of the address, over the network. Others say nothing of this
/// server's way to it.
constexpr bool asks_the_address(CheckKind kind) {
    return kind != CheckKind::File && kind != CheckKind::Command;
}

/// How often an address is checked, and how many results decide.
struct HealthTiming {
    std::chrono::milliseconds every{5'000};
    std::chrono::milliseconds timeout{3'000};  ///< Shorter than `every`.
    std::uint16_t fall = 3;                    ///< Failures in a row until it is down.
    std::uint16_t rise = 2;                    ///< Successes in a row until it is up again.
    std::chrono::milliseconds hold{30'000};    ///< Shortest time down, before it is doubled.
    friend bool operator==(const HealthTiming&, const HealthTiming&) = default;
};

/// `[health]`, or `[services.NAME.health]` with what it inherits.
struct Health {
    std::vector<HealthCheck> checks;  ///< One at least, in the order of the file.
    CheckNeed need = CheckNeed::All;
    HealthTiming timing;
    /// The share of a region's addresses of a family that has to be up for it to be up: 0 to 1.
    double min_up = 0.5;
    /// `failback = "manual"`: a region that fell waits for `meridian release`.
    bool manual_failback = false;
    friend bool operator==(const Health&, const Health&) = default;
};

/// Whether both ask the same of an address, as often: then it is asked once for both.
bool asks_alike(const Health& left, const Health& right);

/// Whether a file alone decides: what is pushed holds at once, since its writer has decided.
bool is_pushed(const std::vector<HealthCheck>& checks);
/// The timing of such checks: one result decides, and nothing delays it.
HealthTiming pushed_timing();

/// Whether the checks depend on the service and the region that an address is checked for.
bool depends_on_place(const std::vector<HealthCheck>& checks);
/// The same checks for an address of that place.
std::vector<HealthCheck> checks_at(std::vector<HealthCheck> checks, const CheckedPlace& place);

/// What `timeout` is without being written: three fifths of `every`, and no more than by default.
/// An address that hangs is known to do so well before its next check.
std::chrono::milliseconds usual_timeout(std::chrono::milliseconds every);

/// Why the address is never checked, in words; empty where it may be.
///
/// The author of a zone must not read the secrets that clouds hand out at fixed addresses, and what
/// is local to a link is another address on each server. Loopback and private addresses are
/// allowed.
std::string_view why_not_probed(const IpAddress& address);

}  // namespace meridian::zones
