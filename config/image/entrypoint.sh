#!/bin/sh
# One process of an installation: entrypoint.sh ROLE [ARGUMENTS]. Each role takes this shell's place, so that signals
# reach the process itself. The Dockerfile and compose.yaml call it, and so may a service manager on a plain server.
set -eu
cd "$(dirname "$0")/../.."

role="${1:?one of: check, migrate, web, worker, beat, signer, probe, secrets, manage}"
shift
# Memory that one thread gives back serves the others; with a pool for each, a process grows for hours.
export MALLOC_ARENA_MAX="${MALLOC_ARENA_MAX:-2}"
case "$role" in
    web | worker | beat | signer) export PROCESS_ROLE="$role" ;;
    *) export PROCESS_ROLE=command ;;
esac

case "$role" in
    check) exec python manage.py check --deploy --database default --fail-level ERROR "$@" ;;
    migrate) exec python manage.py migrate --no-input "$@" ;;
    web) exec python -m gunicorn --config python:config.gunicorn "$@" config.wsgi ;;
    worker) exec python -m celery --quiet --app config worker --without-gossip --without-mingle "$@" ;;
    beat) exec python -m celery --quiet --app config beat --pidfile= "$@" ;;
    signer) exec python manage.py badge_signer "$@" ;;
    probe) exec python -m config.image.probe "$@" ;;
    secrets) exec python -m config.image.make_secrets ;;
    manage) exec python manage.py "$@" ;;
    *)
        echo "$role is no role: check, migrate, web, worker, beat, signer, probe, secrets or manage" >&2
        exit 64
        ;;
esac
