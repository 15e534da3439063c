// Compiles the body of Boost.JSON, which Debian ships as headers, once for the whole server.
//
// SPDX-License-Identifier: Apache-2.0
#include <boost/json/src.hpp>
