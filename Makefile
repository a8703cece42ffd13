.PHONY: demo test

# Convert a network with trained weights and compare LiteRT with PyTorch on a photograph.
demo:
	@tools/setup.sh
	@tools/build.sh release
	@.venv/bin/python examples/demo/demo.py

# Build in every way and run all tests.
test:
	@tools/setup.sh
	@python3 tools/test.py
