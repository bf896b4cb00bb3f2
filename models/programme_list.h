/* One line a programme kind, in the order of the values of programmes.csv's column kind. */
#define LTP_PROGRAMME_KIND_LIST(X)                                                                                     \
    X(unit_cost)                                                                                                       \
    X(price)                                                                                                           \
    X(variation)                                                                                                       \
    X(demand)                                                                                                          \
    X(recovery)                                                                                                        \
    X(workforce)                                                                                                       \
    X(income)                                                                                                          \
    X(investment)
