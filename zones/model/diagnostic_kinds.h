// Lists all kinds of diagnostics about zone files: what is wrong, and the way out.
//
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "zones/model/health_diagnostics.h"
#include "zones/model/maintenance_diagnostics.h"
#include "zones/model/master_diagnostics.h"
#include "zones/model/service_diagnostics.h"
#include "zones/model/toml_diagnostics.h"
#include "zones/model/zone_diagnostics.h"

/// One row a kind, grouped by subject. The code of a row never changes once it was released. A `{}`
/// stands for a name, a number or a position; a hint that is only `{}` comes from the caller, such
/// as `spelling_hint`. The kinds about RDATA are in dns/wire/rdata_faults.h. Each row has a case in
/// tests/zones/bad_zones.txt or beside it.
namespace meridian::zones::diagnostics {}
