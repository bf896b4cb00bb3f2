/* One line a mechanism, in the order of the values of flows.csv's column mechanism. */
#define LTP_MECHANISM_LIST(X)                                                                                          \
    X(activity)                                                                                                        \
    X(blended)                                                                                                         \
    X(block)                                                                                                           \
    X(pass_through)                                                                                                    \
    X(fixed)
