"""Where a message goes: one written form of each address, and how much of it staff may see."""

from __future__ import annotations

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email

LONGEST_EMAIL = 254
# Countries whose numbering plan does not tell fixed lines from mobiles by itself: how their mobiles begin.
MOBILES_BEGIN_WITH = {56: "9"}


class InvalidAddress(ValueError):
    """The text is no address of its channel."""


def normalize_telephone(text: str) -> str:
    """A mobile number as E.164 writes it, such as ``+56987654321``.

    :param text: as people write it; a number without its country is one of ``settings.TELEPHONE_REGION``.
    :raises InvalidAddress: not a number that exists in its country's plan, or a fixed line.
    """
    import phonenumbers

    try:
        number = phonenumbers.parse(text, settings.TELEPHONE_REGION)
    except phonenumbers.NumberParseException as error:
        raise InvalidAddress(text) from error
    kinds = {phonenumbers.PhoneNumberType.MOBILE, phonenumbers.PhoneNumberType.FIXED_LINE_OR_MOBILE}
    begins = MOBILES_BEGIN_WITH.get(number.country_code or 0, "")
    is_mobile = phonenumbers.number_type(number) in kinds and str(number.national_number).startswith(begins)
    if not phonenumbers.is_valid_number(number) or number.extension or not is_mobile:
        raise InvalidAddress(text)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def normalize_email(text: str) -> str:
    """An e-mail address without spaces around it, its domain in lower case.

    :raises InvalidAddress: not an e-mail address.
    """
    address = text.strip()
    try:
        validate_email(address)
    except ValidationError as error:
        raise InvalidAddress(text) from error
    local, _at, domain = address.rpartition("@")
    if len(address) > LONGEST_EMAIL:
        raise InvalidAddress(text)
    return f"{local}@{domain.lower()}"


def masked(address: str) -> str:
    """Enough for its owner to know it again, too little for anybody else to write there."""
    local, at, domain = address.rpartition("@")
    if at:
        return f"{local[:1]}•••@{domain}"
    return f"{address[:3]}•••{address[-3:]}" if len(address) > 8 else "•••" * bool(address)
