"""Where customers read an article."""

from __future__ import annotations

from urllib.parse import urljoin

from django.conf import settings
from django.urls import reverse

from accounts.models import Brand
from knowledgebase.models import Article


def address_of(brand: Brand, article: Article) -> str:
    """On the portal of ``brand``; the article's section must be loaded."""
    path = reverse("portal:article", args=[brand.slug, article.section.slug, article.slug])
    return urljoin(settings.PUBLIC_URL + "/", path.lstrip("/"))
