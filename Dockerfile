# The demo in a container: docker build -t xstats . && docker run --rm -v "$PWD/demo:/demo" xstats
# Its study and its report land in ./demo. Any other command: docker run --rm -v "$PWD:/demo" xstats xstats --help
FROM python:3.11-slim

WORKDIR /opt/xtransfer-stats
COPY pyproject.toml constraints.txt README.md LICENSE ./
COPY src src
COPY runners runners
COPY analyses analyses
COPY data data
# The demo needs no GPU: --build-arg PIP_EXTRA_INDEX_URL=... of an index with torch for processors saves gigabytes.
ARG PIP_EXTRA_INDEX_URL=
RUN pip install --no-cache-dir -c constraints.txt '.[train,embedded]'

RUN useradd --create-home xstats && mkdir /demo && chown xstats /demo
USER xstats
WORKDIR /demo
VOLUME /demo
CMD ["sh", "-c", "xstats run --seeds 5 --tasks 3 && xstats analyze --model mixed"]
