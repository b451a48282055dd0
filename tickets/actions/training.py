"""Teaching the classifier: from the desk's own solved tickets and the starting set, judged on what it has not seen."""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from django.db import transaction
from numpy.typing import NDArray

from helpdesk.lib import clock
from tickets.learning import examples
from tickets.learning.evaluation import is_held_out, report
from tickets.learning.judging import OUT_OF_SCOPE, probabilities
from tickets.learning.training import Sample, TooLittle, Trained, train
from tickets.learning.weights import BadWeights, Weights, dump, load
from tickets.models import Category, Classifier
from tickets.queries import lessons, suggestions, training
from tickets.queries.lessons import Lesson
from tickets.rules.labels import is_not_worse

logger = logging.getLogger(__name__)
#: Fewer new solved tickets than this teach nothing that could be measured.
NEW_LESSONS = 20
#: With fewer tickets held out, it is judged by cross-validation instead.
ENOUGH_TO_JUDGE = 50


@dataclass(frozen=True)
class Material:
    """``own``: what the desk's tickets teach; ``judges``: those of them that are never learned from."""

    samples: Sequence[Sample]
    own: Sequence[Lesson]
    judges: Sequence[Lesson]


def material() -> Material:
    slugs = set(Category.objects.filter(is_active=True).values_list("slug", flat=True))
    found = lessons.lessons()
    judges = [lesson for lesson in found if is_held_out(lesson.text)]
    own = [lesson for lesson in found if not is_held_out(lesson.text)]
    given = [*examples.of(slugs), *(Sample(name.text, name.slug, examples.TRUST) for name in lessons.names())]
    return Material([*(Sample(one.text, one.slug, one.trust) for one in own), *given], own, judges)


def learn(*, force: bool = False) -> Classifier | None:
    """Train and keep the better; None where there is nothing new to learn, or too little to learn from."""
    try:
        return _learn(force=force)
    finally:
        training.over()


def _learn(*, force: bool) -> Classifier | None:
    present = suggestions.in_use()
    weights = weights_of(present)
    if weights is None:
        present = None
    found = material()
    if present is not None and not force and not _is_worth_it(present, found):
        return None
    started = time.monotonic()
    try:
        trained = train(found.samples, told=training.say)
    except TooLittle:
        logger.info("There is too little to train a classifier on yet")
        return None
    training.say("judging")
    data = dump(trained.weights)
    said = _judged(trained, load(data), found)
    said["seconds"] = round(time.monotonic() - started, 1)
    said["own"] = len(found.own)
    if present is not None and weights is not None:
        _compare(said, present, weights, found.judges)
    return _keep(said, trained, data, len(found.samples))


def evaluate() -> dict[str, Any] | None:
    """How good a classifier trained now would be; nothing is written. None where there is too little to learn from."""
    found = material()
    try:
        trained = train(found.samples)
    except TooLittle:
        return None
    return _judged(trained, trained.weights, found)


def _is_worth_it(present: Classifier, found: Material) -> bool:
    newest = Classifier.objects.order_by("-pk").values_list("trained_at", flat=True).first()
    labels = {sample.label for sample in found.samples}
    if labels != set(present.categories):
        return True
    fresh = [one for one in found.own if one.solved_at and newest and one.solved_at > newest]
    return len(fresh) >= NEW_LESSONS


def weights_of(classifier: Classifier | None) -> Weights | None:
    """None for weights that cannot be read: of another version of this program, say."""
    if classifier is None or classifier.weights is None:
        return None
    try:
        return load(bytes(classifier.weights))
    except BadWeights as problem:
        logger.warning("The weights of classifier %s cannot be used: %s", classifier.pk, problem)
        return None


def _judged(trained: Trained, weights: Weights, found: Material) -> dict[str, Any]:
    """On the tickets held out; while there are few, on all texts by cross-validation."""
    truths = [sample.label for sample in found.samples]
    crossed = report(trained.unseen, truths, trained.labels, trained.threshold)
    if len(found.judges) < ENOUGH_TO_JUDGE:
        return {"judged_on": "cross_validation", **crossed}
    chances = probabilities(weights, [one.text for one in found.judges])
    judged = report(chances, [one.slug for one in found.judges], trained.labels, trained.threshold)
    return {"judged_on": "held_out", **judged, "out_of_scope": crossed["out_of_scope"]}


def _compare(said: dict[str, Any], present: Classifier, weights: Weights, judges: Sequence[Lesson]) -> None:
    if len(judges) < ENOUGH_TO_JUDGE:
        return
    chances = probabilities(weights, [one.text for one in judges])
    known = _only(chances, present.categories, [one.slug for one in judges])
    said["before"] = {"classifier": present.pk, "right": known, "texts": len(judges)}


def _only(chances: NDArray[np.float64], labels: Sequence[str], truths: Sequence[str]) -> int:
    """How many it guesses right, out of scope left aside."""
    inside = np.array([label != OUT_OF_SCOPE for label in labels])
    guesses = np.where(inside, chances, -1.0).argmax(axis=1)
    return sum(labels[guess] == truth for guess, truth in zip(guesses, truths, strict=True))


@transaction.atomic
def _keep(said: dict[str, Any], trained: Trained, data: bytes, learned_from: int) -> Classifier:
    """In use where it is not worse on the same texts than the one before; else its report only."""
    before = said.get("before")
    better = before is None or is_not_worse(said["right"] / said["texts"], before["right"] / before["texts"])
    said["kept_back"] = not better
    if better:
        Classifier.objects.select_for_update().filter(is_in_use=True).update(is_in_use=False, weights=None)
    made = Classifier.objects.create(
        trained_at=clock.now(),
        learned_from=learned_from,
        judged_by=said["texts"],
        categories=trained.labels,
        weights=data if better else None,
        threshold=trained.threshold,
        report=said,
        is_in_use=better,
    )
    share = 100 * said["right"] / max(said["texts"], 1)
    logger.info(
        "Classifier %s: %.1f %% of %s unseen texts right; %s",
        *(made.pk, share, said["texts"], "in use" if better else "not put in use, the one before is better"),
    )
    return made
