"""Who may log in to the demo. load_demo makes these people; `make up` prints them."""

PASSWORD = "demo-wallet-2026"  # noqa: S105 - the demo's only; production never loads the demo
EMAILS = {
    "customer": "customer@demo.test",
    "agent": "agent@demo.test",
    "lead": "lead@demo.test",
    "manager": "manager@demo.test",
    "security officer": "security@demo.test",
    "administrator": "admin@demo.test",
}
