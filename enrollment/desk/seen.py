"""Two people on one record: what a page showed comes back with it and is compared.

Each form of the desk carries what it was filled with, signed (`seen`). When it is sent and the
record says something else by now, nothing is saved: what only the other one changed is taken
over, what both changed shows both versions, and sending again keeps one's own. An action's page
does the same with its facts. A form without `seen` is taken as it is: a first entry, or a program.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from django import forms
from django.core import signing
from django.core.exceptions import ValidationError
from django.db.models import Model
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from enrollment.desk.tags import Label
from enrollment.history.entries import last_change_of

if TYPE_CHECKING:
    _Form = forms.Form
else:
    _Form = forms.BaseForm

SEEN = "seen"
NOTHING = "—"
LANGUAGE = "language"  # among the facts of an action: the one they were shown in
_SALT = "portal.seen"
Shown = Mapping[str, str]


def seen_input(shown: Shown, name: str = SEEN) -> SafeString:
    """The hidden field that takes along what the page shows."""
    value = signing.dumps(dict(shown), salt=_SALT, compress=True)
    return format_html('<input type="hidden" name="{}" value="{}">', name, value)


def seen_of(data: Mapping[str, Any], name: str = SEEN) -> Shown | None:
    """What the page showed when it was opened; None where it did not say, or not truly."""
    try:
        shown = signing.loads(data.get(name) or "", salt=_SALT)
    except signing.BadSignature:
        return None
    return {str(key): str(value) for key, value in shown.items()}


class SeenForm(_Form):
    """A form that notices when its record has changed under it; print `seen_input` inside it."""

    @property
    def seen_input(self) -> SafeString:
        """The hidden field; nothing for a record that does not exist yet."""
        instance = getattr(self, "instance", None)
        if isinstance(instance, Model) and instance.pk is None:
            return SafeString()
        return seen_input(self._standing(), self.add_prefix(SEEN))

    def full_clean(self) -> None:
        """Compare after everything else is in order or not."""
        super().full_clean()
        seen = seen_of(self.data, self.add_prefix(SEEN)) if self.is_bound else None
        if seen is None:
            return
        now = self._standing()
        changed = [name for name in now if name in seen and seen[name] != now[name]]
        mine = {name: self._mine(name) for name in changed}
        both = [name for name in changed if mine[name] not in (seen[name], now[name])]
        theirs = [name for name in changed if mine[name] == seen[name]]
        if not both and not theirs:
            return
        # The form may have put the actor's values into its record: who was first stands below.
        who = self._who()
        for name in both:
            text = _(
                "%(who)s has entered “%(now)s” here since you opened the page; before it was"
                " “%(seen)s”. Save again to keep what you entered."
            )
            field = self.fields[name]
            self.add_error(
                name,
                text
                % {
                    "who": who,
                    "now": _in_words(field, now[name]),
                    "seen": _in_words(field, seen[name]),
                },
            )
        self.add_error(None, self._summary(who, both, theirs, seen, now))
        self.data = self._with_theirs(theirs)

    def _standing(self) -> dict[str, str]:
        """What the record says, by field, as text that can be compared."""
        return {
            name: _plain(field, self.get_initial_for_field(field, name))
            for name, field in self.fields.items()
            if not field.disabled and not isinstance(field, forms.FileField)
        }

    def _mine(self, name: str) -> str:
        if name in self.cleaned_data:
            return _plain(self.fields[name], self.cleaned_data[name])
        return str(self[name].data or "")

    def _who(self) -> str:
        """Who changed it last and when, as far as the row history knows."""
        instance = getattr(self, "instance", None)
        last = last_change_of(instance) if isinstance(instance, Model) else None
        if last is None or not last.who:
            return _("Somebody else")
        return _("%(who)s (%(at)s)") % {
            "who": last.who,
            "at": f"{timezone.localtime(last.at):%H:%M}",
        }

    def _summary(
        self, who: str, both: Sequence[str], theirs: Sequence[str], seen: Shown, now: Shown
    ) -> ValidationError:
        """What happened, and what sending again does."""
        lines = [_("%(who)s has changed this record since you opened it.") % {"who": who}]
        if theirs:
            taken = [
                _changed(self._label(name), self.fields[name], seen[name], now[name])
                for name in theirs
            ]
            lines.append(_("Taken over: %(fields)s.") % {"fields": _listed(taken)})
        if both:
            names = [self._label(name) for name in both]
            lines.append(_("Changed by both of you: %(fields)s.") % {"fields": _listed(names)})
        lines.append(_("Look at it and save again."))
        return ValidationError(lines)

    def _label(self, name: str) -> str:
        return capfirst(str(self.fields[name].label or name))

    def _with_theirs(self, names: Sequence[str]) -> Any:
        """What was sent, with the record's own values in these fields."""
        data: Any = self.data
        data = data.copy()
        for name in names:
            field = self.fields[name]
            value = field.prepare_value(self.get_initial_for_field(field, name))
            _put(data, self.add_prefix(name), field.widget, value)
        return data


def changed_facts(
    seen: Shown | None, now: Shown, labels: Sequence[Label]
) -> ValidationError | None:
    """What an action's page showed and what holds now; None when nothing has changed.

    Both are texts by their place among the facts, which `labels` name. Facts in two languages
    cannot be compared: they are shown once more.
    """
    if seen is None:
        return None
    if seen.get(LANGUAGE) != now.get(LANGUAGE):
        return ValidationError(
            _("The language has changed since you opened the page: look at it and confirm again.")
        )
    told = [
        _("%(field)s: “%(before)s” → “%(after)s”")
        % {"field": labels[int(place)], "before": seen[place], "after": text}
        for place, text in now.items()
        if seen.get(place, text) != text
    ]
    if not told:
        return None
    return ValidationError(
        _("This has changed since you opened the page: %(fields)s. Decide anew.")
        % {"fields": _listed(told)}
    )


def _changed(label: str, field: forms.Field, before: str, after: str) -> str:
    return _("%(field)s: “%(before)s” → “%(after)s”") % {
        "field": label,
        "before": _in_words(field, before),
        "after": _in_words(field, after),
    }


def _listed(texts: Sequence[str]) -> str:
    return str(pgettext("between listed words", ", ")).join(texts)


def _plain(field: forms.Field, value: Any) -> str:
    """One text for one value, whether it comes from the record or from what was typed."""
    value = field.prepare_value(value)
    if value is None or value is False:
        return ""
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, list | tuple | set) or hasattr(value, "_result_cache"):
        return ",".join(sorted(_plain(field, one) for one in value))
    return str(value).replace("\r\n", "\n").strip()


def _in_words(field: forms.Field, text: str) -> str:
    """The value as its reader knows it: a choice by its words."""
    if isinstance(field, forms.BooleanField):
        return _("yes") if text else _("no")
    if not text:
        return NOTHING
    if isinstance(field, forms.ModelMultipleChoiceField | forms.MultipleChoiceField):
        return _listed([_choices(field).get(one, one) for one in text.split(",")])
    if isinstance(field, forms.ModelChoiceField):
        found = field.queryset.filter(pk=text).first() if field.queryset is not None else None
        return str(field.label_from_instance(found)) if found is not None else text
    if isinstance(field, forms.ChoiceField):
        return _choices(field).get(text, text)
    return text


def _choices(field: Any) -> dict[str, str]:
    return {str(value): str(label) for value, label in field.choices}


def _put(data: Any, key: str, widget: forms.Widget, value: Any) -> None:
    """As a browser would send the value."""
    if isinstance(widget, forms.MultiWidget):
        for position, part in enumerate(widget.decompress(value) or ()):
            _put(data, f"{key}_{position}", widget.widgets[position], part)
    elif isinstance(widget, forms.CheckboxInput):
        if value:
            data[key] = "on"
        else:
            data.pop(key, None)
    elif isinstance(widget, forms.SelectMultiple | forms.CheckboxSelectMultiple):
        data.setlist(key, [str(getattr(one, "pk", one)) for one in value or ()])
    else:
        shown = widget.format_value(getattr(value, "pk", value))
        data[key] = shown[0] if isinstance(shown, list | tuple) and shown else shown or ""
