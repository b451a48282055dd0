from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class ArticleFeedback(models.Model):
    """One reader's answer to "did this help?"; the reader may change it, so one row per reader and article."""

    article = models.ForeignKey("knowledgebase.Article", models.CASCADE, related_name="feedback")
    language = models.CharField(_("language"), max_length=10)
    #: A random value from the reader's session, not who they are.
    reader = models.CharField(max_length=64)
    helpful = models.BooleanField(_("helped"))
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    at = models.DateTimeField(_("at"), default=timezone.now)

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["article", "reader"], name="one_answer_per_reader")]

    def __str__(self) -> str:
        return f"{self.article} {'+' if self.helpful else '-'}"
