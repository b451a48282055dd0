from tests.smtp import smtp, smtp_server

__all__ = ["smtp", "smtp_server"]
