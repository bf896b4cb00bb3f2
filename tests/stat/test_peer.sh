#!/bin/bash
# The numpy peer's own tests: it can only check ltpsim if it is right itself.
exec /usr/bin/python3 "$(dirname "$0")/../../bench/peers/test_peer.py"
