"""How the API is described: the settings of drf-spectacular."""

from config.api_tags import TAGS

_DESCRIPTION = """For the programs of mission leads and of the host.

* **Who calls.** Send a token as `Authorization: Bearer odk_…`; leads make their own at `/account/`.
* **What is seen.** The register and own missions. What is out of scope answers exactly as what does not exist.
* **Lists** come in pages, in a fixed order: follow `next`. Instants are in UTC.
* **Writing safely.** Every POST takes an `Idempotency-Key`: the same key and body get the first answer again. Every
  change of an object names the version that was read in `If-Match`: 428 without it, 412 if it has changed since.
* **Problems** have a stable `type` whose page says what to do, and name each wrong field in `errors`.
* **Limits** hold for a token, a mission and an address; `RateLimit` tells what is left, `Retry-After` when to come.
"""

SPECTACULAR_SETTINGS: dict[str, object] = {
    "TITLE": "Observer Desk API",
    "DESCRIPTION": _DESCRIPTION,
    "VERSION": "1",
    "TAGS": TAGS,
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
        "PresenceKind": "stations.deployment.presence.states.PresenceKind",
        "VisitStanding": "stations.deployment.presence.states.VisitStanding",
        "RollCallReply": "stations.deployment.presence.states.Reply",
        "VisitKind": "stations.deployment.states.VisitKind",
        "ObserverRole": "accreditation.states.Role",
        "ObserverCategory": "accreditation.states.Category",
        "Sex": "accreditation.states.Sex",
        "VisaState": "accreditation.states.VisaState",
        "DecisionOutcome": "accreditation.states.Outcome",
        "NominationFileState": "accreditation.intake.states.ImportState",
        "BadgeState": "accreditation.badges.states.BadgeState",
        "TokenScope": "missions.models.TokenScope",
        "Inviter": "missions.states.Inviter",
        "DeploymentMode": "missions.states.DeploymentMode",
        "PlanSharing": "missions.states.PlanSharing",
        "MessageState": "missions.reminders.states.MessageState",
        "Addressee": "missions.reports.recommendations.states.Addressee",
        "PlanQuality": "stations.deployment.states.PlanQuality",
        "RestrictionLevel": "stations.deployment.states.RestrictionLevel",
        "SampledPlace": "stations.deployment.samples.states.Place",
        "MembershipRole": "missions.states.MembershipRole",
        "RequestState": "missions.timeline.programme.states.RequestState",
        "ReportState": "missions.reports.states.ReportState",
        "RequestKind": "missions.timeline.programme.states.RequestKind",
        "HostAnswerKind": "missions.reports.recommendations.states.Answer",
        "RecommendationOutcome": "missions.reports.recommendations.states.Outcome",
        "ReportKind": "missions.reports.states.ReportKind",
        "MailLanguage": "missions.states.MailLanguage",
        "CrowdBand": "stations.deployment.states.CrowdBand",
        "StratumGroup": "stations.deployment.coverage.StratumGroup",
        "RuleStrength": "stations.deployment.api.findings.STRENGTHS",
        "DeploymentProfile": "stations.deployment.rules.profile.deployment_profile_codes",
        "FramePart": "stations.deployment.samples.states.FramePart",
        "Stratifier": "stations.deployment.samples.states.Stratifier",
        "FileEncoding": "missions.kernel.spreadsheets.csvfile.ENCODINGS",
        "VerdictReason": "accreditation.badges.api.answers.REASONS",
        # Words without a label have no class that the generator could find by its words.
        "VerdictColour": ("green", "amber", "red"),
        "ReportReceipt": ("stored", "repeated", "refused"),
        "CalendarPhase": ("past", "running", "next", "coming"),
        "CalendarEffect": ("closes", "opens"),
        "MilestoneStanding": ("done", "late", "passed", "coming", "cancelled"),
        "MilestoneFault": (
            "out_of_order",
            "predecessor_not_done",
            "done_out_of_order",
            "after_legal_deadline",
            "zone_unknown",
        ),
        "DateOrder": ("day_first", "month_first"),
        "FindingSeverity": ("error", "warning"),
    },
}
