#!/bin/sh
# The steps of the Dockerfile, each of which runs without Docker too:
#   build.sh packages FOLDER   the locked packages into a virtual environment
#   build.sh product           compiled modules, and the static files under their hashed names in STATIC_ROOT
# What follows `product` is handed on to collectstatic.
set -eu
cd "$(dirname "$0")/../.."

step="${1:?one of: packages, product}"
shift
case "$step" in
    packages)
        python -m venv "${1:?the folder of the virtual environment}"
        "$1/bin/python" -m pip install --quiet --no-cache-dir --disable-pip-version-check \
            --require-hashes --requirement requirements.txt
        ;;
    product)
        python -m compileall -q config missions stations accreditation manage.py
        # Settings ask for secrets; none of these outlives the step.
        once=$(python -c "import secrets; print(secrets.token_urlsafe(64))")
        export DEPLOYMENT=production SECRET_KEY="$once" FIELD_ENCRYPTION_KEYS="$once" LOOKUP_HASH_KEY="$once"
        export PUBLIC_URL=https://build.invalid DATABASE_URL=postgres://nobody@build.invalid/none
        exec python manage.py collectstatic --no-input --verbosity 0 "$@"
        ;;
    *)
        echo "$step is no step: packages or product" >&2
        exit 64
        ;;
esac
