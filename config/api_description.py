"""How the API is described: the settings of drf-spectacular."""

SPECTACULAR_SETTINGS: dict[str, object] = {
    "TITLE": "Observer Desk API",
    "DESCRIPTION": (
        "Reading for mission leads and the host. Send a token as `Authorization: Bearer odk_…`. Everybody sees the "
        "register and their own missions; what is out of scope answers exactly as what does not exist. Lists come "
        "in pages, in a fixed order: follow `next`. Instants are in UTC."
    ),
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "missions.api.schema.document_problems",
    ],
    "ENUM_NAME_OVERRIDES": {
        "InvitationState": "missions.states.InvitationState",
        "OrganizationKind": "missions.states.OrganizationKind",
        "MissionKind": "missions.states.MissionKind",
        "ApplicationState": "accreditation.states.ApplicationState",
        "AccreditationState": "accreditation.states.AccreditationState",
        "DocumentKind": "accreditation.states.DocumentKind",
        "LetterKind": "accreditation.letters.states.LetterKind",
        "LetterStanding": "accreditation.letters.states.Standing",
        "CheckResult": "accreditation.badges.states.ScanResult",
        "PhotoCheck": "accreditation.badges.states.PhotoCheck",
        "AlertKind": "accreditation.badges.states.AlertKind",
        "StationKind": "stations.states.StationKind",
        "PlanState": "stations.deployment.states.PlanState",
        "GapReason": "stations.deployment.states.GapReason",
        "HandActKind": "stations.deployment.states.ChangeKind",
        "PlanRunState": "stations.deployment.states.RunState",
        "PlanFileState": "stations.deployment.plan_files.states.FileState",
        "TeamKind": "stations.deployment.states.TeamKind",
        "AccessState": "stations.access.states.AccessState",
        "AccessCondition": "stations.states.AccessCondition",
        "SampleState": "stations.deployment.samples.states.SampleState",
        "VisitKind": "stations.deployment.states.VisitKind",
        "ObserverRole": "accreditation.states.Role",
        "MembershipRole": "missions.states.MembershipRole",
        "RequestState": "missions.timeline.programme.states.RequestState",
        "ReportState": "missions.reports.states.ReportState",
        "RequestKind": "missions.timeline.programme.states.RequestKind",
        "HostAnswerKind": "missions.reports.recommendations.states.Answer",
        "RecommendationOutcome": "missions.reports.recommendations.states.Outcome",
        "ReportKind": "missions.reports.states.ReportKind",
    },
}
