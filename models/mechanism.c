#include "models/mechanism.h"

#include <string.h>

#include "models/mechanism_list.h"

#define DECLARE(name) extern const ltp_mechanism ltp_mechanism_##name;
LTP_MECHANISM_LIST(DECLARE)
#define ENTRY(name) &ltp_mechanism_##name,
static const ltp_mechanism *const mechanisms[] = {LTP_MECHANISM_LIST(ENTRY)};

const ltp_mechanism *const *ltp_mechanism_all(size_t *count) {
    *count = sizeof mechanisms / sizeof *mechanisms;
    return mechanisms;
}

const ltp_mechanism *ltp_mechanism_find(const char *name) {
    for (size_t k = 0; k < sizeof mechanisms / sizeof *mechanisms; k++)
        if (strcmp(mechanisms[k]->name, name) == 0)
            return mechanisms[k];
    return NULL;
}
