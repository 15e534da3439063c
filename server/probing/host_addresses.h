// Knows which addresses a host has, from the system's resolver, without waiting for it.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "meridian/ip_address.h"
#include "meridian/result.h"

namespace meridian::server {

/// The addresses of a host that may be checked, one at least; or in words why there are none.
using LookedUp = Result<std::vector<IpAddress>, std::string>;
using LookUp = std::function<LookedUp(const std::string& host_name)>;

/// Asks the system's resolver (getaddrinfo), and blocks for as long as that takes. Any thread.
///
/// Addresses that are never checked (zones::why_not_probed) are left out: the owner of a name must
/// not choose them for this server. At most kMaxHostAddresses.
LookedUp look_up_host(const std::string& host_name);

/// How long addresses are used before the resolver is asked again: it does not say how long they
/// hold, and those who move a host by DNS mostly let caches have it for a minute.
constexpr std::chrono::seconds kLookUpEvery{30};
/// The same behind a failure.
constexpr std::chrono::seconds kLookUpAgain{5};
/// A resolver that takes so long gives no addresses: those before are used no more.
constexpr std::chrono::seconds kLookUpTakes{60};

/// The addresses of many hosts. On the one thread of its context, which no look-up holds up: each
/// has a thread of its own, kMaxLookUps at once. Ending it waits for none of them.
class HostAddresses {
public:
    using TimePoint = std::chrono::steady_clock::time_point;

    HostAddresses(boost::asio::io_context& context, LookUp look_up);
    HostAddresses(const HostAddresses&) = delete;
    HostAddresses& operator=(const HostAddresses&) = delete;
    ~HostAddresses();

    /// What is known now. Asks the resolver where it is time to; the next call knows more.
    [[nodiscard]] LookedUp of(const std::string& host_name,
                              TimePoint now = std::chrono::steady_clock::now());
    /// Forgets all other hosts.
    void keep(const std::set<std::string>& host_names);
    /// Nothing comes to the context any more.
    void stop();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace meridian::server
