from tests.smtp import smtp, smtp_server
from tests.worker import start_worker

__all__ = ["smtp", "smtp_server", "start_worker"]
