.PHONY: run test check messages tour bench bench-admin bench-albums bench-browsing bench-lighthouse bench-pages bench-previews bench-search bench-uploads

PYTHON = .venv/bin/python

.venv: tests/requirements.txt
	python3 -m venv .venv && .venv/bin/pip install -q -r tests/requirements.txt && touch .venv

run: .venv
	$(PYTHON) wsgi.py

test: .venv
	.venv/bin/pytest

check: .venv
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/djlint --lint gallery/templates

# What is still to be said in other languages: see the README, "Another language".
messages: .venv
	cd gallery && ../.venv/bin/pybabel -q extract -F ../pyproject.toml -k _l -k N_ -k Plural:1,2 --ignore-dirs '.* node_modules' -o ../instance/messages.pot .

# The pictures of the README's tour.
tour: .venv
	TOUR=.readme .venv/bin/pytest -n0 -m slow tests/flows/test_tour.py

bench: .venv-bench
	.venv-bench/bin/python -m tests.bench

bench-admin: .venv-bench
	.venv-bench/bin/python -m tests.bench.admin

bench-albums: .venv-bench
	.venv-bench/bin/python -m tests.bench.albums

bench-browsing: .venv-bench
	.venv-bench/bin/python -m tests.bench.browsing

bench-lighthouse: .venv-bench
	.venv-bench/bin/python -m tests.bench.lighthouse

bench-pages: .venv-bench
	.venv-bench/bin/python -m tests.bench.pages
	.venv-bench/bin/python -m tests.bench.web pages picture
	.venv-bench/bin/python -m tests.bench.search

bench-previews: .venv-bench
	.venv-bench/bin/python -m tests.bench.imaging

bench-search: .venv-bench
	.venv-bench/bin/python -m tests.bench.search

bench-uploads: .venv-bench
	.venv-bench/bin/python -m tests.bench.uploads

# Apart from .venv: there the tests give our engine the name of the package it is compared with.
.venv-bench: tests/bench/requirements.txt
	python3 -m venv $@ && $@/bin/pip install -q -r $< && echo '*' > $@/.gitignore && touch $@
