"""Structured logs: one JSON object a line, or lines for people."""

import logging
import sys

import structlog

from api.settings import Settings


def configure_logging(settings: Settings) -> None:
    """Set up structlog for this process, writing to standard error; libraries' lines look alike."""
    has_reader = sys.stderr.isatty()
    is_for_people = settings.log_format == "console" or (
        settings.log_format == "auto" and has_reader
    )
    renderer: structlog.typing.Processor = (
        structlog.dev.ConsoleRenderer(colors=has_reader)
        if is_for_people
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    prepare: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*prepare, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(
            logging.getLevelNamesMapping()[settings.log_level.upper()]
        ),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    handler = logging.StreamHandler(sys.stderr)
    without_meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=prepare, processors=[without_meta, renderer]
        )
    )
    logging.getLogger().addHandler(handler)
