"""What a person sees: the ask page, the page of an article, the API's description."""

from fastapi import APIRouter

from api.pages import article_page, ask_page, docs_page, static_files

pages = APIRouter(include_in_schema=False)
for _part in (ask_page, article_page, docs_page, static_files):
    pages.include_router(_part.router)

__all__ = ["pages"]
