"""The API, version 1: every address below /api/v1/, composed from the apps, with its description."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView
from rest_framework.routers import SimpleRouter

from accreditation.api.acts import AppealRefusal, ReturnAccreditation, SubmitApplication, WithdrawApplication
from accreditation.api.bulk import BulkReturn, BulkStays, BulkSubmit, BulkWithdraw
from accreditation.api.documents import ApplicationDocuments, DocumentFile
from accreditation.api.exit_polls import ExitPolls
from accreditation.api.groups import NominationPoliticalGroup
from accreditation.api.stays import NominationStay, Stays
from accreditation.api.views import Accreditations, Applications
from accreditation.badges.api.badges import Badges, ReportBadgeLost
from accreditation.intake.api.replacements import ReplaceAccreditation
from accreditation.intake.api.views import (
    NominationFileAnswer,
    NominationFileCommit,
    NominationFileDiscard,
    NominationFileResult,
    NominationFileRows,
    NominationFiles,
    WritableNominations,
)
from accreditation.letters.api.views import Letters
from missions.accounts.api.calendars import OwnCalendars, RevokeOwnCalendar
from missions.accounts.api.members import MissionMembers, RemoveMember
from missions.accounts.api.messages import OwnMessages
from missions.accounts.api.tokens import OwnTokens, RevokeOwnToken
from missions.accounts.api.views import MissionDigest, OwnMails
from missions.api.resources import Absent
from missions.api.views import Constituencies, Elections, Invitations, Me, Missions
from missions.reports.api.views import ChangeReport, OneReportFile, ReportFiles, Reports, SubmitReport, TakeBackReport
from missions.reports.figures.api.views import FigureClaims, Figures
from missions.reports.recommendations.api.views import (
    ChangeRecommendation,
    RankRecommendations,
    Recommendations,
    RemoveRecommendation,
)
from missions.timeline.api.acts import (
    AddMilestone,
    CancelMilestone,
    ChangeMilestone,
    MarkMilestone,
    ResetMilestone,
    RestoreMilestone,
    UnmarkMilestone,
)
from missions.timeline.api.calendar import ReadElectionCalendar
from missions.timeline.api.views import Milestones
from missions.timeline.programme.api.views import Bookings, MeetingRequests, WithdrawMeetingRequest
from stations.access.api.views import AccessGrants, WithdrawAccess
from stations.api.views import PollingStations, RegisterVersions
from stations.deployment.api.access import RequestPlanAccess
from stations.deployment.api.acts import AcknowledgePlan
from stations.deployment.api.break_glass import BreakGlasses, EndBreakGlass
from stations.deployment.api.coverage import ReadPlanCoverage
from stations.deployment.api.crowding import ReadCrowding
from stations.deployment.api.findings import OverrideRule, PlanFindings
from stations.deployment.api.hand import HandChanges, UndoHandChange
from stations.deployment.api.releases import DiscardPlan, ReadTeamSheets, ReleasePlan
from stations.deployment.api.runs import CancelPlanRun, PlanRuns
from stations.deployment.api.settings import ApproveRestrictedArea, MissionDeploymentRules
from stations.deployment.api.shares import MissionVisitShares
from stations.deployment.api.versions import CopyPlan, PlanChanges, ReadPlanSummary
from stations.deployment.api.views import Areas, Plans, Teams, VisitPlans
from stations.deployment.plan_files.api.views import (
    DiscardPlanFile,
    PlanAsFile,
    PlanFileRows,
    PlanFiles,
    PlanFileTemplate,
    TakePlanFile,
)
from stations.deployment.presence.api.views import (
    AnswerRollCall,
    CloseRollCall,
    PresenceReportBatches,
    PresenceReports,
    ReadPlanPresence,
    RollCallPeople,
    RollCalls,
)
from stations.deployment.samples.api.views import (
    DiscardSample,
    LockSample,
    ReplaceSampledStation,
    SampledStations,
    StationSamples,
    VerifySample,
)
from stations.travel.api.views import RemoveTravelMatrix, TravelMatrices

app_name = "api"

router = SimpleRouter()
router.register("elections", Elections, basename="election")
router.register("constituencies", Constituencies, basename="constituency")
router.register("missions", Missions, basename="mission")
router.register("invitations", Invitations, basename="invitation")
router.register("milestones", Milestones, basename="milestone")
router.register("meeting-requests", MeetingRequests, basename="meeting-request")
router.register("bookings", Bookings, basename="booking")
router.register("nominations", WritableNominations, basename="nomination")
router.register("nomination-files", NominationFiles, basename="nomination-file")
router.register("applications", Applications, basename="application")
router.register("exit-polls", ExitPolls, basename="exit-poll")
router.register("accreditations", Accreditations, basename="accreditation")
router.register("stays", Stays, basename="stay")
router.register("badges", Badges, basename="badge")
router.register("letters", Letters, basename="letter")
router.register("reports", Reports, basename="report")
router.register("figures", Figures, basename="figure")
router.register("figure-claims", FigureClaims, basename="figure-claim")
router.register("recommendations", Recommendations, basename="recommendation")
router.register("polling-stations", PollingStations, basename="polling-station")
router.register("register-versions", RegisterVersions, basename="register-version")
router.register("plans", Plans, basename="plan")
router.register("plan-runs", PlanRuns, basename="plan-run")
router.register("plan-files", PlanFiles, basename="plan-file")
router.register("break-glasses", BreakGlasses, basename="break-glass")
router.register("areas", Areas, basename="area")
router.register("teams", Teams, basename="team")
router.register("visit-plans", VisitPlans, basename="visit-plan")
router.register("access-grants", AccessGrants, basename="access-grant")
router.register("travel-matrices", TravelMatrices, basename="travel-matrix")
router.register("station-samples", StationSamples, basename="station-sample")
router.register("sampled-stations", SampledStations, basename="sampled-station")
router.register("presence-reports", PresenceReports, basename="presence-report")
router.register("roll-calls", RollCalls, basename="roll-call")

urlpatterns = [
    path("me/", Me.as_view(), name="me"),
    path("me/mails/", OwnMails.as_view(), name="my-mails"),
    path("me/messages/", OwnMessages.as_view(), name="my-messages"),
    path("me/tokens/", OwnTokens.as_view(), name="my-tokens"),
    path("me/tokens/revoke/", RevokeOwnToken.as_view(), name="my-token-revoke"),
    path("me/calendars/", OwnCalendars.as_view(), name="my-calendars"),
    path("me/calendars/<str:id>/revoke/", RevokeOwnCalendar.as_view(), name="my-calendar-revoke"),
    path("missions/<str:id>/members/", MissionMembers.as_view(), name="mission-members"),
    path("members/<str:id>/remove/", RemoveMember.as_view(), name="member-remove"),
    path("missions/<str:id>/digest/", MissionDigest.as_view(), name="mission-digest"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="api:schema"), name="docs"),
    path("elections/<str:code>/calendar/", ReadElectionCalendar.as_view(), name="election-calendar"),
    path("missions/<str:id>/milestones/", AddMilestone.as_view(), name="milestone-add"),
    path("milestones/<str:id>/change/", ChangeMilestone.as_view(), name="milestone-change"),
    path("milestones/<str:id>/cancel/", CancelMilestone.as_view(), name="milestone-cancel"),
    path("milestones/<str:id>/restore/", RestoreMilestone.as_view(), name="milestone-restore"),
    path("milestones/<str:id>/reset/", ResetMilestone.as_view(), name="milestone-reset"),
    path("milestones/<str:id>/mark/", MarkMilestone.as_view(), name="milestone-mark"),
    path("milestones/<str:id>/unmark/", UnmarkMilestone.as_view(), name="milestone-unmark"),
    path("applications/bulk-submit/", BulkSubmit.as_view(), name="bulk-submit"),
    path("applications/bulk-withdraw/", BulkWithdraw.as_view(), name="bulk-withdraw"),
    path("accreditations/bulk-return/", BulkReturn.as_view(), name="bulk-return"),
    path("nominations/bulk-stays/", BulkStays.as_view(), name="bulk-stays"),
    path("applications/<str:id>/documents/", ApplicationDocuments.as_view(), name="application-documents"),
    path("applications/<str:id>/submit/", SubmitApplication.as_view(), name="application-submit"),
    path("applications/<str:id>/withdraw/", WithdrawApplication.as_view(), name="application-withdraw"),
    path("applications/<str:id>/appeal/", AppealRefusal.as_view(), name="application-appeal"),
    path("accreditations/<str:id>/return/", ReturnAccreditation.as_view(), name="accreditation-return"),
    path("accreditations/<str:id>/replace/", ReplaceAccreditation.as_view(), name="accreditation-replace"),
    path("meeting-requests/<str:id>/withdraw/", WithdrawMeetingRequest.as_view(), name="meeting-request-withdraw"),
    path("badges/<str:id>/report-lost/", ReportBadgeLost.as_view(), name="badge-report-lost"),
    path("plans/<str:id>/request-access/", RequestPlanAccess.as_view(), name="plan-request-access"),
    path("plans/<str:id>/acknowledge/", AcknowledgePlan.as_view(), name="plan-acknowledge"),
    path("missions/<str:id>/visit-shares/", MissionVisitShares.as_view(), name="mission-visit-shares"),
    path("missions/<str:id>/crowding/", ReadCrowding.as_view(), name="mission-crowding"),
    path("missions/<str:id>/deployment-rules/", MissionDeploymentRules.as_view(), name="deployment-rules"),
    path(
        "missions/<str:id>/deployment-rules/approve/", ApproveRestrictedArea.as_view(), name="deployment-rules-approve"
    ),
    path("plans/<str:id>/findings/", PlanFindings.as_view(), name="plan-findings"),
    path("plans/<str:id>/override/", OverrideRule.as_view(), name="plan-override"),
    path("access-grants/<str:id>/withdraw/", WithdrawAccess.as_view(), name="access-grant-withdraw"),
    path("travel-matrices/<str:id>/remove/", RemoveTravelMatrix.as_view(), name="travel-matrix-remove"),
    path("station-samples/<str:id>/lock/", LockSample.as_view(), name="station-sample-lock"),
    path("station-samples/<str:id>/discard/", DiscardSample.as_view(), name="station-sample-discard"),
    path("station-samples/<str:id>/replace/", ReplaceSampledStation.as_view(), name="station-sample-replace"),
    path("station-samples/<str:id>/verify/", VerifySample.as_view(), name="station-sample-verify"),
    path("presence-reports/bulk/", PresenceReportBatches.as_view(), name="presence-report-bulk"),
    path("plans/<str:id>/presence/", ReadPlanPresence.as_view(), name="plan-presence"),
    path("roll-calls/<str:id>/people/", RollCallPeople.as_view(), name="roll-call-people"),
    path("roll-calls/<str:id>/answer/", AnswerRollCall.as_view(), name="roll-call-answer"),
    path("roll-calls/<str:id>/close/", CloseRollCall.as_view(), name="roll-call-close"),
    path("plans/<str:id>/changes/", PlanChanges.as_view(), name="plan-changes"),
    path("plans/<str:id>/coverage/", ReadPlanCoverage.as_view(), name="plan-coverage"),
    path("plans/<str:id>/summary/", ReadPlanSummary.as_view(), name="plan-summary"),
    path("plans/<str:id>/release/", ReleasePlan.as_view(), name="plan-release"),
    path("plans/<str:id>/discard/", DiscardPlan.as_view(), name="plan-discard"),
    path("plans/<str:id>/sheets/", ReadTeamSheets.as_view(), name="plan-sheets"),
    path("plans/<str:id>/copy/", CopyPlan.as_view(), name="plan-copy"),
    path("plans/<str:id>/hand-changes/", HandChanges.as_view(), name="plan-hand-changes"),
    path("plans/<str:id>/hand-changes/undo/", UndoHandChange.as_view(), name="plan-hand-undo"),
    path("break-glasses/<str:id>/end/", EndBreakGlass.as_view(), name="break-glass-end"),
    path("plan-runs/<str:id>/cancel/", CancelPlanRun.as_view(), name="plan-run-cancel"),
    path("plans/<str:id>/file/", PlanAsFile.as_view(), name="plan-as-file"),
    path("plan-files/template/", PlanFileTemplate.as_view(), name="plan-file-template"),
    path("plan-files/<str:id>/rows/", PlanFileRows.as_view(), name="plan-file-rows"),
    path("plan-files/<str:id>/take/", TakePlanFile.as_view(), name="plan-file-take"),
    path("plan-files/<str:id>/discard/", DiscardPlanFile.as_view(), name="plan-file-discard"),
    path("documents/<str:id>/file/", DocumentFile.as_view(), name="document-file"),
    path(
        "nominations/<str:id>/political-group/",
        NominationPoliticalGroup.as_view(),
        name="nomination-political-group",
    ),
    path("nominations/<str:id>/stay/", NominationStay.as_view(), name="nomination-stay"),
    path("nomination-files/<str:id>/rows/", NominationFileRows.as_view(), name="nomination-file-rows"),
    path("nomination-files/<str:id>/answer/", NominationFileAnswer.as_view(), name="nomination-file-answer"),
    path("nomination-files/<str:id>/commit/", NominationFileCommit.as_view(), name="nomination-file-commit"),
    path("nomination-files/<str:id>/discard/", NominationFileDiscard.as_view(), name="nomination-file-discard"),
    path("nomination-files/<str:id>/result/", NominationFileResult.as_view(), name="nomination-file-result"),
    path("reports/<str:id>/change/", ChangeReport.as_view(), name="report-change"),
    path("reports/<str:id>/files/", ReportFiles.as_view(), name="report-files"),
    path("reports/<str:id>/files/<str:language>/", OneReportFile.as_view(), name="report-file"),
    path("reports/<str:id>/submit/", SubmitReport.as_view(), name="report-submit"),
    path("reports/<str:id>/take-back/", TakeBackReport.as_view(), name="report-take-back"),
    path("reports/<str:id>/recommendations/rank/", RankRecommendations.as_view(), name="recommendation-rank"),
    path("recommendations/<str:id>/change/", ChangeRecommendation.as_view(), name="recommendation-change"),
    path("recommendations/<str:id>/remove/", RemoveRecommendation.as_view(), name="recommendation-remove"),
    path("verification/", include("accreditation.badges.api.urls")),
    path("", include(router.urls)),
    # Only addresses with their slash, so that Django still redirects the others.
    re_path(r"^(?:.*/)?$", Absent.as_view(), name="absent"),
]
