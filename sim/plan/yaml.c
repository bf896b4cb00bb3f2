#include <string.h>

#include <yaml.h>

#include "sim/plan/node.h"
#include "sim/plan/text.h"

typedef struct {
    yaml_parser_t parser;
    const char *file;
    ltp_pool *pool;
    ltp_problem_list *problems;
    bool bad; /* a problem was recorded: stop */
} reader;

static ltp_position position(const reader *in, yaml_mark_t mark) {
    return (ltp_position){in->file, (int)mark.line + 1, (int)mark.column + 1};
}

static void refuse(reader *in, yaml_mark_t mark, const char *expected, const char *what) {
    ltp_problem_add(in->problems, LTP_SEVERITY_ERROR, position(in, mark), NULL, expected, NULL, "%s", what);
    in->bad = true;
}

/* What libyaml could not read, in words that say what to do about it. */
static void complain_syntax(reader *in) {
    static const struct {
        const char *said, *what, *expected;
    } known[] = {
        {"cannot start any token", "a tab, or a sign that no text can start with",
         "spaces, not tabs, at the start of a line; quotes around text that starts with @ ` %"},
        {"mapping values are not allowed", "a colon where no setting can start",
         "quotes around text that holds a colon and a space; settings one below the other"},
        {"could not find expected ':'", "a line without its colon", "KEY: VALUE"},
        {"did not find expected key", "the line is not where it can stand", "settings of one level indented alike"},
        {"did not find expected ',' or ']'", "a list that does not close", "a comma or ] between or after its items"},
        {"did not find expected ',' or '}'", "a map that does not close", "a comma or } between or after its settings"},
        {"found unexpected end of stream", "a quote that does not close", "a closing quote"}};
    const char *problem = in->parser.problem ? in->parser.problem : "this is not YAML", *expected = NULL;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
        if (strstr(problem, known[i].said)) {
            problem = known[i].what;
            expected = known[i].expected;
            break;
        }
    refuse(in, in->parser.problem_mark, expected, problem);
}

/* The next event, with everything refused that a scenario has no use for. On return with in->bad or an error the event
 * holds nothing to delete. */
static ltp_status next_event(reader *in, yaml_event_t *event, ltp_error *error) {
    if (!yaml_parser_parse(&in->parser, event)) {
        if (in->parser.error == YAML_MEMORY_ERROR)
            return ltp_error_set(error, LTP_ERROR_MEMORY, "out of memory for %s", in->file);
        complain_syntax(in);
        return LTP_OK;
    }
    const char *what = NULL, *expected = NULL;
    const yaml_char_t *anchor = NULL, *tag = NULL;
    bool implicit = true;
    if (event->type == YAML_SCALAR_EVENT) {
        anchor = event->data.scalar.anchor;
        tag = event->data.scalar.tag;
    } else if (event->type == YAML_SEQUENCE_START_EVENT) {
        anchor = event->data.sequence_start.anchor;
        tag = event->data.sequence_start.tag;
    } else if (event->type == YAML_MAPPING_START_EVENT) {
        anchor = event->data.mapping_start.anchor;
        tag = event->data.mapping_start.tag;
    } else if (event->type == YAML_DOCUMENT_START_EVENT) {
        implicit = !event->data.document_start.version_directive &&
                   event->data.document_start.tag_directives.start == event->data.document_start.tag_directives.end;
    }
    if (event->type == YAML_ALIAS_EVENT)
        what = "an alias (*) is not used in scenarios", expected = "the value itself, or quotes around text with *";
    else if (anchor)
        what = "an anchor (&) is not used in scenarios", expected = "the value alone, or quotes around text with &";
    else if (tag)
        what = "a tag (!) is not used in scenarios", expected = "the value alone, or quotes around text with !";
    else if (!implicit)
        what = "a directive (%) is not used in scenarios", expected = "the settings alone";
    if (what) {
        refuse(in, event->start_mark, expected, what);
        yaml_event_delete(event);
    }
    return LTP_OK;
}

static ltp_status new_node(reader *in, ltp_node_kind kind, yaml_mark_t mark, ltp_node **out, ltp_error *error) {
    const ltp_status status = LTP_POOL_NEW(in->pool, out, 1, error);
    if (status == LTP_OK) {
        (*out)->kind = kind;
        (*out)->text = "";
        (*out)->at = position(in, mark);
    }
    return status;
}

static ltp_status scalar_text(reader *in, const yaml_event_t *event, const char **out, ltp_error *error) {
    const char *value = (const char *)event->data.scalar.value;
    const size_t length = event->data.scalar.length;
    const bool plain = event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE;
    char *copy;
    *out = "";
    if (plain && (strcmp(value, "~") == 0 || strcmp(value, "null") == 0))
        return LTP_OK;
    for (size_t i = 0; i < length;) { /* "\0" and its like in double quotes */
        unsigned code = 0;
        const size_t size = ltp_utf8_character(value + i, length - i, &code);
        if (size == 0 || (code < 0x20 && code != '\n' && code != '\t') || (code >= 0x7F && code <= 0x9F)) {
            refuse(in, event->start_mark, "text without control characters", "an escape makes a control character");
            return LTP_OK;
        }
        i += size;
    }
    const ltp_status status = ltp_pool_text(in->pool, &copy, value, length, error);
    if (status == LTP_OK)
        *out = copy;
    return status;
}

static void append(ltp_node *parent, ltp_node *child) {
    if (parent->last)
        parent->last->next = child;
    else
        parent->first = child;
    parent->last = child;
    parent->count++;
}

static ltp_status read_value(reader *in, yaml_event_t *event, int depth, ltp_node **out, ltp_error *error);

static ltp_status read_list(reader *in, ltp_node *list, int depth, ltp_error *error) {
    for (;;) {
        yaml_event_t event;
        ltp_node *child;
        ltp_status status = next_event(in, &event, error);
        if (status != LTP_OK || in->bad)
            return status;
        if (event.type == YAML_SEQUENCE_END_EVENT) {
            yaml_event_delete(&event);
            return LTP_OK;
        }
        status = read_value(in, &event, depth, &child, error);
        if (status != LTP_OK || in->bad)
            return status;
        append(list, child);
    }
}

/* Reads a map's key from its event (deleted here). */
static ltp_status read_key(reader *in, const ltp_node *map, yaml_event_t *event, const char **key, ltp_position *at,
                           ltp_error *error) {
    ltp_status status = LTP_OK;
    *at = position(in, event->start_mark);
    if (event->type != YAML_SCALAR_EVENT)
        refuse(in, event->start_mark, "a word", "a key is a map or a list");
    else
        status = scalar_text(in, event, key, error);
    if (status == LTP_OK && !in->bad) {
        const ltp_node *twin = ltp_node_child(map, *key);
        char excerpt[LTP_EXCERPT];
        if (twin) {
            ltp_problem_add(in->problems, LTP_SEVERITY_ERROR, *at, ltp_text_excerpt(excerpt, *key), NULL, NULL,
                            "the key is given twice; the first is at line %d", twin->key_at.line);
            in->bad = true;
        } else if (map->count >= LTP_NODE_KEY_MAX)
            refuse(in, event->start_mark, "at most 1,000 keys", "the map has too many keys");
    }
    yaml_event_delete(event);
    return status;
}

static ltp_status read_map(reader *in, ltp_node *map, int depth, ltp_error *error) {
    for (;;) {
        yaml_event_t event;
        const char *key = NULL;
        ltp_position key_at;
        ltp_node *child;
        ltp_status status = next_event(in, &event, error);
        if (status != LTP_OK || in->bad)
            return status;
        if (event.type == YAML_MAPPING_END_EVENT) {
            yaml_event_delete(&event);
            return LTP_OK;
        }
        status = read_key(in, map, &event, &key, &key_at, error);
        if (status == LTP_OK && !in->bad)
            status = next_event(in, &event, error);
        if (status != LTP_OK || in->bad)
            return status;
        status = read_value(in, &event, depth, &child, error);
        if (status != LTP_OK || in->bad)
            return status;
        child->key = key;
        child->key_at = key_at;
        append(map, child);
    }
}

/* Reads the value that starts with `event` (deleted here). */
static ltp_status read_value(reader *in, yaml_event_t *event, int depth, ltp_node **out, ltp_error *error) {
    const yaml_event_type_t type = event->type;
    const ltp_node_kind kind = type == YAML_SCALAR_EVENT           ? LTP_NODE_SCALAR
                               : type == YAML_SEQUENCE_START_EVENT ? LTP_NODE_LIST
                                                                   : LTP_NODE_MAP;
    ltp_status status = new_node(in, kind, event->start_mark, out, error);
    if (status == LTP_OK && depth > LTP_NODE_DEPTH_MAX)
        refuse(in, event->start_mark, "at most 16 levels", "lists and maps are nested too deep");
    if (status == LTP_OK && kind == LTP_NODE_SCALAR)
        status = scalar_text(in, event, &(*out)->text, error);
    yaml_event_delete(event);
    if (status != LTP_OK || in->bad || kind == LTP_NODE_SCALAR)
        return status;
    return kind == LTP_NODE_LIST ? read_list(in, *out, depth + 1, error) : read_map(in, *out, depth + 1, error);
}

/* Stream start, one document, stream end. */
static ltp_status read_document(reader *in, ltp_node **root, ltp_error *error) {
    for (;;) {
        yaml_event_t event;
        ltp_status status = next_event(in, &event, error);
        if (status != LTP_OK || in->bad)
            return status;
        if (event.type == YAML_STREAM_END_EVENT) {
            yaml_event_delete(&event);
            return *root ? LTP_OK : new_node(in, LTP_NODE_MAP, (yaml_mark_t){0}, root, error);
        }
        if (event.type == YAML_DOCUMENT_START_EVENT && *root)
            refuse(in, event.start_mark, "one document a file", "a second document (---)");
        else if (event.type != YAML_STREAM_START_EVENT && event.type != YAML_DOCUMENT_START_EVENT &&
                 event.type != YAML_DOCUMENT_END_EVENT) {
            status = read_value(in, &event, 1, root, error);
            if (status != LTP_OK || in->bad)
                return status;
            continue;
        }
        yaml_event_delete(&event);
        if (in->bad)
            return LTP_OK;
    }
}

ltp_status ltp_node_parse(const char *text, size_t length, const char *file, ltp_pool *pool, ltp_problem_list *problems,
                          ltp_node **root, ltp_error *error) {
    reader in = {.file = file, .pool = pool, .problems = problems};
    *root = NULL;
    if (!yaml_parser_initialize(&in.parser))
        return ltp_error_set(error, LTP_ERROR_MEMORY, "out of memory for %s", file);
    yaml_parser_set_input_string(&in.parser, (const unsigned char *)text, length);
    yaml_parser_set_encoding(&in.parser, YAML_UTF8_ENCODING);
    const ltp_status status = read_document(&in, root, error);
    if (status != LTP_OK || in.bad)
        *root = NULL;
    yaml_parser_delete(&in.parser);
    return status;
}

const ltp_node *ltp_node_child(const ltp_node *map, const char *key) {
    for (const ltp_node *child = map->first; child; child = child->next)
        if (child->key && strcmp(child->key, key) == 0)
            return child;
    return NULL;
}

const char *ltp_node_kind_name(ltp_node_kind kind) {
    return kind == LTP_NODE_SCALAR ? "a value" : kind == LTP_NODE_LIST ? "a list" : "a map";
}
