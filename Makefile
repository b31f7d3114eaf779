# Two commands do everything:  make demo   make test   (make peers gets what some tests drive: a real Slurm, a browser)
# Each installs missing Debian packages (with sudo where not root), then builds, then works.

# The demo needs the program alone. `swift build --build-tests` has the same flags, so it finds all of this done.
BUILD := swift build -c release --product safnet
SAFNET := .build/release/safnet
PACKAGES := libhdf5-dev libnifti2-dev libniftiio-dev libznz-dev libsqlite3-dev zlib1g-dev pkg-config librsvg2-bin fonts-dejavu-core
# What some tests drive and the program itself does not need; without them those tests are skipped.
CLUSTER := slurm-wlm munge
# And one that keeps accounts.
ACCOUNTING := slurmdbd mariadb-server
BROWSER := chromium
PEERS := $(CLUSTER) $(ACCOUNTING) $(BROWSER)
# XLA for the processor, on which what trains on graphics cards is tested: one file out of a wheel.
PLUGIN_WHEEL := lammps-jax-pjrt-cpu==0.11.2
PLUGIN := .build/plugin/pjrt_c_api_cpu_plugin.so
SUDO := $(shell [ "$$(id -u)" = 0 ] || echo sudo)

.PHONY: demo train-demo examples test soak fuzz sanitize browser check structure format lint build install packages peers plugin device device-exact toolchain clean help

# Kills of `make soak`, the seed of their instants, and its starts of the program; inputs of each target of `make fuzz`.
KILLS := 200
SEED := 1
RUNS := 1000000
STARTS := 100000

help:
	@echo "make demo    build, train nine networks on five folds, print both tables (about ten minutes on 2 cores)"
	@echo "make test    build and run every test"
	@echo "make peers   the packages that some tests drive (a real Slurm, a browser); without them those tests are skipped"
	@echo "make plugin  XLA for the processor, for the tests of training on graphics cards"
	@echo "make device  those tests alone; make device-exact: the shorter part of them that CI runs"
	@echo "make check   format, lint, the map of the targets, and test"
	@echo "make examples  the demo's reports again, into the committed Reports/demo"
	@echo "make soak    200 kills of real sweeps, each write failed once with each error, 10^5 odd starts, a cluster (hours)"
	@echo "make install PREFIX=/shared/safnet  the program with its libraries, for machines without Swift"
	@echo "make fuzz    a million inputs for each reader of files (RUNS=...)"
	@echo "make browser  the dashboard and a report in a headless Chromium, where there is one"
	@echo "make sanitize  the tests under address, undefined-behaviour and thread sanitizers"

# Phantom images, nine networks, five folds; SAFNet is in both tables and trained once. Running it again resumes or does
# nothing.
demo: train-demo
	$(call report-demo,Workspace/reports)

# Writes the committed examples anew, from the demo's runs.
examples: train-demo
	$(call report-demo,Reports/demo)

train-demo: build
	$(SAFNET) run Experiments/comparison-demo.json
	$(SAFNET) run Experiments/demo.json

define report-demo
	$(SAFNET) report Experiments/comparison-demo.json --output $(1)/comparison --print folds
	$(SAFNET) report Experiments/demo.json --output $(1)/ablation --print ablation
endef

test: toolchain packages
	@for name in $(PEERS); do $(call is-installed,$$name) || echo "not tested here: what needs $$name (make peers)"; done
	@[ -n "$$SAFNET_PJRT_PLUGIN" ] || [ -e $(PLUGIN) ] || echo "not tested here: training by XLA (make plugin)"
	swift build -c release --build-tests
	SAFNET_PJRT_PLUGIN="$${SAFNET_PJRT_PLUGIN:-$(if $(wildcard $(PLUGIN)),$(CURDIR)/$(PLUGIN))}" swift test -c release --skip-build

# Training by XLA alone, on the plugin that `make plugin` fetched; `make test` has it too where the plugin is there.
device:
	SAFNET_PJRT_PLUGIN="$${SAFNET_PJRT_PLUGIN:-$(CURDIR)/$(PLUGIN)}" swift test -c release --skip-build \
	  --filter 'XLATests|PJRTTests|DeviceEngineTests|DevicesCommandTests|DeviceSweepTests'

# Of those the ones with one right answer on any processor: bits, bytes, words, and sums that round nothing. A few minutes.
device-exact:
	SAFNET_PJRT_PLUGIN="$${SAFNET_PJRT_PLUGIN:-$(CURDIR)/$(PLUGIN)}" swift test -c release --skip-build \
	  --filter 'ExactTests|RoundedStepsTests/theSameBits|ProgramMemoryTests|XLATests.EngineTests|PJRTTests|DeviceEngineTests/anInterrupted|DevicesCommandTests|DeviceSweepTests'

# Long proofs that an interrupted sweep ends in the same bits; not a single difference is allowed.
soak: toolchain packages
	swift build -c release --build-tests
	$(SAFNET) verify --kills $(KILLS) --seed $(SEED)
	SAFNET_SOAK=1 swift test -c release --skip-build --filter "WriteFaultTests|ClusterCommandTests"
	python3 Tests/Fuzz/Starts/starts.py $(SAFNET) --starts $(STARTS) --seed $(SEED)

fuzz: build
	Tests/Fuzz/run.sh $(RUNS)

browser: build
	python3 Tests/Browser/dashboard.py $(SAFNET)
	python3 Tests/Browser/report.py $(SAFNET)

sanitize: toolchain packages
	Tests/sanitize.sh

check: format lint structure test

# The map of the targets and the layers of the C files are enforced; sizes, documentation and repeated blocks are printed.
structure:
	python3 Tests/structure.py --self-test
	python3 Tests/structure.py

format: toolchain
	swift format --in-place --recursive --configuration .swift-format Package.swift Sources Tests

lint: toolchain
	swift format lint --strict --recursive --configuration .swift-format Package.swift Sources Tests
	for script in .ci/run Tests/*.sh Tests/Fuzz/*.sh; do bash -n $$script || exit 1; done
	git ls-files '*.py' | xargs python3 -c 'import ast, sys; [ast.parse(open(f).read(), f) for f in sys.argv[1:]]'
	! git grep -nP '[ \t]+$$' -- '*.swift' '*.c' '*.h' '*.py' '*.sh' '*.json' '*.md' Makefile ':!Tests/*/Golden' ':!Tests/Fuzz/*/seeds' ':!Reports'

build: toolchain packages
	$(BUILD)

# In a folder of its own with Swift's runtime inside, and beside it every C library but the system's own (glibc): for the
# nodes of a cluster, and any Linux with at least this machine's glibc.
INSTALLED := .build/install/release/safnet
SYSTEM_LIBRARIES := linux-vdso|ld-linux|lib(c|m|dl|rt|pthread|resolv)[.]so
install: toolchain packages
	@[ -n "$(PREFIX)" ] || { echo "make install PREFIX=/a/folder: where to?" >&2; exit 2; }
	swift build -c release --product safnet --scratch-path .build/install --static-swift-stdlib \
	  -Xlinker -rpath -Xlinker '$$ORIGIN/../lib' -Xlinker --disable-new-dtags
	mkdir -p $(PREFIX)/bin $(PREFIX)/lib
	cp $(INSTALLED) $(PREFIX)/bin/safnet
	ldd $(INSTALLED) | grep -vE '$(SYSTEM_LIBRARIES)' | sed -n 's/.*=> \(.*\) (.*/\1/p' | xargs -I{} cp -L {} $(PREFIX)/lib/
	$(PREFIX)/bin/safnet --version

is-installed = dpkg-query -W -f '$${Status}' $(1) 2>/dev/null | grep -q 'install ok installed'

packages:
	@missing=""; for name in $(PACKAGES); do $(call is-installed,$$name) || missing="$$missing $$name"; done; \
	if [ -n "$$missing" ]; then echo "installing$$missing"; \
	  $(SUDO) apt-get update -qq && $(SUDO) env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing; fi

# One by one: one that cannot be had takes none of the others with it. Daemons that they bring are not wanted here.
peers:
	@missing=""; for name in $(PEERS); do $(call is-installed,$$name) || missing="$$missing $$name"; done; \
	[ -z "$$missing" ] || $(SUDO) apt-get update -qq || true; \
	for name in $$missing; do echo "installing $$name"; \
	  $(SUDO) env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 apt-get install -y -qq --no-install-recommends $$name >/dev/null \
	    || echo "$$name cannot be had here: what needs it is not tested" >&2; done

# Its licence is Apache 2.0; nothing of it is kept but the one file, in an ignored folder.
plugin:
	@rm -rf .build/plugin && mkdir -p .build/plugin/wheel
	@python3 -m pip download -q --no-deps -d .build/plugin $(PLUGIN_WHEEL)
	@python3 -m zipfile -e .build/plugin/*.whl .build/plugin/wheel
	@mv .build/plugin/wheel/*/$(notdir $(PLUGIN)) $(PLUGIN) && rm -rf .build/plugin/wheel .build/plugin/*.whl

toolchain:
	@command -v swift >/dev/null || { \
	  echo "The Swift toolchain (6.0 or newer) is missing. Get it from https://www.swift.org/install/linux/ and put it on PATH." >&2; exit 2; }

clean:
	rm -rf .build
