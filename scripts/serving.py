"""What `quoth serve` does."""

import uvicorn

from api.app import create_app
from api.logging import configure_logging
from api.settings import Settings


def run_service(settings: Settings) -> None:
    """Serve until the process is told to stop."""
    configure_logging(settings)
    uvicorn.run(
        create_app(settings),
        host=settings.host,
        port=settings.port,
        log_level="warning",
        access_log=False,
    )
