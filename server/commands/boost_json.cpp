// Holds the compiled body of Boost.JSON, which Debian ships as headers.
//
// SPDX-License-Identifier: Apache-2.0
#include <boost/json/src.hpp>
