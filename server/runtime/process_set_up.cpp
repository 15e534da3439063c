// Sets up the process before a server has threads: descriptors and memory.
//
// SPDX-License-Identifier: Apache-2.0
#include "server/runtime/process_set_up.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>

namespace meridian::server {

void return_large_blocks() {
    constexpr int kLargeOctets = 1 << 20;
    mallopt(M_MMAP_THRESHOLD, kLargeOctets);
}

void hold_standard_descriptors() {
    for (const int number : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
        if (fcntl(number, F_GETFD) >= 0) { continue; }
        if (open("/dev/null", O_RDWR) != number) { return; }  // no /dev: nothing can be done
    }
}

void raise_descriptor_limit() {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) { return; }
    limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, 8192);
    setrlimit(RLIMIT_NOFILE, &limit);
}

std::size_t descriptor_limit() {
    rlimit limit{};
    return getrlimit(RLIMIT_NOFILE, &limit) == 0 ? limit.rlim_cur : 0;
}

}  // namespace meridian::server
