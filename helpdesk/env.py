"""Every setting that comes from outside, read once. docs/settings.md explains each; a test holds them level."""

from dataclasses import dataclass
from ipaddress import ip_network
from pathlib import Path
from zoneinfo import available_timezones

import dj_database_url
from environs import ValidationError

from helpdesk.lib.environment import Reader, between, clamav_url, one_of, origin, smtp_url, url

BASE_DIR = Path(__file__).resolve().parent.parent
DEVELOPMENT_SECRET = "development-only-secret-that-production-refuses-to-start-with"  # noqa: S105
MIN_SECRET_LENGTH = 50
MIN_KEY_LENGTH = 32
MODES = ("development", "production", "test")
#: As REALTIME_URL: pages do not update by themselves.
NOT_LIVE = "off"
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")
LOCAL_HOSTS = ["localhost", ".localhost", "127.0.0.1", "[::1]", "testserver"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Environment:
    mode: str
    secret_key: str
    secret_key_fallbacks: list[str]
    debug: bool
    allowed_hosts: list[str]
    database_url: str
    database_owner_url: str
    redis_url: str
    redis_cache_url: str
    var_dir: Path
    media_root: Path
    public_url: str
    smtp_url: str
    mail_from: str
    time_zone: str
    trusted_proxies: int
    hsts_subdomains: bool
    log_level: str
    port: int
    web_concurrency: int
    realtime_port: int
    realtime_url: str
    staff_mfa_required: bool
    step_up_minutes: int
    staff_session_idle_minutes: int
    staff_session_hours: int
    staff_sessions_max: int
    geoip_database: str
    sms_gateway_url: str
    sms_gateway_secret: str
    attachment_max_mb: int
    attachment_max_count: int
    attachment_max_per_ticket: int
    clamav_url: str
    files_origin: str
    files_s3_bucket: str
    files_s3_endpoint: str
    files_s3_region: str
    files_s3_access_key: str
    files_s3_secret_key: str
    reopen_days: int
    security_incident_category: str
    privacy_due_days: int
    privacy_due_working: bool
    privacy_open_cases_keep: bool
    privacy_export_days: int
    auto_close_days: int
    duty_idle_hours: int
    tracking_link_days: int
    outbox_lease_seconds: int
    webhook_allow_private: bool
    wallet_private_hosts: list[str]
    wallet_sandbox_port: int
    mail_keys: list[str]
    mail_private_hosts: list[str]
    mail_server_host: str
    mail_server_port: int
    mail_server_peers: list[str]
    mail_server_certificate: str
    mail_server_key: str
    mail_authserv_id: str
    mail_check_senders: bool
    mail_http_secret: str
    mail_max_mb: int
    mail_undo_seconds: int
    mail_per_domain_per_minute: int
    mail_rate_per_sender: int
    mail_rate_per_ticket: int
    mail_keep_raw_days: int
    emergency_alarm_minutes: int
    emergency_freezes_per_hour: int
    category_auto_confidence: int
    audit_keys: list[str]
    audit_keep_days: int
    reveals_per_shift: int
    export_max_rows: int
    exports_per_day: int

    @property
    def production(self) -> bool:
        return self.mode == "production"


def read() -> Environment:
    """The environment as values, or Refused with one line for each variable that is wrong."""
    reader = Reader()
    values = _read(reader)
    _refuse_half(reader, values)
    _refuse_half_a_gateway(reader, values)
    if values.production:
        _refuse_unsafe(reader, values)
    reader.finish()
    return values


def names() -> set[str]:
    """Every variable the project reads, for the test that holds docs/settings.md equal to them."""
    reader = Reader()
    _read(reader)
    return reader.names


def _read(env: Reader) -> Environment:
    mode = env.str("HELPDESK_ENV", "development", validate=one_of(*MODES)) or "development"
    production = mode == "production"
    port = env.int("PORT", 8000, validate=between(1, 65535))
    var_dir = _path(env.str("VAR_DIR", "var"))
    return Environment(
        mode=mode,
        secret_key=env.str("SECRET_KEY", "" if production else DEVELOPMENT_SECRET),
        secret_key_fallbacks=env.list("SECRET_KEY_FALLBACKS", []),
        debug=env.bool("DEBUG", mode == "development"),
        allowed_hosts=env.list("ALLOWED_HOSTS", [] if production else LOCAL_HOSTS),
        database_url=env.str("DATABASE_URL", "", validate=database_url),
        database_owner_url=env.str("DATABASE_OWNER_URL", "", validate=database_url),
        redis_url=env.str("REDIS_URL", "", validate=url("redis", "rediss", "unix")),
        redis_cache_url=env.str("REDIS_CACHE_URL", "", validate=url("redis", "rediss", "unix")),
        var_dir=var_dir,
        media_root=_path(env.str("MEDIA_ROOT", str(var_dir / "media"))),
        public_url=env.str(
            "PUBLIC_URL", "" if production else f"http://localhost:{port}", validate=url("http", "https")
        ),
        smtp_url=env.str("SMTP_URL", "", validate=smtp_url),
        mail_from=env.str("MAIL_FROM", "helpdesk@localhost"),
        time_zone=env.str("TIME_ZONE", "Asia/Shanghai", validate=time_zone),
        trusted_proxies=env.int("TRUSTED_PROXIES", 0, validate=between(0, 10)),
        hsts_subdomains=env.bool("HSTS_SUBDOMAINS", True),
        log_level=env.str("LOG_LEVEL", "INFO", validate=one_of(*LOG_LEVELS)),
        port=port,
        web_concurrency=env.int("WEB_CONCURRENCY", 2, validate=between(1, 64)),
        realtime_port=env.int("REALTIME_PORT", _beside(port), validate=between(1, 65535)),
        # The tests of a page need no second server; those that want one say where it is.
        realtime_url=env.str("REALTIME_URL", NOT_LIVE if mode == "test" else "", validate=realtime_url),
        staff_mfa_required=env.bool("STAFF_MFA_REQUIRED", production),
        step_up_minutes=env.int("STEP_UP_MINUTES", 10, validate=between(1, 1440)),
        staff_session_idle_minutes=env.int("STAFF_SESSION_IDLE_MINUTES", 480, validate=between(5, 10_080)),
        staff_session_hours=env.int("STAFF_SESSION_HOURS", 12, validate=between(1, 168)),
        staff_sessions_max=env.int("STAFF_SESSIONS_MAX", 5, validate=between(1, 100)),
        geoip_database=env.str("GEOIP_DATABASE", ""),
        sms_gateway_url=env.str("SMS_GATEWAY_URL", "", validate=url("http", "https")),
        sms_gateway_secret=env.str("SMS_GATEWAY_SECRET", ""),
        attachment_max_mb=env.int("ATTACHMENT_MAX_MB", 10, validate=between(1, 100)),
        attachment_max_count=env.int("ATTACHMENT_MAX_COUNT", 5, validate=between(0, 50)),
        security_incident_category=env.str("SECURITY_INCIDENT_CATEGORY", "security-incident"),
        attachment_max_per_ticket=env.int("ATTACHMENT_MAX_PER_TICKET", 300, validate=between(1, 10_000)),
        clamav_url=env.str("CLAMAV_URL", "", validate=clamav_url),
        files_origin=env.str("FILES_ORIGIN", "", validate=origin).rstrip("/"),
        files_s3_bucket=env.str("FILES_S3_BUCKET", ""),
        files_s3_endpoint=env.str("FILES_S3_ENDPOINT", "", validate=origin).rstrip("/"),
        files_s3_region=env.str("FILES_S3_REGION", ""),
        files_s3_access_key=env.str("FILES_S3_ACCESS_KEY", ""),
        files_s3_secret_key=env.str("FILES_S3_SECRET_KEY", ""),
        reopen_days=env.int("REOPEN_DAYS", 14, validate=between(0, 3650)),
        privacy_due_days=env.int("PRIVACY_DUE_DAYS", 30, validate=between(1, 365)),
        privacy_due_working=env.bool("PRIVACY_DUE_WORKING", False),
        privacy_open_cases_keep=env.bool("PRIVACY_OPEN_CASES_KEEP", True),
        privacy_export_days=env.int("PRIVACY_EXPORT_DAYS", 7, validate=between(1, 90)),
        auto_close_days=env.int("AUTO_CLOSE_DAYS", 7, validate=between(1, 3650)),
        duty_idle_hours=env.int("DUTY_IDLE_HOURS", 4, validate=between(0, 168)),
        tracking_link_days=env.int("TRACKING_LINK_DAYS", 90, validate=between(1, 3650)),
        outbox_lease_seconds=env.int("OUTBOX_LEASE_SECONDS", 300, validate=between(5, 86400)),
        webhook_allow_private=env.bool("WEBHOOK_ALLOW_PRIVATE", False),
        wallet_private_hosts=env.list("WALLET_PRIVATE_HOSTS", [], validate=hosts_with_ports),
        # None in production: a sandbox that says "done" and does nothing is no wallet.
        wallet_sandbox_port=env.int(
            "WALLET_SANDBOX_PORT",
            0 if mode != "development" else _beside(port, 2),
            validate=between(0, 65535),
        ),
        mail_keys=env.list("MAIL_KEYS", [] if production else [DEVELOPMENT_SECRET]),
        # The sandbox of a laptop; in production a mail server inside is named.
        mail_private_hosts=env.list(
            "MAIL_PRIVATE_HOSTS", [] if production else ["localhost", "127.0.0.1", "::1"]
        ),
        mail_server_host=env.str("MAIL_SERVER_HOST", "127.0.0.1"),
        mail_server_port=env.int("MAIL_SERVER_PORT", 2525, validate=between(1, 65535)),
        mail_server_peers=env.list("MAIL_SERVER_PEERS", ["127.0.0.0/8", "::1"], validate=networks),
        mail_server_certificate=env.str("MAIL_SERVER_CERTIFICATE", ""),
        mail_server_key=env.str("MAIL_SERVER_KEY", ""),
        mail_authserv_id=env.str("MAIL_AUTHSERV_ID", ""),
        mail_check_senders=env.bool("MAIL_CHECK_SENDERS", False),
        mail_http_secret=env.str("MAIL_HTTP_SECRET", ""),
        mail_max_mb=env.int("MAIL_MAX_MB", 25, validate=between(1, 100)),
        mail_undo_seconds=env.int("MAIL_UNDO_SECONDS", 0 if mode == "test" else 10, validate=between(0, 120)),
        mail_per_domain_per_minute=env.int("MAIL_PER_DOMAIN_PER_MINUTE", 120, validate=between(1, 100_000)),
        mail_rate_per_sender=env.int("MAIL_RATE_PER_SENDER", 30, validate=between(1, 100_000)),
        mail_rate_per_ticket=env.int("MAIL_RATE_PER_TICKET", 60, validate=between(1, 100_000)),
        mail_keep_raw_days=env.int("MAIL_KEEP_RAW_DAYS", 365, validate=between(1, 36_500)),
        emergency_alarm_minutes=env.int("EMERGENCY_ALARM_MINUTES", 3, validate=between(1, 60)),
        emergency_freezes_per_hour=env.int("EMERGENCY_FREEZES_PER_HOUR", 200, validate=between(0, 100_000)),
        category_auto_confidence=env.int("CATEGORY_AUTO_CONFIDENCE", 0, validate=between(0, 100)),
        audit_keys=env.list("AUDIT_KEYS", []),
        audit_keep_days=env.int("AUDIT_KEEP_DAYS", 0, validate=between(0, 36_500)),
        reveals_per_shift=env.int("REVEALS_PER_SHIFT", 20, validate=between(0, 10_000)),
        export_max_rows=env.int("EXPORT_MAX_ROWS", 50_000, validate=between(1, 10_000_000)),
        exports_per_day=env.int("EXPORTS_PER_DAY", 20, validate=between(1, 10_000)),
    )


def _refuse_half(env: Reader, values: Environment) -> None:
    """What makes sense only together."""
    if values.files_s3_bucket and not (values.files_s3_region or values.files_s3_endpoint):
        env.refuse("FILES_S3_BUCKET", "where it is, is missing; give FILES_S3_REGION or FILES_S3_ENDPOINT")
    if bool(values.files_s3_access_key) != bool(values.files_s3_secret_key):
        env.refuse("FILES_S3_ACCESS_KEY", "this and FILES_S3_SECRET_KEY go together; give both or neither")
    if values.files_origin and values.files_origin == values.public_url.rstrip("/"):
        env.refuse("FILES_ORIGIN", "this is PUBLIC_URL itself; give another host, or leave it out")


def _refuse_half_a_gateway(env: Reader, values: Environment) -> None:
    if values.sms_gateway_url and len(values.sms_gateway_secret or "") < MIN_KEY_LENGTH:
        env.refuse(
            "SMS_GATEWAY_SECRET", "this signs what goes to SMS_GATEWAY_URL; give 32 or more random characters"
        )


def _refuse_unsafe(env: Reader, values: Environment) -> None:
    """What a laptop may leave out and production may not."""
    if not values.secret_key:
        env.refuse("SECRET_KEY", "this is missing; give 50 or more random characters that only you know")
    elif values.secret_key == DEVELOPMENT_SECRET:
        env.refuse(
            "SECRET_KEY", "this is the development default; give 50 or more random characters of your own"
        )
    elif len(values.secret_key) < MIN_SECRET_LENGTH or len(set(values.secret_key)) < 5:
        env.refuse("SECRET_KEY", "this is too easy to guess; give 50 or more random characters")
    if values.debug:
        env.refuse(
            "DEBUG", "this shows code and settings to strangers; leave it out or say false in production"
        )
    if not values.allowed_hosts:
        env.refuse(
            "ALLOWED_HOSTS", "this is missing; list the names the site answers to, such as help.example.com"
        )
    if not values.database_url:
        env.refuse("DATABASE_URL", "this is missing; write postgres://user:password@host:5432/name")
    if not values.redis_url:
        env.refuse("REDIS_URL", "this is missing; write redis://host:6379/0")
    if not values.smtp_url:
        env.refuse(
            "SMTP_URL",
            "this is missing, and mail would never leave; write smtp://user:password@host:587?tls=starttls",
        )
    if not values.mail_keys:
        env.refuse(
            "MAIL_KEYS", "this is missing; give 32 or more random characters, which encrypt stored mail"
        )
    elif any(
        len(key) < MIN_KEY_LENGTH or len(set(key)) < 5 or key == DEVELOPMENT_SECRET
        for key in values.mail_keys
    ):
        env.refuse("MAIL_KEYS", "a key in this is too easy to guess; give 32 or more random characters each")
    if any(len(key) < MIN_SECRET_LENGTH or key == DEVELOPMENT_SECRET for key in values.secret_key_fallbacks):
        env.refuse("SECRET_KEY_FALLBACKS", "a key in this is too easy to guess; list only keys that you used")
    if not values.audit_keys:
        env.refuse(
            "AUDIT_KEYS",
            "this is missing, and the audit log would not verify after a new SECRET_KEY; give 32 or more random "
            "characters (a desk that ran without: put them first, and its present SECRET_KEY behind them)",
        )
    elif values.secret_key in values.audit_keys[:1]:
        env.refuse(
            "AUDIT_KEYS", "the first is SECRET_KEY itself; give 32 or more random characters of their own"
        )
    elif any(len(key) < MIN_KEY_LENGTH or len(set(key)) < 5 for key in values.audit_keys):
        env.refuse("AUDIT_KEYS", "a key in this is too easy to guess; give 32 or more random characters each")
    if values.mail_http_secret and len(values.mail_http_secret) < MIN_KEY_LENGTH:
        env.refuse("MAIL_HTTP_SECRET", "this is too easy to guess; give 32 or more random characters")
    if str(values.sms_gateway_url).startswith("http:"):
        env.refuse("SMS_GATEWAY_URL", "codes would travel in clear; it must begin with https://")
    if values.webhook_allow_private:
        env.refuse(
            "WEBHOOK_ALLOW_PRIVATE",
            "this lets webhooks reach your inner network; leave it out or say false in production",
        )
    for name, value in (
        ("FILES_ORIGIN", values.files_origin),
        ("FILES_S3_ENDPOINT", values.files_s3_endpoint),
    ):
        if value.startswith("http:") and values.public_url.startswith("https:"):
            env.refuse(name, "browsers refuse this on a page that came by https://; write https://")
    if values.wallet_sandbox_port:
        env.refuse(
            "WALLET_SANDBOX_PORT",
            "this is a wallet for trials, where anybody may see every account; leave it out",
        )
    if values.public_url.startswith("https:") and values.realtime_url.startswith("ws:"):
        env.refuse(
            "REALTIME_URL",
            "browsers refuse this on a page that came by https://; write wss://, or leave it out",
        )
    if not values.public_url:
        env.refuse(
            "PUBLIC_URL", "this is missing, and links in mails need it; write https://help.example.com"
        )


def _beside(port: int | None, far: int = 1) -> int:
    """None stands for a port that made no sense, which is told already."""
    port = port or 8000
    return port + far if port + far <= 65535 else port - far


def _path(value: str) -> Path:
    return (BASE_DIR / value).resolve()


def database_url(value: str) -> None:
    url("postgres", "postgresql")(value)
    if value and not dj_database_url.parse(value).get("NAME"):
        raise ValidationError("the database's name is missing; write postgres://user:password@host:5432/name")


def realtime_url(value: str) -> None:
    if value != NOT_LIVE:
        url("ws", "wss")(value)


def networks(values: list[str]) -> None:
    for value in values:
        try:
            ip_network(value)
        except ValueError:
            raise ValidationError(f"{value!r} is no network; write 10.0.0.0/8, or one address") from None


def hosts_with_ports(values: list[str]) -> None:
    for value in values:
        host, _colon, port = value.rpartition(":")
        if not host or not port.isdecimal() or not 0 < int(port) <= 65535:
            raise ValidationError(f"{value!r} is no host with its port; write core.internal:8443")


def time_zone(value: str) -> None:
    if value not in available_timezones():
        raise ValidationError(f"{value!r} is no known time zone; give a name such as Asia/Shanghai or UTC")
