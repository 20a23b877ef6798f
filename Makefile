GOLANGCI_LINT = github.com/golangci/golangci-lint/v2/cmd/golangci-lint@v2.15.0
GOBIN        := $(or $(shell go env GOBIN),$(shell go env GOPATH)/bin)
# Where goroutines are: everything else is plain functions of their input.
CONCURRENT    = ./sim/fleet ./cmd/...
FUZZTIME      = 60s
COUNT         = 6
# The tests that tell the page what they found.
VALIDATION    = ^Test(Laws|Little|StaticStability|ZoneLossThroughHealthChecks|RetryAmplification|FaultProcesses|TransientAvailability|ThirtyDependencies|RetryStormOutlivesItsTrigger|RetryBudgetUnderTotalRejection|SlowBurnOfRetries|BreakerAgainstADeadDependency|BackoffUnderContention|RetriesAfterAnOutage|CriticalOutage(ByChance)?|SpikeCollapsesWhatSlowsDown|LeastRequestsSinkhole|GoodputCollapse|MonkeySteadyState)$$

.PHONY: all test lint lint-install race fuzz deep validation bench docs platforms

all: test lint

test: ## the tests that stay under a minute
	go test ./...

lint: lint-install ## formatting, vet and linters
	go vet ./...
	$(GOBIN)/golangci-lint run ./...

lint-install:
	@$(GOBIN)/golangci-lint version 2>/dev/null | grep -q 'version v\?2\.15\.0' || GOOS= GOARCH= go install $(GOLANGCI_LINT)

race: ## the race detector, where goroutines are
	go test -race $(CONCURRENT)

fuzz: ## what reads input: the language for FUZZTIME, traces for a while; caches' twins
	go test -run='^$$' -fuzz='^FuzzParse$$' -fuzztime=$(FUZZTIME) -fuzzminimizetime=10x ./topology
	go test -run='^$$' -fuzz='^FuzzReadLines$$' -fuzztime=15s -fuzzminimizetime=10x ./report/trace
	go test -run='^$$' -fuzz='^FuzzNode$$' -fuzztime=15s -fuzzminimizetime=10x ./sim/cache
	go test -run='^$$' -fuzz='^FuzzFlights$$' -fuzztime=15s -fuzzminimizetime=10x ./sim/cache
	go test -run='^$$' -fuzz='^FuzzSet$$' -fuzztime=15s -fuzzminimizetime=10x ./topology
	go test -run='^$$' -fuzz='^FuzzParseValues$$' -fuzztime=15s -fuzzminimizetime=10x ./topology

deep: ## the long statistical suites
	go test -tags=deep -timeout=60m ./...

validation: ## every case of the validation again, into docs/validation.md
	go test -tags=deep -timeout=60m -count=1 ./sim -run='$(VALIDATION)' -validation.page=../docs/validation.md

bench: ## the benchmarks (CPU time where it counts), ready for benchstat
	go test -run='^$$' -bench=. -benchmem -count=$(COUNT) ./...

docs: ## run every command block of the documents
	.ci/documents

platforms: ## the same bytes on linux/amd64, 386 and js/wasm
	.ci/platforms
