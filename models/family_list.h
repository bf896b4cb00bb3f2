/* The families, in the order in which they are listed to people. A new one: its file, and its line here. */
#ifndef LTP_MODELS_FAMILY_LIST_H
#define LTP_MODELS_FAMILY_LIST_H

#define LTP_FAMILY_LIST(FAMILY)                                                                                        \
    FAMILY(fixed)                                                                                                      \
    FAMILY(normal)                                                                                                     \
    FAMILY(lognormal)                                                                                                  \
    FAMILY(truncated_normal)                                                                                           \
    FAMILY(uniform)                                                                                                    \
    FAMILY(triangular)                                                                                                 \
    FAMILY(pert)                                                                                                       \
    FAMILY(beta)                                                                                                       \
    FAMILY(gamma)                                                                                                      \
    FAMILY(student_t)                                                                                                  \
    FAMILY(discrete)                                                                                                   \
    FAMILY(poisson)                                                                                                    \
    FAMILY(empirical)                                                                                                  \
    FAMILY(metalog)

#endif
