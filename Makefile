# The two commands of this project are `make demo` and `make test`; see README.md.
# PYTHON names another interpreter than the one found, PORT another port for the demonstration.
PYTHON ?=
PORT ?= 8000
COMPILE = uv pip compile --universal --python-version 3.11 --generate-hashes --upgrade \
	--no-emit-index-url --no-emit-find-links --no-header --quiet

.PHONY: setup demo test stop lock

# The virtual environment with the locked dependencies.
setup: .venv/.runtime

# The portal with a demonstration county, until Ctrl-C.
demo: .venv/.runtime
	@exec .venv/bin/python manage.py demo --port $(PORT)

# Every check and every test.
test: .venv/.tests
	@exec .venv/bin/python -m config.checks

# Stops embedded servers that single commands left running.
stop: .venv/.runtime
	@exec .venv/bin/python manage.py servers stop

# Locks the newest versions that requirements*.in allow; needs uv.
lock:
	$(COMPILE) --output-file requirements.txt requirements.in
	$(COMPILE) --output-file requirements-dev.txt requirements-dev.in

.venv/.runtime: requirements.txt .venv/bin/pip
.venv/.tests: requirements-dev.txt .venv/bin/pip
.venv/.runtime .venv/.tests:
	@echo "Installing what $< locks (once, a minute or two) ..."
	@.venv/bin/python -m pip install -qq --disable-pip-version-check --require-hashes -r $<
	@touch $@

.venv/bin/pip:
	@for python in $(PYTHON) python3.11 python3.12 python3; do \
	  command -v $$python >/dev/null || continue; \
	  $$python -c 'import sys; sys.exit(sys.version_info[:2] not in ((3, 11), (3, 12)))' || continue; \
	  if ! $$python -c 'import ensurepip, venv' 2>/dev/null; then \
	    echo "$$python cannot make a virtual environment: apt-get install python3-venv" >&2; exit 2; \
	  fi; \
	  $$python -m venv .venv; exit; \
	done; \
	echo "Python 3.11 or 3.12 is needed (PYTHON=... names one)." >&2; exit 2
