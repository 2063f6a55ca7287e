# An image of LeadTracker. Any base with Python 3.11 or newer and its venv module does, on amd64 and arm64:
#   docker build --build-arg BASE=python:3.12-slim-bookworm --tag leadtracker .
ARG BASE=docker.io/library/python:3.13-slim-bookworm

FROM ${BASE} AS build
WORKDIR /source
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
# The locked dependencies first: they change less often than the program.
COPY requirements/run.txt requirements/run.txt
RUN python3 -m venv /opt/leadtracker \
    && /opt/leadtracker/bin/python -m pip install --quiet --no-compile --require-hashes --requirement requirements/run.txt
COPY pyproject.toml README.md LICENSE ./
COPY leadtracker leadtracker
# What only installing needs stays behind; the rest is compiled here, because the image is read-only when it runs.
RUN /opt/leadtracker/bin/python -m pip install --quiet --no-compile --no-deps --no-build-isolation . \
    && /opt/leadtracker/bin/python -m pip uninstall --quiet --yes hatchling editables pathspec pluggy trove-classifiers pip \
    && rm -rf /opt/leadtracker/lib/python3*/site-packages/setuptools* \
    && find /opt/leadtracker -type d -name tests -path '*/site-packages/*' -prune -exec rm -rf {} + \
    && find /opt/leadtracker -type f -path '*/site-packages/*' \( -name '*.c' -o -name '*.pyx' -o -name '*.pxd' \) -delete \
    && /opt/leadtracker/bin/python -m compileall -q /opt/leadtracker/lib

FROM ${BASE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="LeadTracker" \
      org.opencontainers.image.description="Keeps leads, follows them up and reports them weekly" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /opt/leadtracker /opt/leadtracker
# A numeric user, so that "must not be root" can be checked without /etc/passwd.
RUN install -d -o 10001 -g 10001 -m 700 /data
ENV PATH=/opt/leadtracker/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    LEADTRACKER_DATA_DIR=/data \
    LEADTRACKER_HOST=0.0.0.0
WORKDIR /data
VOLUME /data
EXPOSE 8000
USER 10001:10001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python3", "-c", "import os, urllib.request as u; u.urlopen('http://127.0.0.1:' + (os.environ.get('LEADTRACKER_PORT') or os.environ.get('PORT') or '8000') + '/healthz', timeout=4)"]
ENTRYPOINT ["leadtracker"]
CMD ["up"]
