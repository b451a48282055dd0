from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from accounts import masking
from accounts.choices import Density, Digest
from accounts.rules.capabilities import STAFF_ROLES, Role
from helpdesk.lib.zones import validate_time_zone


class UserManager(BaseUserManager["User"]):
    def get_by_natural_key(self, username: str | None) -> User:
        return self.get(email=(username or "").lower())

    def create_user(self, email: str, password: str | None = None, **extra: Any) -> User:
        user = self.model(email=email.strip().lower(), **extra)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **extra: Any) -> User:
        return self.create_user(email, password, **{**extra, "role": Role.ADMINISTRATOR})


class User(masking.Notes, AbstractBaseUser):
    """Somebody who logs in, customer or staff, by e-mail address.

    What they may do follows from ``role`` through ``accounts.access`` alone; there are no per-user permissions.
    """

    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True)
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.CUSTOMER)
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    brands = models.ManyToManyField(
        "accounts.Brand", verbose_name=_("brands"), blank=True, related_name="staff"
    )
    teams = models.ManyToManyField(
        "accounts.Team", verbose_name=_("teams"), blank=True, related_name="members"
    )
    is_active = models.BooleanField(_("active"), default=True)
    #: When staff may be told of things by mail. Emergencies keep to none of it.
    time_zone = models.CharField(
        _("time zone"), max_length=40, default="Asia/Shanghai", validators=[validate_time_zone]
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    digest_minutes = models.PositiveSmallIntegerField(
        _("notices are gathered"), choices=Digest.choices, default=Digest.AT_ONCE
    )
    #: By kind of notice, where it is shown ("page", "mail"); a kind that is not named keeps its default.
    notice_choices = models.JSONField(_("notices"), default=dict, blank=True, db_default={})
    density = models.CharField(
        _("density of lists"),
        max_length=12,
        choices=Density.choices,
        default=Density.COMFORTABLE,
        db_default=Density.COMFORTABLE.value,
    )
    #: Which columns of the queue, in which order; empty: the usual ones.
    queue_columns = ArrayField(
        models.CharField(max_length=20), default=list, blank=True, db_default=[], editable=False
    )
    #: Work: who gets a case, and how many at a time.
    is_on_duty = models.BooleanField(_("on duty"), default=True, db_default=True)
    duty_changed_at = models.DateTimeField(null=True, blank=True, editable=False)
    capacity = models.PositiveSmallIntegerField(
        _("capacity"),
        default=20,
        db_default=20,
        help_text=_("So many open cases at a time; 0: none are given."),
    )
    speaks = ArrayField(
        models.CharField(max_length=10, choices=settings.LANGUAGES),
        verbose_name=_("answers in"),
        default=list,
        blank=True,
        db_default=[],
        help_text=_("Empty: every language."),
    )
    skills = ArrayField(
        models.CharField(max_length=40), verbose_name=_("skills"), default=list, blank=True, db_default=[]
    )
    last_assigned_at = models.DateTimeField(null=True, blank=True, editable=False)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now, editable=False)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["email"]
        indexes = [
            # Staff pickers and escalation: the few staff among many customers.
            models.Index(fields=["role"], condition=~models.Q(role="customer"), name="user_staff_by_role"),
        ]

    def __str__(self) -> str:
        return self.display_name

    def note_contacts(self) -> None:
        if self.__dict__.get("role") == Role.CUSTOMER:
            masking.note_others([self.__dict__.get("email")])

    def clean(self) -> None:
        super().clean()
        self.email = self.email.strip().lower()

    @property
    def display_name(self) -> str:
        return self.name or self.email.split("@")[0]

    def get_full_name(self) -> str:
        return self.display_name

    def get_short_name(self) -> str:
        return self.display_name

    @property
    def is_staff(self) -> bool:
        return self.role in STAFF_ROLES

    @cached_property
    def brand_ids(self) -> frozenset[int]:
        """The brands this person serves; read once per request, and in no order, which would join the brands."""
        return frozenset(self.brands.order_by().values_list("id", flat=True))

    @cached_property
    def team_ids(self) -> frozenset[int]:
        return frozenset(self.teams.order_by().values_list("id", flat=True))

    # Django's admin asks these; the answers come out of the one table of capabilities.
    @property
    def is_superuser(self) -> bool:
        return False

    def has_perm(self, perm: str, obj: object | None = None) -> bool:
        from accounts import access

        return self.is_active and access.has_model_permission(self, perm)

    def has_perms(self, perms: list[str], obj: object | None = None) -> bool:
        return all(self.has_perm(perm, obj) for perm in perms)

    def has_module_perms(self, app_label: str) -> bool:
        from accounts import access

        return self.is_active and access.has_app_permission(self, app_label)
