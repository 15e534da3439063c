// Reads from a finished reply what became of the query.
//
// SPDX-License-Identifier: Apache-2.0
#include "meridian/dns/reply_code.h"

#include "dns/wire/message_format.h"
#include "meridian/bytes.h"
#include "meridian/dns/types.h"
#include "meridian/limits.h"

namespace meridian::dns {

bool is_bad_version(std::span<const std::uint8_t> bare_reply) {
    ByteReader reader(bare_reply);
    reader.skip(kHeaderOctets);
    if (load_u16(bare_reply, kQuestionCountAt) != 0) {
        // A question of ours is never compressed: it lies where the client wrote it.
        for (std::uint8_t label = reader.read_u8(); label != 0; label = reader.read_u8()) {
            reader.skip(label);
        }
        reader.skip(kQuestionTailOctets);
    }
    const bool is_root = reader.read_u8() == 0;
    const bool is_opt = reader.read_u16() == static_cast<std::uint16_t>(Type::OPT);
    reader.skip(2);  // its UDP size, in the place of CLASS
    const std::uint32_t upper_bits = reader.read_u8();
    return !reader.failed() && is_root && is_opt &&
           upper_bits == static_cast<std::uint32_t>(Rcode::BadVers) >> 4;
}

}  // namespace meridian::dns
