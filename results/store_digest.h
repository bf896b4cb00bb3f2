/* SHA-256 of much data: the processor's own instructions where it has them, libmd's code elsewhere. */
#ifndef LTP_RESULTS_STORE_DIGEST_H
#define LTP_RESULTS_STORE_DIGEST_H

#include <sha2.h>
#include <stddef.h>

/* As SHA256Update. */
void ltp_digest_update(SHA2_CTX *hash, const void *bytes, size_t length);

#endif
