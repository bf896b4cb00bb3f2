#include "sim/core/block.h"

ltp_level ltp_quantity_level(ltp_quantity quantity) {
    switch (quantity) {
    case LTP_QUANTITY_SCHEME_SPEND:
    case LTP_QUANTITY_SCHEME_COMPLETE:
        return LTP_LEVEL_SCHEME;
    case LTP_QUANTITY_DELIVERED:
        return LTP_LEVEL_PROGRAMME;
    case LTP_QUANTITY_FLOOR_ADDED:
        return LTP_LEVEL_FLOOR;
    case LTP_QUANTITY_PLAN_MARGIN:
        return LTP_LEVEL_PLAN_LINE;
    default:
        return LTP_LEVEL_ORGANISATION;
    }
}
