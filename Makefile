# ltpsim. Two commands do everything: `make run` (the main job) and `make test`. `make help` lists the rest.
# As root they install the Debian packages that are missing; else they print the one line that does, and stop.

SHELL := /bin/bash
BUILD ?= build
CC := gcc
CSTD := -std=c17 -D_GNU_SOURCE
WARN := -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla -Wno-unknown-pragmas
WERROR ?=
# -ffp-contract=off: the same bits on every instruction set; never -ffast-math.
OPT ?= -O3 -g -fno-math-errno -fno-trapping-math -ffp-contract=off -fopenmp
DEFINE ?=

# Debian packages, each with its reason in CONTRIBUTING.md. BUILD_PACKAGES build and run; `make test` adds TEST_PACKAGES.
BUILD_PACKAGES := gcc make pkg-config libc6-dev libgsl-dev libhdf5-dev libyaml-dev librandom123-dev libmd-dev
FORMAT_PACKAGES := clang-format-14
TEST_PACKAGES := libcmocka-dev hdf5-tools python3 python3-numpy python3-h5py python3-xarray python3-h5netcdf \
                 python3-netcdf4 binutils locales $(FORMAT_PACKAGES)

PKG := hdf5-serial gsl yaml-0.1 libmd
CPPFLAGS := -I. -I$(BUILD) $(DEFINE) $(shell pkg-config --cflags $(PKG) 2>/dev/null)
CFLAGS = $(CSTD) $(OPT) $(WARN) $(WERROR)
# hdf5_hl has no .pc file; it must stand before hdf5.
LDLIBS := $(shell pkg-config --libs-only-L hdf5-serial 2>/dev/null) -lhdf5_hl \
          $(shell pkg-config --libs-only-l hdf5-serial 2>/dev/null) \
          $(shell pkg-config --libs gsl yaml-0.1 libmd 2>/dev/null) -lm -lpthread
LDFLAGS = -fopenmp

SOURCES := $(sort $(wildcard sim/*.c sim/*/*.c models/*.c results/*.c results/*/*.c))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
LIBRARY_OBJECTS := $(filter-out $(BUILD)/sim/main.o,$(OBJECTS))
TESTS := $(sort $(wildcard $(patsubst %,tests/%/test_*.c,unit stat repro golden fault house)))
TEST_BINARIES := $(TESTS:%.c=$(BUILD)/%)
TEST_SUPPORT := $(patsubst %.c,$(BUILD)/%.o,$(sort $(wildcard tests/support/*.c)))
BENCHES := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard bench/*.c)))
C_FILES := $(sort $(wildcard $(foreach room,sim sim/* models results results/* tests/* bench,$(room)/*.c $(room)/*.h)))

# One recursive make on every core, unless make was told how many.
PARALLEL = $(MAKE) --no-print-directory $(if $(findstring -j,$(MAKEFLAGS)),,-j$$(nproc))
# `make V=1` prints whole commands.
Q := $(if $(V),,@)
say = $(if $(V),,@echo "  $(1)")

.PHONY: all help run test check-format format asan bench golden-update clean setup setup-test setup-format programs \
        test-programs variants FORCE
.DELETE_ON_ERROR:
.SECONDARY:
.DEFAULT_GOAL := help

help: ## what one can ask for
	@grep -E '^[a-z-]+:.*##' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /\1|/' | awk -F'|' '{printf "  make %-16s %s\n", $$1, $$2}'

# --- set-up: install what is missing as root, else print the one line that does it -----------------------------
define install
	@command -v dpkg-query >/dev/null || { echo "no Debian: these packages are needed, by Debian's names: $(1)" >&2; exit 0; }; \
	missing=""; for p in $(1); do \
	  dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q "install ok installed" || missing="$$missing $$p"; done; \
	if [ -n "$$missing" ]; then \
	  if [ "$$(id -u)" = 0 ]; then echo "installing:$$missing" >&2; \
	    { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; } >$(BUILD)-apt.log 2>&1 \
	      || { cat $(BUILD)-apt.log >&2; exit 1; }; rm -f $(BUILD)-apt.log; \
	  else echo "missing packages; run:  sudo apt-get install -y --no-install-recommends$$missing" >&2; exit 1; fi; fi
endef
setup:
	$(call install,$(BUILD_PACKAGES))
setup-test:
	$(call install,$(BUILD_PACKAGES) $(TEST_PACKAGES))
setup-format:
	$(call install,$(FORMAT_PACKAGES))

# --- the main job -----------------------------------------------------------------------------------------------
run: setup ## set up, build, check and simulate Greater Manchester (102,400 paths), print the headline table
	@$(PARALLEL) programs
	@mkdir -p out
	@$(BUILD)/ltpsim check scenarios/greater-manchester
	@$(BUILD)/ltpsim run scenarios/greater-manchester -o out/greater-manchester.h5

all: setup ## set up and build build/ltpsim
	@$(PARALLEL) programs
programs: $(BUILD)/ltpsim

$(BUILD)/ltpsim: $(BUILD)/sim/main.o $(BUILD)/libltp.a
	$(call say,LD $@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libltp.a: $(LIBRARY_OBJECTS)
	@rm -f $@
	@ar rcs $@ $^

$(BUILD)/%.o: %.c $(BUILD)/flags
	$(call say,CC $<)
	@mkdir -p $(@D)
	$(Q)$(CC) $(CPPFLAGS) $(CFLAGS) -MMD -MP -c -o $@ $<

# Everything is built again when the flags change.
$(BUILD)/flags: FORCE
	@mkdir -p $(@D)
	@echo '$(CC) $(CPPFLAGS) $(CFLAGS)' | cmp -s - $@ || echo '$(CC) $(CPPFLAGS) $(CFLAGS)' >$@

# --- tests ------------------------------------------------------------------------------------------------------
test: setup-test ## set up, build and pass every test; last line: N passed, N failed
	@$(PARALLEL) programs test-programs variants
	@tests/run.sh $(BUILD)

test-programs: $(TEST_BINARIES)
$(BUILD)/tests/%: $(BUILD)/tests/%.o $(TEST_SUPPORT) $(BUILD)/libltp.a
	$(call say,LD $@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcmocka $(LDLIBS)

# Builds for other vector widths, which must give the same bits as the normal one (tests/repro/test_instruction_set.py).
# fused rounds a multiplication and an addition once: the control, which must differ.
VARIANTS := $(if $(filter x86_64,$(shell uname -m)),baseline avx2 fused)
VARIANT_baseline := -march=x86-64 -ffp-contract=off
VARIANT_avx2 := -march=x86-64-v3 -ffp-contract=off
VARIANT_fused := -march=x86-64-v3 -ffp-contract=fast
variants: $(VARIANTS:%=variant-%)
variant-%: FORCE
	@$(MAKE) --no-print-directory BUILD=$(BUILD)/variant/$* DEFINE=-DLTP_NO_CLONES \
	  OPT="-O3 $(VARIANT_$*) -fno-math-errno -fno-trapping-math -fopenmp" $(BUILD)/variant/$*/ltpsim

SANITIZE := -O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=undefined -ffp-contract=off
asan: setup-test ## every test again under AddressSanitizer and UBSan
	@$(PARALLEL) BUILD=build-asan OPT="$(SANITIZE) -fopenmp" DEFINE=-DLTP_NO_CLONES programs test-programs
	@tests/run.sh build-asan

golden-update: setup-test ## rewrite golden figures and the README's table on purpose; say what moved (CHANGELOG.md: why)
	@$(PARALLEL) programs
	@LTP_BUILD=$(BUILD) /usr/bin/python3 tests/golden/test_golden.py --update
	@LTP_BUILD=$(BUILD) /usr/bin/python3 tests/golden/test_readme.py --update

# --- measuring --------------------------------------------------------------------------------------------------
bench: setup-test ## paths per second, ns per draw, bytes stored, against an independent numpy peer
	@$(PARALLEL) programs $(BENCHES)
	@bench/run.sh $(BUILD)
$(BUILD)/bench/%: $(BUILD)/bench/%.o $(BUILD)/libltp.a
	$(call say,LD $@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# --- house ------------------------------------------------------------------------------------------------------
format: setup-format ## format every C file
	@clang-format-14 -i $(C_FILES)
check-format: setup-format ## fail if a C file is not formatted
	@clang-format-14 --dry-run -Werror $(C_FILES)
clean: ## remove what was built
	rm -rf build build-asan

-include $(OBJECTS:.o=.d) $(TEST_SUPPORT:.o=.d) $(TEST_BINARIES:=.d) $(BENCHES:=.d)
