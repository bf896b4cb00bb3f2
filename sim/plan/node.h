/* A YAML document as a small tree with positions: maps, lists and scalars, nothing else. Scalars stay text: what they
 * mean is the descriptors' to say (no "Norway problem"). */
#ifndef LTP_PLAN_NODE_H
#define LTP_PLAN_NODE_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/core/memory.h"
#include "sim/plan/problem.h"

#define LTP_NODE_DEPTH_MAX 16
#define LTP_NODE_KEY_MAX 1000 /* keys of one map */

typedef enum { LTP_NODE_SCALAR, LTP_NODE_LIST, LTP_NODE_MAP } ltp_node_kind;

typedef struct ltp_node ltp_node;
struct ltp_node {
    ltp_node_kind kind;
    const char *text; /* SCALAR; "" for an empty one, a plain ~ and a plain null */
    ltp_position at;  /* of the value */
    const char *key;  /* of this child of a map; NULL elsewhere */
    ltp_position key_at;
    size_t count; /* children */
    ltp_node *first, *last, *next;
};

/* Parses one document. *root is NULL when it has a problem (recorded, with its position): a mistake of syntax, an
 * anchor, an alias, a tag, a second document, more than LTP_NODE_DEPTH_MAX levels, a key given twice or that is no
 * scalar, control characters made by escapes. An empty document is an empty map. LTP_ERROR_MEMORY only. */
ltp_status ltp_node_parse(const char *text, size_t length, const char *file, ltp_pool *pool, ltp_problem_list *problems,
                          ltp_node **root, ltp_error *error);

/* Child of a map with this key, or NULL. */
const ltp_node *ltp_node_child(const ltp_node *map, const char *key);

const char *ltp_node_kind_name(ltp_node_kind kind); /* "a value", "a list", "a map" */

#endif
