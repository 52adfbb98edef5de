"""Words by which files name the closed lists of this app: English, Azerbaijani, Russian; compared folded."""

from accreditation.states import Sex

SEXES = {
    **dict.fromkeys(("female", "woman", "qadın", "q", "женский", "жен", "ж"), Sex.FEMALE),
    **dict.fromkeys(("male", "man", "kişi", "k", "мужской", "муж", "м"), Sex.MALE),
    **dict.fromkeys(("unspecified", "other"), Sex.UNSPECIFIED),
}
