"""The headers by which columns of nomination files are known: English, Azerbaijani, Russian; compared folded."""

HEADERS = {
    "reference": "ref; reference number; nomination reference; istinad; istinad nömrəsi; номер; № п/п; ссылка",
    "surname": "last name; family name; soyad; soyadı; фамилия",
    "given_names": "given name; first name; first names; forenames; ad; adı; имя",
    "patronymic": "father's name; middle name; ata adı; atasının adı; отчество",
    "sex": "gender; cins; cinsi; пол",
    "birth_date": "date of birth; born on; dob; doğum tarixi; doğulduğu tarix; дата рождения",
    "nationality": "citizenship; vətəndaşlıq; vətəndaşlığı; гражданство",
    "second_nationality": (
        "second citizenship; other nationality; ikinci vətəndaşlıq; ikinci vətəndaşlığı; второе гражданство"
    ),
    "passport_issuer": (
        "passport issued by; issuing country; issuing state; country of issue; pasportu verən ölkə; "
        "pasportu verən dövlət; страна выдачи; страна выдачи паспорта; кем выдан паспорт"
    ),
    "passport_number": ("passport; passport no; pasport; pasport nömrəsi; pasportun nömrəsi; паспорт; номер паспорта"),
    "passport_expires_on": (
        "passport expires; passport expiry; passport expiry date; expiry date; valid until; pasportun bitmə tarixi; "
        "pasportun etibarlılıq müddəti; etibarlıdır; срок действия паспорта; паспорт действителен до; действителен до"
    ),
    "role": "function; position; rol; vəzifə; vəzifəsi; роль; функция; должность",
    "delegation": "group; nümayəndə heyəti; делегация",
    "political_group": (
        "parliamentary group; party group; political family; fraction; siyasi qrup; fraksiya; deputat qrupu; "
        "политическая группа; фракция; депутатская группа"
    ),
    "sending_state": (
        "sending country; seconded by; göndərən dövlət; göndərən ölkə; направляющее государство; направлен"
    ),
    "languages": "working languages; language; dillər; dil bilikləri; языки; владение языками",
    "residence_country": (
        "country of residence; residence; resident in; yaşadığı ölkə; yaşayış ölkəsi; страна проживания; "
        "страна постоянного проживания"
    ),
    "experienced": "experience; has observed before; təcrübə; təcrübəli; опыт; опыт наблюдения",
    "documents_on": (
        "documents handed in on; documents; papers on; submission date; sənədlərin təqdim tarixi; sənədlərin tarixi; "
        "дата подачи документов; дата документов"
    ),
    "arrives_on": "arrival; arrival date; date of arrival; gəliş tarixi; дата прибытия; дата приезда; прибытие",
    "departs_on": "departure; departure date; date of departure; gediş tarixi; дата отъезда; дата убытия; отъезд",
    "form": "application form; ərizə; ərizə forması; müraciət forması; анкета; заявление",
    "photo": "photograph; photos; foto; fotoşəkil; şəkil; фото; фотография",
    "passport_copy": "copy of passport; passport scan; pasportun surəti; копия паспорта",
    "pledge": "signed pledge; code of conduct; öhdəlik; обязательство; подписанное обязательство",
    "conflict_statement": (
        "conflict of interest; conflict of interest statement; maraqlar toqquşması; "
        "maraqların toqquşması barədə bəyanat; "
        "конфликт интересов; заявление о конфликте интересов"
    ),
    "passport_issued_on": (
        "passport issued; passport issue date; date of issue; issued on; pasportun verilmə tarixi; verilmə tarixi; "
        "дата выдачи; дата выдачи паспорта; паспорт выдан"
    ),
    "mrz": "machine-readable zone; mrz lines; maşınla oxunan zona; машиносчитываемая зона; мчз",
    "email": "e-mail; e-mail address; mail; e-poçt; elektron poçt; электронная почта; почта; эл. почта; эл. адрес",
    "phone": "telephone; phone number; mobile; mobile phone; telefon; mobil telefon; телефон; мобильный телефон",
    "initiative": "on whose initiative; təşəbbüs; təşəbbüskar; kimin təşəbbüsü ilə; инициатива; по чьей инициативе",
    "constituency": "constituency number; seçki dairəsi; dairə; seçki dairəsinin nömrəsi; избирательный округ; округ",
    "precinct_code": "precinct; polling station; seçki məntəqəsi; məntəqə; избирательный участок; участок",
    "synthetic": "is synthetic; sintetik; синтетический; синтетические данные",
}


def headers_of(column: str) -> tuple[str, ...]:
    """All headers of a column besides its name."""
    return tuple(HEADERS[column].split("; "))
