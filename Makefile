# Marbles. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash

SWIFT_FILES = $$(git ls-files --cached --others --exclude-standard '*.swift')
C_FILES = $$(git ls-files --cached --others --exclude-standard '*.c' '*.h' | grep -v /shim.h)

# The suites of `make sanitize`.
ADDRESS_SUITES = ImageDecoderTests|DamagedImageTests|OrientationParsingTests|ImageEncoderTests|ResamplingTests|KernelTests|WinogradConstantsTests|FastConvolutionTests
THREAD_SUITES = WorkersTests|RereadingTests|MemoryDatasetTests|TrainerTests/.*two runs with one seed

.PHONY: help setup setup-mpi build static install uninstall deb check-deb demo lecture bias neither examples documentation \
  test record coverage lint format conformance sanitize asan tsan arm64 fuzz chaos chaos-kills chaos-short faults \
  faults-short scaling cluster siege siege-short siege-asan check-pages check-tab bench bench-page \
  bench-loading reference clean

help: ## list the targets
	@grep -hE '^[a-z0-9-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 15

setup: ## install the system packages that are missing (root or sudo)
	@./Tools/setup.sh

setup-mpi: ## install Open MPI and MPICH, for training in several processes and its tests (root or sudo)
	@./Tools/setup.sh openmpi-bin mpich

build: setup ## build the tool for release: .build/release/marbles
	swift build -c release --product marbles

static: setup ## build the tool with the Swift runtime linked in, and the writer of its manual
	@./Tools/static.sh

install: ## install tool, manual and completions below PREFIX (default /usr/local); honors DESTDIR
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" ./Tools/install.sh install

uninstall: ## remove what install has put below PREFIX
	@PREFIX="$(PREFIX)" DESTDIR="$(DESTDIR)" ./Tools/install.sh uninstall

deb: ## a Debian package that needs no Swift: .build-install/marbles_VERSION_ARCHITECTURE.deb
	@./Tools/setup.sh dpkg-dev
	@./Tools/deb.sh

check-deb: ## install that package on a fresh Debian 12 in a folder, and use it (root)
	@./Tools/setup.sh debootstrap
	@./Tools/check-deb.sh

demo: build ## draw a practice set, train on it, evaluate, predict, leave figures in demo/
	@./Tools/demo.sh

lecture: build ## run every command of the lecture in lecture/, and write its pages
	swift build -c release --product lecture
	rm -rf lecture
	mkdir lecture
	.build/release/lecture .build/release/marbles lecture Documentation/Lecture.md

bias: build ## a network that learns the background, and is found out (PHOTOS=folder: and a tint) -> bias/
	@./Tools/bias.sh $(PHOTOS)

test: setup ## build and run all tests, and those of pages where Chromium is installed
	swift build -c release --build-tests
	swift test -c release --disable-xctest --skip-build
	@if command -v chromium >/dev/null; then ./Tools/pages/check.sh; else \
	  echo "pages are not checked: there is no Chromium; make check-pages installs it" >&2; fi

neither: build ## how many images of neither cats nor dogs MODEL=checkpoint still answers for; PHOTOS=folder also says what it costs
	@./Tools/neither.sh $(or $(MODEL),cats-and-dogs) $(PHOTOS)

examples: setup ## build and run the packages in Examples, which use Marbles as libraries
	@./Examples/run.sh

documentation: setup ## build the reference of all libraries with DocC; a warning is an error
	@./Tools/documentation.sh

record: setup ## write Documentation/Help.md, Lecture.md and the table in Layers.md anew
	swift build -c release --build-tests
	MARBLES_RECORD=1 swift test -c release --disable-xctest --skip-build \
	  --filter 'HelpTests|LayerCatalogueTests|LecturePageTests'

bench-loading: setup ## compare the speed of loading images with other libraries (DATA, PYTHON)
	@./Benchmarks/loading/run.sh

coverage: setup ## line coverage of Sources/ by the tests
	@./Tools/coverage.sh

lint: ## check formatting, length of files and forbidden words
	@./Tools/setup.sh clang-format
	@./Tools/lint.sh

format: ## format Swift and C in place
	@./Tools/setup.sh clang-format
	swift format --in-place --parallel $(SWIFT_FILES)
	clang-format -i $(C_FILES)

sanitize: setup ## a fixed subset under the sanitizers: codecs and kernels, then threads
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tools/known-leaks.txt \
	  swift test --scratch-path .build-asan --sanitize=address -Xcc -fsanitize=undefined \
	  -Xcc -fno-sanitize-recover=all --disable-xctest --filter '$(ADDRESS_SUITES)'
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tools/known-races.txt \
	  swift test --scratch-path .build-tsan --sanitize=thread --disable-xctest \
	  --filter '$(THREAD_SUITES)'

asan: setup ## decoders, kernels, layers and the server, and every corpus file cut at 64 places, under the sanitizers
	LSAN_OPTIONS=suppressions=$(CURDIR)/Tools/known-leaks.txt \
	  swift test --scratch-path .build-asan --sanitize=address -Xcc -fsanitize=undefined \
	  -Xcc -fno-sanitize-recover=all --disable-xctest --filter 'ImageLoadingTests|TensorsTests|ConvNetTests|LocalServerTests'
	@./Tools/fuzz.sh cuts

tsan: setup ## kernels, layers, training and the server under the thread sanitizer
	TSAN_OPTIONS=suppressions=$(CURDIR)/Tools/known-races.txt \
	  swift test --scratch-path .build-tsan --sanitize=thread --disable-xctest \
	  --filter 'TensorsTests|ConvNetTests|TrainingTests|LocalServerTests' --skip TrainingReferenceTests

arm64: ## compile the C kernels for 64-bit ARM
	@./Tools/setup.sh libc6-dev-arm64-cross
	@./Tools/arm64.sh

fuzz: setup ## 20,000 mutated images under the sanitizers; COUNT= and SEED= choose others
	@./Tools/fuzz.sh mutations

chaos: setup ## kills, disk errors, power cuts, two processes, spoiled inputs (SEED, MINUTES=10, COUNT=50000)
	@./Tools/chaos.sh long

chaos-kills: setup ## forty kills at any time, and ten disks that are filled (root), compared with an undisturbed run
	@./Tools/chaos.sh kills

siege: build ## 10,000 connections, slow heads, long bodies, 20,000 mutations against `marbles serve`
	python3 Tools/siege.py .build/release/marbles --long

siege-short: build ## a minute of that
	python3 Tools/siege.py .build/release/marbles

siege-asan: setup ## the whole of it under the address sanitizer
	swift build --scratch-path .build-asan --sanitize=address -Xcc -fsanitize=undefined \
	  -Xcc -fno-sanitize-recover=all --product marbles
	ASAN_OPTIONS=quarantine_size_mb=1 LSAN_OPTIONS=suppressions=$(CURDIR)/Tools/known-leaks.txt \
	  python3 Tools/siege.py .build-asan/debug/marbles --long

chaos-short: setup ## a minute of `make chaos`, without sanitizers
	@./Tools/chaos.sh short

faults: build setup-mpi ## forty faults of one of several processes that train together (root: also of its network)
	python3 Tools/faults.py .build/release/marbles

faults-short: build setup-mpi ## six of them, of kinds that need no network
	python3 Tools/faults.py .build/release/marbles --count 6 --seed 3 --kinds kill,disk,images

scaling: build setup-mpi ## two processes of one thread against one of two, seven pairs
	python3 Tools/cluster/pairs.py .build/release/marbles

cluster: build setup-mpi ## four hosts as network namespaces, 1 Gbit/s and 0.5 ms: a step against the model (root)
	python3 Tools/cluster/namespaces.py --hosts 4 --rate 1000 --delay 0.5 -- \
	  "$(CURDIR)/.build/release/marbles" bench scaling --model tabby --image-size 128 --threads 1

bench: build ## compare speed with PyTorch, Keras, ONNX Runtime and OpenVINO -> Documentation/Performance.md (Python, PyPI; OPTIONS="--models lecture:150")
	@./Benchmarks/compare/run.sh

check-tab: build ## ten minutes of a page that is opened and closed beside a training change no file of it (Python, PyPI)
	@./Tools/pages/check.sh tab 600

bench-page: build ## what a page that is open costs the training it shows, on a quiet machine, in 9 minutes (Python, PyPI)
	@./Tools/pages/check.sh cost

check-pages: build ## work the playground and open reports in Chromium, or PAGES="files or addresses" (Python, PyPI)
	@./Tools/pages/check.sh $(PAGES)

conformance: setup ## compare the decoders with the corpora of CORPORA=path, by default ../shared/data/conformance
	@./Tools/conformance.sh

reference: ## regenerate the reference values the tests read (Python, PyPI)
	@./Tools/reference/run.sh

clean: ## remove everything that was built
	rm -rf .build .build-install .build-documentation Examples/.build .build-asan .build-tsan .build-coverage demo bias lecture
