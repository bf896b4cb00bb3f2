#include "sim/core/version.h"

const char ltp_version[] = "0.1.0";
