.PHONY: demo test test-ops

# Convert a network with trained weights and compare LiteRT with PyTorch on a photograph.
demo:
	@tools/setup.sh
	@tools/build.sh release
	@.venv/bin/python examples/demo/demo.py

# Build in every way and run all tests.
test:
	@tools/setup.sh
	@python3 tools/test.py

# Every operator: all cases and PyTorch's whole database, exported and traced, by both sets of LiteRT's kernels.
test-ops:
	@tools/setup.sh
	@tools/build.sh debug
	@TINYNN_TEST_ALL=1 .venv/bin/python -m pytest -q -n 2 --dist worksteal tests/ops tests/database
