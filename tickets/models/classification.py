from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from helpdesk.lib import clock


class Classifier(models.Model):
    """A trained model that suggests categories. Weights are arrays of numbers (``.npz`` without objects): reading them
    runs no code. The newest that is in use suggests; older ones are kept for comparison, without their weights.
    """

    trained_at = models.DateTimeField(_("trained"), default=clock.now)
    #: How many texts it learned from, and was judged by.
    learned_from = models.PositiveIntegerField(_("texts learned from"))
    judged_by = models.PositiveIntegerField(_("texts judged by"))
    #: Slugs in the order of the weights' rows.
    categories = models.JSONField(default=list)
    weights = models.BinaryField(null=True)
    #: Below this confidence it says "unsure".
    threshold = models.FloatField(_("threshold"))
    #: What it did on texts that it had not seen: by category, and the confusion table.
    report = models.JSONField(default=dict)
    is_in_use = models.BooleanField(_("in use"), default=False)

    class Meta:
        verbose_name = _("classifier")
        verbose_name_plural = _("classifiers")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["is_in_use"], condition=models.Q(is_in_use=True), name="one_classifier_in_use"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.trained_at:%Y-%m-%d %H:%M}"


class CategorySuggestion(models.Model):
    """Which categories a classifier thinks a ticket is about, the likeliest first; judged once, as the ticket came."""

    ticket = models.OneToOneField(
        "tickets.Ticket", models.CASCADE, primary_key=True, related_name="suggestion"
    )
    classifier = models.ForeignKey(Classifier, models.SET_NULL, null=True, related_name="+")
    #: ``[[slug, confidence], …]``, three at most.
    ranking = models.JSONField(default=list)
    is_unsure = models.BooleanField(default=False)
    at = models.DateTimeField(default=clock.now)

    class Meta:
        verbose_name = _("category suggestion")
        verbose_name_plural = _("category suggestions")

    def __str__(self) -> str:
        return f"{self.ticket_id}"
