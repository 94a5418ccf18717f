"""The gallery: every component of templates/ui with long Russian texts, empty and with errors."""

from datetime import date, datetime
from typing import Any

from django import forms
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from common.editing import EditConflict, FieldConflict
from common.forms import DateField, PhoneField, SnilsField
from common.paging import CappedCount, Page


class SampleFilters(forms.Form):
    curator = forms.ChoiceField(label="Куратор", required=False, choices=[("", "Все"), ("1", "Черных О. П.")])
    stage = forms.ChoiceField(label="Этап", required=False, choices=[("", "Все"), ("a", "Деятельностный")])
    due_before = DateField(label="Срок до", required=False)
    text = forms.CharField(label="Фамилия, СНИЛС, телефон или номер случая", required=False)


class SampleForm(forms.Form):
    """One field of each kind."""

    conflict: EditConflict | None = None

    surname = forms.CharField(label="Фамилия, имя и отчество законного представителя")
    snils = SnilsField(label="СНИЛС", help_text="Одиннадцать цифр, например 112-233-445 95", required=False)
    held_on = DateField(label="Дата посещения", help_text="Например, 05.11.2026")
    phone = PhoneField(label="Телефон", required=False)
    channel = forms.ChoiceField(
        label="Как прошла встреча",
        choices=[("home", "Дома у семьи"), ("office", "В учреждении"), ("phone", "По телефону")],
        widget=forms.RadioSelect,
    )
    seen = forms.MultipleChoiceField(
        label="Кого видели",
        choices=[("1", "Хабибуллина Гузель Ринатовна"), ("2", "Хабибуллин Амир, 7 лет"), ("3", "Бабушка")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    kind = forms.ChoiceField(label="Вид услуги", choices=[("", "не выбрано"), ("1", "Социально-психологическая")])
    notes = forms.CharField(label="Наблюдения", widget=forms.Textarea, required=False)
    photo = forms.FileField(label="Фотография или скан", required=False)
    consent = forms.BooleanField(label="Семья согласна на передачу сведений в центр занятости населения")


class ChildForm(forms.Form):
    name = forms.CharField(label="Имя и отчество")
    born_on = DateField(label="Дата рождения")


TAGS = [
    {"text": "Просрочено на 12 дней", "tone": "burning", "icon": "clock-alert"},
    {"text": "Деятельностный этап", "tone": "info"},
    {"text": "Многодетная", "tone": "neutral"},
    {"text": "Срок через 2 дня", "tone": "warn"},
    {"text": "Нет согласия", "tone": "bad"},
    {"text": "Выполнено", "tone": "ok"},
]
FAMILIES = [
    {
        "name": "Хабибуллина Гузель Ринатовна",
        "number": "118/2026",
        "place": "Сармановский район, с. Александровская Слобода",
        "stage": "Деятельностный",
        "children": 5,
        "due": date(2026, 11, 9),
        "late": "Просрочено на 12 дней",
    },
    {
        "name": "Константинопольская-Заречная Анастасия Вячеславовна",
        "number": "97/2026",
        "place": "Тула, Зареченский округ",
        "stage": "Договорный",
        "children": 1,
        "due": date(2026, 11, 23),
        "near": "Через 2 дня",
    },
    {
        "name": "Ким Виктор Сергеевич",
        "number": "4/2025",
        "place": "Владивосток",
        "stage": "Поддерживающий",
        "children": 2,
        "due": date(2026, 12, 14),
    },
]


CONFLICT = EditConflict(
    (
        FieldConflict("phone", "Телефон", "+7 916 123-45-67", ""),
        FieldConflict("notes", "Наблюдения", "Мать на работе, дети у бабушки", "Дома только дети"),
    ),
    "Черных О. П.",
    timezone.make_aware(datetime(2026, 11, 21, 12, 40)),  # noqa: DTZ001 made aware here
)
SAMPLES: dict[str, Any] = {
    "families": FAMILIES,
    "tags": TAGS,
    "crumbs": [("Мои семьи", "#"), ("Хабибуллины", "#")],
    "facts": [
        {"label": "Куратор", "value": "О. П. Черных"},
        {"label": "Следующий контакт", "value": "09.11.2026, просрочен на 12 дней", "tone": "late"},
        {"label": "Адрес", "value": "Сармановский район, с. Александровская Слобода, ул. Лесная, д. 4, кв. 12"},
        {"label": "Телефон", "value": "+7 916 123-45-67", "url": "#"},
        {"label": "Второй телефон", "value": ""},
    ],
    "actions": [
        {"url": "#", "title": "Записать посещение", "icon": "notebook-pen", "main": True},
        {"url": "#", "title": "Печать карточки", "icon": "printer"},
    ],
    "tabs": [
        {"url": "#", "title": "Ход работы", "current": True},
        {"url": "#", "title": "Состав семьи", "count": 6},
        {"url": "#", "title": "Программа"},
        {"url": "#", "title": "Посещения", "count": 14},
        {"url": "#", "title": "Документы"},
        {"url": "#", "title": "Изменения"},
    ],
    "events": [
        {
            "when": date(2026, 11, 9),
            "title": "Посещение не состоялось: срок прошёл",
            "icon": "clock-alert",
            "tone": "bad",
            "tag": "Просрочено",
            "tag_tone": "burning",
        },
        {
            "when": date(2026, 10, 28),
            "title": "Посещение дома",
            "text": "Условия удовлетворительные, мать заключила договор с центром занятости.\nДети здоровы.",
            "who": "О. П. Черных",
            "url": "#",
            "icon": "house",
        },
        {
            "when": date(2026, 10, 12),
            "title": "Решение координационного совета: поставить на сопровождение",
            "who": "протокол № 7",
            "icon": "gavel",
            "tone": "ok",
        },
        {"when": date(2026, 9, 30), "title": "Случай открыт", "icon": "folder-open", "tone": "neutral"},
    ],
    "figures": [
        {"value": "3", "label": "Просрочены", "url": "#", "tone": "burning", "note": "самый давний: 12 дней"},
        {"value": "5", "label": "На этой неделе", "url": "#", "tone": "soon"},
        {"value": "27", "label": "На сопровождении", "url": "#", "note": "на 2 больше, чем в III квартале"},
        {"value": "61", "label": "Детей в семьях", "url": "#"},
        {"value": "88 %", "label": "Посещений в срок"},
    ],
    "steps": [
        {"title": "Диагностико-поисковый", "state": "done"},
        {"title": "Договорный", "state": "done"},
        {"title": "Деятельностный", "state": "current"},
        {"title": "Рефлексивный", "state": "ahead"},
        {"title": "Поддерживающий", "state": "ahead"},
    ],
    "tasks": [
        {"title": "Посетить семью", "url": "#", "sub": "Хабибуллины", "tag": "12 дней", "tone": "burning"},
        {"title": "Оценить по девяти шкалам", "url": "#", "tag": "До 25.11", "tone": "warn"},
        {"title": "Согласие на обработку персональных данных", "url": "#", "tag": "Готово", "tone": "ok"},
    ],
    "files": [
        {
            "url": "#",
            "title": "Отчёт за III квартал 2026 года",
            "kind": "PDF",
            "size": 214_000,
            "made_at": timezone.make_aware(datetime(2026, 10, 3, 9, 12)),  # noqa: DTZ001 made aware here
            "note": "версия 2",
        },
        {"url": "#", "title": "Он же", "kind": "XLSX"},
    ],
    "chips": [{"title": "Куратор: Черных О. П.", "url": "#"}, {"title": "Просрочены", "url": "#"}],
    "presets": [
        {"title": "Все", "url": "#", "current": True, "count": 27},
        {"title": "Просрочены", "url": "#", "count": 3},
        {"title": "Новые", "url": "#"},
    ],
    "page": Page(FAMILIES, next_cursor="next", previous_cursor="previous"),
    "total": CappedCount(1000, exceeded=True),
}


@login_not_required
def gallery(request: HttpRequest) -> HttpResponse:
    """All components on one page; with ?errors the form is bound and wrong."""
    formset_class = forms.formset_factory(ChildForm, extra=1, max_num=6, can_delete=True)
    data = {"surname": "", "held_on": "35.11.2026", "snils": "112-233-445 00", "notes": "Набранное остаётся"}
    wrong = "errors" in request.GET
    form = SampleForm(data) if wrong else SampleForm()
    form.conflict = CONFLICT if wrong else None
    context = {"form": form, "formset": formset_class(prefix="children"), "filters": SampleFilters({"curator": "1"})}
    return render(request, "components.html", SAMPLES | context)
