# One image for every process of an installation; config/image/entrypoint.sh makes it a web server, a worker, a beat …
# The steps are in config/image/build.sh, so that they run, and are tested, without Docker.
FROM python:3.13-slim-trixie AS build
WORKDIR /app
ENV PYTHONDONTWRITEBYTECODE=1
COPY requirements.txt ./
COPY config/image/build.sh config/image/
RUN config/image/build.sh packages /opt/packages
COPY . .
ENV PATH=/opt/packages/bin:$PATH STATIC_ROOT=/app/static
RUN config/image/build.sh product

FROM python:3.13-slim-trixie
# pg_dump and pg_restore, for backups; not older than the server of compose.yaml.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends postgresql-client-17 \
    && rm -rf /var/lib/apt/lists/* \
    && groupadd --gid 10001 desk \
    && useradd --uid 10001 --gid desk --no-create-home --shell /usr/sbin/nologin desk \
    && useradd --uid 10002 --gid desk --no-create-home --shell /usr/sbin/nologin signer \
    && install --directory --owner desk --group desk --mode 0750 /var/lib/observer-desk \
    && install --directory --owner desk --group desk --mode 0770 /run/observer-desk \
    && install --directory --owner signer --group desk --mode 0700 /var/lib/badge-keys
COPY --from=build /opt/packages /opt/packages
COPY --from=build /app /app
WORKDIR /app
ENV PATH=/opt/packages/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HOME=/tmp \
    DEPLOYMENT=production \
    STATIC_ROOT=/app/static \
    VAR_DIR=/var/lib/observer-desk \
    BADGE_SIGNER_SOCKET=/run/observer-desk/signer.sock \
    BADGE_KEY_DIR=/var/lib/badge-keys \
    WEB_BIND=0.0.0.0:8000
USER 10001:10001
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["config/image/entrypoint.sh", "probe", "web"]
ENTRYPOINT ["/app/config/image/entrypoint.sh"]
CMD ["web"]
