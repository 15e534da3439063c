// Loads the files of a directory on all cores, and hands them over one by one.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <functional>

#include "server/sources/zone_loader.h"

namespace meridian::server {

/// Calls `load` with each number below `count`, and `take` with the number and what came of it.
///
/// `take` is called on this thread and in order. `load` is called on this thread and on up to
/// `thread_count` others, a little ahead of `take`, so that not all models are in memory at once.
/// No others are started for few files, and fewer where the system gives no more. What either of
/// them throws ends the whole.
void load_in_order(std::size_t count, std::size_t thread_count,
                   const std::function<ZoneLoading(std::size_t)>& load,
                   const std::function<void(std::size_t, ZoneLoading)>& take);

/// One for each core but the one of the thread that takes, and no more than kMaxLoadThreads. They
/// inherit the class of that thread: beside workers they run on idle cores (Background).
std::size_t load_thread_count();

}  // namespace meridian::server
