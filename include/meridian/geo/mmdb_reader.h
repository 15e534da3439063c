// Reads a MaxMind DB file into an atlas and closes the file.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <span>
#include <string>

#include "meridian/geo/atlas.h"
#include "meridian/result.h"

namespace meridian::geo {

/// Compiles one database, or one per family, into an atlas.
///
/// Takes City and Country databases in the layouts of MaxMind, DB-IP, IPinfo, IP2Location and
/// iptoasn (mmdb_record.h has the keys). Where two files cover a family the first wins. A file
/// that adds no family is an error, and so is one that has most of its coordinates in a form that
/// is not read. Aliases of the IPv4 space inside an IPv6 tree are not followed.
///
/// The file is copied into sealed memory first: libmaxminddb maps what it opens, and a file that
/// is truncated in place while mapped kills the process. Every node and record is checked; a file
/// that is empty, cut, of another kind or without a single located network is an error in words,
/// which names the path. Any thread, without a lock.
Result<Atlas, std::string> read_mmdb(std::span<const std::string> paths);

}  // namespace meridian::geo
