"""The address of an article: its id may hold whatever an address can, slashes among it."""

from starlette.convertors import PathConvertor, register_url_convertor


class _WholeConvertor(PathConvertor):
    # Starlette's own stops before a line break: DELETE of `town%0A` would have deleted `town`.
    regex = "(?s:.*)"


register_url_convertor("whole", _WholeConvertor())

ARTICLE_PATH = "/articles/{article_id:whole}"
