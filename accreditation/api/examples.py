"""One example for each resource of this app, as the description of the API shows it."""

from drf_spectacular.utils import OpenApiExample

NOMINATION = OpenApiExample(
    "A nomination",
    value={
        "id": 801,
        "mission": 4,
        "person": {
            "surname": "Sample",
            "given_names": "Ana",
            "patronymic": "",
            "sex": "f",
            "birth_date": "1990-05-17",
            "nationality": "XXB",
            "second_nationality": "",
            "residence_country": "XXB",
            "languages": ["en", "fr"],
            "is_experienced": True,
        },
        "delegation": 9,
        "political_group": "",
        "role": "sto",
        "reference": "PABSEC-3",
        "sending_state": "XXB",
        "documents_on": "2031-01-17",
        "arrives_on": "2031-02-04",
        "departs_on": "2031-02-09",
        "received_at": "2031-01-15T09:30:00Z",
    },
)
APPLICATION = OpenApiExample(
    "An application",
    value={
        "id": 640,
        "election": 1,
        "mission": 4,
        "nomination": 801,
        "name": "Sample Ana",
        "category": "international_observer",
        "state": "incomplete",
        "submitted_at": "2031-01-17T08:00:00Z",
        "complete_since": None,
        "deadline_at": "2031-01-28T14:00:00Z",
        "decide_by": None,
        "documents": [{"kind": "form", "received_on": "2031-01-17"}],
        "findings": [{"code": "documents_missing", "sentence": "Documents are missing: photo."}],
        "decisions": [],
        "version": 2,
    },
)
ACCREDITATION = OpenApiExample(
    "An accreditation",
    value={
        "id": 512,
        "election": 1,
        "mission": 4,
        "nomination": 801,
        "application": 640,
        "name": "Sample Ana",
        "category": "international_observer",
        "number": 118,
        "state": "active",
        "valid_from": "2031-01-21T10:00:00Z",
        "version": 7,
    },
)
DOCUMENT = OpenApiExample(
    "A document",
    value={
        "id": 2210,
        "kind": "photo",
        "received_on": "2031-01-17",
        "signed_on": None,
        "file": {"media_type": "image/jpeg", "size": 84213, "uploaded_at": "2031-01-17T08:00:00Z"},
    },
)
RECEIPT = OpenApiExample(
    "A photo that was taken",
    value={
        "document": DOCUMENT.value,
        "notices": ["The photo looks unsharp."],
        "application_state": "submitted",
    },
)
STAY = OpenApiExample(
    "A stay",
    value={
        "id": 77,
        "nomination": 801,
        "mission": 4,
        "name": "Sample Ana",
        "arrives_at": "2031-02-04T09:40:00Z",
        "arrival_flight": "XY 123",
        "departs_at": "2031-02-09T05:15:00Z",
        "departure_flight": "XY 124",
        "visa_state": "granted",
        "lodging": "Hotel Sample",
        "briefed_at": None,
        "arrived_at": "2031-02-04T10:05:00Z",
        "left_at": None,
        "version": 3,
    },
)
