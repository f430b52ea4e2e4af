# Every target sets everything up first; see .ci/setup.
.PHONY: demo test bench screenshots check evaluate

demo:
	@.ci/setup
	@.venv/bin/cxr-studio demo

test:
	@.ci/setup
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/python -m pytest -n 2

bench:
	@.ci/setup
	.venv/bin/python -m pytest tests/benchmarks -m benchmark -s -q -p no:xdist

screenshots:
	@.ci/setup
	.venv/bin/cxr-studio pictures resources/pictures

check:
	@.ci/setup
	.venv/bin/cxr-studio check
