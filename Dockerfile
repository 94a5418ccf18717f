# Opora for production. One image runs the web, the worker and the beat; see docker-compose.yml.
FROM python:3.13-slim-bookworm AS base
ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
# What WeasyPrint loads; the fonts come as Python packages.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opora

# Packages first: they change less often than the code.
FROM base AS packages
COPY pyproject.toml requirements.lock ./
COPY scripts/__init__.py scripts/runtime_lock.py scripts/
RUN python -m scripts.runtime_lock > runtime.lock \
    && python -m venv /venv \
    && /venv/bin/pip install --quiet --no-deps --require-hashes -r runtime.lock

# Messages, fonts and static files. The settings are production's, the values are of no account.
FROM packages AS build
RUN apt-get update && apt-get install -y --no-install-recommends gettext
COPY . .
ENV PATH=/venv/bin:$PATH
RUN for catalogue in locale/*/LC_MESSAGES/*.po; do \
        msgfmt --check-format --output-file="${catalogue%.po}.mo" "$catalogue" || exit 1; \
    done \
    && export SECRET_KEY=none-is-needed-to-collect-the-files ALLOWED_HOSTS=none PUBLIC_URL=https://none \
        DATABASE_URL=postgres://none/none BROKER_URL=redis://none \
    && python manage.py build_assets \
    && python manage.py collectstatic --no-input --verbosity 0

FROM base
RUN useradd --system --uid 10001 --home-dir /opora opora && install -d -o opora /media
COPY --from=packages /venv /venv
COPY --from=build /opora /opora
ENV PATH=/venv/bin:$PATH MEDIA_ROOT=/media BIND=0.0.0.0:8000
USER opora
EXPOSE 8000
CMD ["gunicorn", "-c", "python:config.gunicorn", "--worker-tmp-dir", "/dev/shm", "config.wsgi"]
