#include <string.h>

#include "models/programme.h"
#include "models/programme_list.h"

#define DECLARE(name) extern const ltp_programme_kind ltp_programme_##name;
LTP_PROGRAMME_KIND_LIST(DECLARE)
#define ENTRY(name) &ltp_programme_##name,
static const ltp_programme_kind *const kinds[] = {LTP_PROGRAMME_KIND_LIST(ENTRY)};

const ltp_programme_kind *const *ltp_programme_kind_all(size_t *count) {
    *count = sizeof kinds / sizeof *kinds;
    return kinds;
}

const ltp_programme_kind *ltp_programme_kind_find(const char *name) {
    for (size_t k = 0; k < sizeof kinds / sizeof *kinds; k++)
        if (strcmp(kinds[k]->name, name) == 0)
            return kinds[k];
    return NULL;
}
