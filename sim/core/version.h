/* What this program and its result files call themselves. */
#ifndef LTP_CORE_VERSION_H
#define LTP_CORE_VERSION_H

/* Semantic version of the program, "major.minor.patch": the one `--version` prints and results carry. */
extern const char ltp_version[];

/* Version of the layout of result files and shards; a reader refuses one that it does not know. */
#define LTP_RESULT_FORMAT_VERSION 1

#endif
