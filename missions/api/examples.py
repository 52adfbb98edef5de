"""One example for each resource of this app, as the description of the API shows it."""

from drf_spectacular.utils import OpenApiExample

_ORGANIZATION = {"acronym": "PABSEC", "name": "Black Sea Assembly", "kind": "parliamentary_assembly", "country": ""}

ELECTION = OpenApiExample(
    "An election",
    value={
        "id": 1,
        "code": "sample-2031",
        "name": "Sample election",
        "host_country": "XXA",
        "e_day": "2031-02-07",
        "called_on": "2030-12-07",
        "time_zone": "Etc/GMT-4",
        "opens_at": "08:00:00",
        "closes_at": "19:00:00",
        "profile_code": "sample-2031",
        "results_published_at": None,
    },
)
CONSTITUENCY = OpenApiExample(
    "A constituency",
    value={
        "id": 17,
        "election": 1,
        "number": 17,
        "name": "Harbour",
        "region": "North",
        "commission_name": "Constituency commission 17",
        "languages": ["en", "fr"],
    },
)
MISSION = OpenApiExample(
    "A mission",
    value={
        "id": 4,
        "election": 1,
        "code": "PABSEC",
        "name": "PABSEC delegation",
        "kind": "delegation",
        "organization": _ORGANIZATION,
        "parent": None,
        "heads": [{"name": "Ana Sample", "title": "Head of mission"}],
        "delegations": [{"id": 9, "name": "Secretariat", "head_name": ""}],
        "deployment_mode": "host_coordinated",
        "plan_sharing": "counts",
        "template_code": "short-delegation",
        "ceiling": 10,
        "places_taken": 5,
        "accredited": 4,
        "arrived": 3,
    },
)
INVITATION = OpenApiExample(
    "An invitation",
    value={
        "id": 12,
        "election": 1,
        "organization": _ORGANIZATION,
        "inviter": "parliament",
        "state": "accepted",
        "note_number": "N-12/1",
        "note_date": "2030-12-12",
        "addressee": "Secretary General",
        "ceiling": 10,
        "reply_by": "2031-01-02",
        "replied_on": "2030-12-20",
    },
)
ME = OpenApiExample(
    "A mission lead",
    value={
        "email": "lead@pabsec.example",
        "name": "Ana Sample",
        "is_host": False,
        "missions": [{"id": 4, "code": "PABSEC", "name": "PABSEC delegation", "role": "lead"}],
        "token": {
            "name": "laptop",
            "scope": "read",
            "created_at": "2031-01-02T08:00:00Z",
            "expires_at": "2031-04-02T08:00:00Z",
            "last_used_at": "2031-01-18T12:00:00Z",
        },
    },
)
