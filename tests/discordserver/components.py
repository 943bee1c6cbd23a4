"""Discord's limits on components: rows of buttons and selects, layouts (components V2), and modals."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from tests.discordserver.errors import Json
from tests.discordserver.form import Form
from tests.discordserver.messages import walk

ROW, BUTTON, STRING_SELECT, TEXT_INPUT = 1, 2, 3, 4
SECTION, TEXT, THUMBNAIL, GALLERY, FILE, SEPARATOR, CONTAINER, LABEL = 9, 10, 11, 12, 13, 14, 17, 18
SELECTS = {STRING_SELECT, 5, 6, 7, 8}
IN_LABEL = SELECTS | {TEXT_INPUT, 19, 21, 22, 23}
IN_CONTAINER = {ROW, SECTION, TEXT, GALLERY, FILE, SEPARATOR}
LINK, PREMIUM = 5, 6

ROWS, BUTTONS, BUTTON_LABEL, BUTTON_URL, CUSTOM_ID, OPTIONS, OPTION, PLACEHOLDER = 5, 5, 80, 512, 100, 25, 100, 150
LAYOUT_PARTS, LAYOUT_TEXT, SECTION_TEXTS, GALLERY_ITEMS = 40, 4000, 3, 10
MODAL_TITLE, MODAL_PARTS, INPUT_LABEL, INPUT_TEXT, INPUT_PLACEHOLDER = 45, 5, 45, 4000, 100


def check_components(form: Form, components: Sequence[Json]) -> None:
    """Rows, as a message has that is not a layout."""
    form.count(components, ROWS)
    for number, row in enumerate(components):
        if row.get("type") == ROW:
            _check_row(form.at(number), row)
        else:
            _refuse_type(form.at(number), {ROW})
    _check_ids(form, components)


def check_layout(form: Form, components: Sequence[Json]) -> None:
    """A layout: what a message has whose flags say components V2."""
    for number, part in enumerate(components):
        _check_part(form.at(number), part, IN_CONTAINER | {CONTAINER})
    parts = list(walk(components))
    if len(parts) > LAYOUT_PARTS:
        form.refuse("COMPONENT_MAX_TOTAL_COMPONENTS_EXCEEDED", f"Total components must be {LAYOUT_PARTS} or fewer.")
    text = sum(len(part.get("content", "")) for part in parts if part.get("type") == TEXT)
    if text > LAYOUT_TEXT:
        form.refuse(
            "COMPONENT_DISPLAYABLE_TEXT_SIZE_EXCEEDED",
            f"Component's displayable text size exceeds maximum size of {LAYOUT_TEXT} (it is {text})",
        )
    _check_ids(form, components)


def check_modal(modal: Json) -> None:
    """Raise unless Discord takes this dialog with inputs."""
    form = Form()
    form.at("title").text(modal.get("title"), MODAL_TITLE, least=1)
    form.at("custom_id").text(modal.get("custom_id"), CUSTOM_ID, least=1)
    components: Sequence[Json] = modal.get("components", ())
    form.at("components").count(components, MODAL_PARTS, least=1)
    for number, part in enumerate(components):
        _check_modal_part(form.at("components", number), part)
    _check_ids(form.at("components"), components)
    form.close()


def _check_row(form: Form, row: Json) -> None:
    parts: Sequence[Json] = row.get("components", ())
    form.at("components").count(parts, BUTTONS, least=1)
    for number, part in enumerate(parts):
        place = form.at("components", number)
        if part.get("type") == BUTTON:
            _check_button(place, part)
        elif part.get("type") in SELECTS:
            _check_select(place, part)
            if len(parts) > 1:
                form.at("components").refuse(
                    "COMPONENT_LAYOUT_WIDTH_EXCEEDED", "The specified component exceeds the maximum width"
                )
        else:
            _refuse_type(place, SELECTS | {BUTTON})


def _check_button(form: Form, button: Json) -> None:
    form.at("label").text(button.get("label") or "", BUTTON_LABEL)
    if not (button.get("label") or button.get("emoji")) and button.get("style") != PREMIUM:
        form.refuse("BUTTON_COMPONENT_INVALID", "A button needs a label or an emoji")
    if button.get("style") == LINK:
        form.at("url").text(button.get("url"), BUTTON_URL, least=1)
        form.at("url").url(button.get("url") or "", {"http", "https", "discord"})
        if "custom_id" in button:
            form.refuse("BUTTON_COMPONENT_CUSTOM_ID_URL_EXCLUSIVE", "A custom id and url cannot both be specified")
    elif button.get("style") != PREMIUM:
        form.at("custom_id").text(button.get("custom_id"), CUSTOM_ID, least=1)


def _check_select(form: Form, select: Json) -> None:
    form.at("custom_id").text(select.get("custom_id"), CUSTOM_ID, least=1)
    form.at("placeholder").text(select.get("placeholder") or "", PLACEHOLDER)
    if select["type"] != STRING_SELECT:
        return
    options: Sequence[Json] = select.get("options", ())
    form.at("options").count(options, OPTIONS, least=1)
    for number, option in enumerate(options):
        form.at("options", number, "label").text(option.get("label"), OPTION, least=1)
        form.at("options", number, "value").text(option.get("value"), OPTION, least=1)
        form.at("options", number, "description").text(option.get("description") or "", OPTION)
    for value, times in Counter(option.get("value") for option in options).items():
        if times > 1:
            form.at("options").refuse("SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", f"The value {value!r} is there twice")
    least, most = select.get("min_values", 1), select.get("max_values", 1)
    if not 0 <= least <= most <= max(1, len(options)):
        form.refuse("SELECT_COMPONENT_BAD_VALUES", f"{least} to {most} of {len(options)} options cannot be chosen")


def _check_part(form: Form, part: Json, allowed: set[int]) -> None:
    kind = part.get("type")
    if kind not in allowed:
        _refuse_type(form, allowed)
    elif kind == ROW:
        _check_row(form, part)
    elif kind == TEXT:
        form.at("content").text(part.get("content"), LAYOUT_TEXT, least=1)
    elif kind == SECTION:
        _check_section(form, part)
    elif kind == GALLERY:
        form.at("items").count(part.get("items", ()), GALLERY_ITEMS, least=1)
    elif kind == CONTAINER:
        form.at("components").count(part.get("components", ()), LAYOUT_PARTS, least=1)
        for number, inner in enumerate(part.get("components", ())):
            _check_part(form.at("components", number), inner, IN_CONTAINER)


def _check_section(form: Form, section: Json) -> None:
    texts: Sequence[Json] = section.get("components", ())
    form.at("components").count(texts, SECTION_TEXTS, least=1)
    for number, text in enumerate(texts):
        _check_part(form.at("components", number), text, {TEXT})
    accessory: Json = section.get("accessory", {})
    if accessory.get("type") == BUTTON:
        _check_button(form.at("accessory"), accessory)
    elif accessory.get("type") != THUMBNAIL:
        _refuse_type(form.at("accessory"), {BUTTON, THUMBNAIL})


def _check_modal_part(form: Form, part: Json) -> None:
    if part.get("type") == ROW:
        inputs: Sequence[Json] = part.get("components", ())
        form.at("components").count(inputs, 1, least=1)
        for number, entry in enumerate(inputs):
            form.at("components", number, "label").text(entry.get("label"), INPUT_LABEL, least=1)
            _check_input(form.at("components", number), entry, {TEXT_INPUT})
    elif part.get("type") == LABEL:
        form.at("label").text(part.get("label"), INPUT_LABEL, least=1)
        form.at("description").text(part.get("description") or "", 100)
        _check_input(form.at("component"), part.get("component", {}), IN_LABEL)
    elif part.get("type") != TEXT:
        _refuse_type(form, {ROW, TEXT, LABEL})


def _check_input(form: Form, entry: Json, allowed: set[int]) -> None:
    if entry.get("type") not in allowed:
        _refuse_type(form, allowed)
    elif entry["type"] in SELECTS:
        _check_select(form, entry)
    elif entry["type"] == TEXT_INPUT:
        form.at("custom_id").text(entry.get("custom_id"), CUSTOM_ID, least=1)
        form.at("placeholder").text(entry.get("placeholder") or "", INPUT_PLACEHOLDER)
        form.at("value").text(entry.get("value") or "", INPUT_TEXT)
        if not 0 <= (entry.get("min_length") or 0) <= (entry.get("max_length") or INPUT_TEXT) <= INPUT_TEXT:
            form.refuse("TEXT_INPUT_BAD_LENGTHS", f"Lengths must be between 0 and {INPUT_TEXT}, the least first")


def _check_ids(form: Form, components: Sequence[Json]) -> None:
    ids = Counter(part["custom_id"] for part in walk(components) if "custom_id" in part)
    for custom_id, times in ids.items():
        if times > 1:
            form.refuse("COMPONENT_CUSTOM_ID_DUPLICATED", f"Component custom id {custom_id!r} cannot be duplicated")


def _refuse_type(form: Form, allowed: set[int]) -> None:
    form.at("type").refuse("UNION_TYPE_CHOICES", f'Value of field "type" must be one of {tuple(sorted(allowed))}.')
