"""One example for each resource of this room, as the description of the API shows it."""

from drf_spectacular.utils import OpenApiExample

FILE = OpenApiExample(
    "A nomination file",
    value={
        "id": 31,
        "mission": 4,
        "category": "international_observer",
        "file_name": "nominations.xlsx",
        "state": "staged",
        "question": "",
        "encoding": "",
        "date_order": "",
        "fault": "",
        "notices": [],
        "rows": 12,
        "added": 0,
        "changed": 0,
        "unchanged": 0,
        "waiting": 12,
        "refused": 2,
        "uploaded_at": "2031-01-15T09:30:00Z",
        "staged_at": "2031-01-15T09:30:00Z",
        "closed_at": None,
    },
)
ROW = OpenApiExample(
    "A row of a file",
    value={
        "number": 7,
        "reference": "PABSEC-6",
        "name": "Sample Ana",
        "action": "refuse",
        "outcome": "",
        "findings": [
            {
                "column": "sex",
                "code": "unknown_choice",
                "severity": "error",
                "message": "Choose one of: f, m, x.",
                "value": "?",
            }
        ],
    },
)
RECORDS = OpenApiExample(
    "Two nominations, one taken",
    value={
        "results": [
            {"number": 1, "reference": "PABSEC-6", "outcome": "added", "nomination": 801, "findings": []},
            {
                "number": 2,
                "reference": "PABSEC-7",
                "outcome": "",
                "nomination": None,
                "findings": [
                    {
                        "column": "birth_date",
                        "code": "invalid_date",
                        "severity": "error",
                        "message": "There is no such date; write it as 2024-02-07.",
                        "value": "29.02.2023",
                    }
                ],
            },
        ]
    },
    response_only=True,
)
