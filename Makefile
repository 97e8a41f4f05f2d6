# The two commands that a newcomer needs are `make run` and `make test`; `make help` lists the others.

SHELL   := /bin/bash
VERSION := $(shell git describe --tags --always --dirty 2>/dev/null || echo unknown)
RUNTIME := models/runtime/.fetched
export PYTHON ?= /usr/bin/python3
CORPUS  ?= ../shared/corpus
WORK    := models/train/work

.PHONY: run test build runtime check data-check unit fuzz bench pretrain train train-smoke card eval engines browser help clean

run: build ## label the sample articles and show who is for and against
	@bin/stance run --in data/articles --out labels --run-date 2026-03-13
	@bin/stance verify labels

build: runtime ## build bin/stance
	@go build -ldflags "-X main.version=$(VERSION)" -o bin/stance ./cmd/stance

runtime: ## fetch the ONNX Runtime library, once
	@models/runtime/fetch.sh

test: build engines browser check data-check unit fuzz train-smoke ## everything that CI runs

check: ## vet, formatting, static analysis, known vulnerabilities
	go vet ./...
	@files=$$(gofmt -l cmd pipeline); test -z "$$files" || { echo "not formatted: $$files"; exit 1; }
	go tool staticcheck ./...
	@out=$$(go tool govulncheck ./... 2>&1); case "$$? $$out" in \
		0\ *) ;; \
		*"fetching vulnerabilities"*) echo "govulncheck: SKIPPED, its database cannot be reached" ;; \
		*) echo "$$out"; exit 1 ;; \
	esac

data-check: build ## the labelled sets: format, actors, overlaps, their datasheet; and that no text of CORPUS or of the samples is in them
	@if [ -d $(CORPUS) ]; then \
		{ xz -dcq $(CORPUS)/*.txt.xz; tar -xJOf $(CORPUS)/labelled.tar.xz; cat $(CORPUS)/../samples/*.txt; } | bin/stance labelled check data/labelled --against -; \
	else \
		echo "data-check: comparison with other texts SKIPPED, $(CORPUS) is not there"; bin/stance labelled check data/labelled; \
	fi

unit: export STANCE_TEST_RUNTIME = required
unit: export STANCE_TEST_ENGINES = required
unit: export STANCE_TEST_BROWSER ?= $(if $(shell command -v chromium),required)
unit: ## all tests, and with the race detector those of what runs at once: the flow, calls of the model, writers, the terminal
	go test ./...
	go test -race ./pipeline
	go test -race -run 'Concurrent|ManyGoroutines|Context|CloseWaits' ./pipeline/stance
	go test -race -run 'TwoAttempts|HoweverManyShards' ./pipeline/store
	go test -race -run 'OnATerminal|Interrupt' ./cmd/stance

fuzz: ## two hundred inputs for each fuzz target, more by FUZZ=1m or FUZZ=10000x
	@go test ./... -list '^Fuzz' | awk '/^Fuzz/ {f[n++]=$$1} /^ok/ {for (i=0;i<n;i++) print $$2, f[i]; n=0}' | \
	while read -r package target; do \
		go test "$$package" -run '^$$' -fuzz "^$$target$$" -fuzztime $(or $(FUZZ),200x) -fuzzminimizetime 10x || exit 1; \
	done

engines: .cache/engines/node_modules ## DuckDB and Polars, to read what we write

# The library of Polars is named itself, since npm leaves it out as an optional package where Node is older than 22, with
# which it works all the same.
.cache/engines/node_modules:
	@platform=$$(node -p 'process.platform + "-" + process.arch + (process.platform == "linux" ? "-gnu" : "")') && mkdir -p .cache/engines && \
	npm install --silent --no-audit --no-fund --prefix .cache/engines \
		@duckdb/node-api@1.5.6-r.1 nodejs-polars@0.26.1 nodejs-polars-$$platform@0.26.1

browser: .cache/browser/node_modules ## axe-core, to look at the page of stance eval in Chromium

.cache/browser/node_modules:
	@mkdir -p .cache/browser && npm install --silent --no-audit --no-fund --prefix .cache/browser axe-core@4.14.1

eval: build ## how good the model is: SET (dev by default) with baselines, and report.html
	bin/stance eval --data $(or $(SET),data/labelled/dev.jsonl) --behaviour data/labelled/behaviour.jsonl --html report.html

bench: build ## rows per second, peak memory and the share of each stage
	go test -run '^$$' -bench . -benchtime 2s ./pipeline

pretrain: build ## teach the encoder in models/train more words, for MINUTES on a processor or a GPU
	models/train/train.sh $(CORPUS) $(WORK) pretrain

train: build ## train the default model anew, from that encoder
	models/train/train.sh $(CORPUS) $(WORK)

card: build ## measure that model on dev and test and write the figures into its card
	@for set in dev test; do bin/stance eval --json --data data/labelled/$$set.jsonl --behaviour data/labelled/behaviour.jsonl >$(WORK)/$$set.json || exit 1; done
	@$(PYTHON) models/train/figures.py models/train/CARD.md $(WORK)/dev.json $(WORK)/test.json
	@$(PYTHON) models/train/export.py --work $(WORK) --out models/default --card models/train/CARD.md

train-smoke: ## the whole recipe on a thimble of text, to see that it runs
	models/train/smoke.sh

help:
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

clean:
	rm -rf bin labels .cache
