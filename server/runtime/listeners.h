// Opens every socket that queries come in by, and runs a thread for each part of the work.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <vector>

#include "meridian/endpoint.h"
#include "meridian/result.h"
#include "server/runtime/publisher.h"
#include "server/runtime/worker.h"

namespace meridian::server {

struct ListenOptions {
    std::vector<Endpoint> endpoints;
    /// The endpoints are our own choice: those of a family that this machine does without are left
    /// out.
    bool optional_families = false;
    std::size_t worker_count = 1;
    std::size_t receive_buffer_octets = std::size_t{8} << 20;
};

/// All UDP workers and the TCP one. For one thread, but for `counts`.
class Listeners {
public:
    /// Binds everything or nothing. The error names the endpoint and what the system said. Port 0
    /// takes a free port.
    static Result<std::unique_ptr<Listeners>, std::string> open(const ListenOptions& options,
                                                                Publisher& publisher);

    void start();
    /// Lets connections finish within `patience`, over UDP answers until then and what has arrived
    /// by then, ends all threads.
    void stop(std::chrono::milliseconds patience);

    [[nodiscard]] const std::vector<Endpoint>& endpoints() const { return endpoints_; }
    [[nodiscard]] const std::vector<Endpoint>& left_out() const { return left_out_; }
    [[nodiscard]] std::size_t worker_count() const { return workers_.size(); }
    /// The smallest that the kernel granted.
    [[nodiscard]] std::size_t granted_receive_buffer_octets() const;
    /// Any thread.
    [[nodiscard]] TransportCounts counts() const;

private:
    Listeners() = default;
    std::vector<Endpoint> endpoints_;
    std::vector<Endpoint> left_out_;
    std::vector<std::unique_ptr<Worker>> workers_;
    std::unique_ptr<StreamWorker> stream_worker_;
};

}  // namespace meridian::server
