"""The table at the end: what the database holds now, by the same selectors that the pages use."""

from collections import Counter

from rich.table import Table

from accreditation.badges.models import Badge, RevocationList
from accreditation.badges.states import BadgeState
from accreditation.intake.models import StagedRow
from accreditation.intake.states import RowOutcome
from accreditation.letters.models import Letter
from accreditation.letters.states import LetterKind
from accreditation.models import AgendaItem, Document, Finding, ListedPerson, Stay
from accreditation.selectors import applications_by_state, figures, heads_as_of
from config.demo.course import mail_rows, publication_rows, shared_rows
from config.demo.losses import replanning_rows
from config.demo.story import Story
from missions.kernel import clock
from missions.models import Election, Invitation, User
from missions.states import InvitationState
from stations.deployment.models import DeploymentPlan
from stations.deployment.selectors import PlanSummary, Share, coverage, overseas_gaps, plan_summary
from stations.models import PollingStation

Row = tuple[str, str]


def result_table(election: Election, viewer: User) -> Table:
    """Figures, states, deployment, timeline and mail of the election, as `viewer` may count them."""
    table = Table(title=election.name, show_header=False, title_justify="left")
    sections = (
        _people(election, viewer),
        _desk(election),
        _places(election),
        _deployment(election),
        shared_rows(election),
        publication_rows(election),
        mail_rows(election),
    )
    for section in sections:
        for row in section:
            table.add_row(*row)
        table.add_section()
    return table


def sign_in_table(story: Story) -> Table:
    """One sign-in per role."""
    table = Table("role", "address", "password", title="Who signs in", title_justify="left")
    for member in story.staff:
        table.add_row(member.role, story.address_of(member.name), story.password)
    leads = User.objects.filter(memberships__mission__code__in=story.plot["missions"]["leads"])
    for lead in leads.order_by("email").prefetch_related("memberships__mission"):
        codes = ", ".join(membership.mission.code for membership in lead.memberships.all())
        table.add_row(f"lead of {codes} (API)", lead.email, story.password)
    return table


def _people(election: Election, viewer: User) -> list[Row]:
    counted = figures(election)
    states = applications_by_state(election, user=viewer)
    heads = heads_as_of(election, at=clock.now())
    invitations = Counter(Invitation.objects.filter(election=election).values_list("state", flat=True))
    return [
        (
            "observers / organizations / countries",
            f"[bold]{counted.observers} / {counted.organizations} / {counted.nationalities}[/bold]",
        ),
        *((f"accredited: {category.label}", f"{count}") for category, count in heads.items() if count),
        (
            "invitations",
            ", ".join(f"{invitations[state]} {state.label}" for state in InvitationState if invitations[state]),
        ),
        ("applications", ", ".join(f"{count} {state.label}" for state, count in states.items() if count)),
    ]


def _desk(election: Election) -> list[Row]:
    """What the desk has written and kept beside the decisions."""
    items = AgendaItem.objects.filter(session__election=election)
    stays = Stay.objects.filter(nomination__mission__election=election)
    badges = Counter(Badge.objects.filter(election=election).values_list("state", flat=True))
    revoked = RevocationList.objects.filter(election=election).order_by("-number").first()
    letters = Counter(Letter.objects.filter(election=election).values_list("kind", flat=True))
    return [
        ("sessions, items of their agendas", f"{election.sessions.count()}, {items.count()}"),
        ("rows of nomination files sent back", f"{StagedRow.objects.filter(outcome=RowOutcome.SENT_BACK).count()}"),
        ("documents as files", f"{Document.objects.exclude(file=None).count()}"),
        ("people on lists of incompatible status", f"{ListedPerson.objects.filter(election=election).count()}"),
        ("findings", f"{Finding.objects.filter(application__election=election).count():,}"),
        (
            "stays planned, arrived, briefed",
            f"{stays.count()}, {stays.exclude(arrived_at=None).count()}, {stays.exclude(briefed_at=None).count()}",
        ),
        ("letters", ", ".join(f"{letters[kind]} {kind.label}" for kind in LetterKind if letters[kind])),
        ("badges", ", ".join(f"{badges[state]:,} {state.label}" for state in BadgeState if badges[state])),
        ("badges that checkers refuse", f"{revoked.entries} on list {revoked.number}" if revoked else "no list yet"),
    ]


def _places(election: Election) -> list[Row]:
    stations = PollingStation.objects.filter(election=election)
    return [
        ("polling stations", f"{stations.count():,}"),
        ("of them overseas", f"{stations.overseas().count()}"),
        ("of them in newly covered territory", f"{stations.filter(is_newly_covered=True).count()}"),
        ("of them with web camera", f"{stations.filter(has_web_camera=True).count():,}"),
    ]


def _deployment(election: Election) -> list[Row]:
    plans = list(DeploymentPlan.objects.filter(election=election).released())
    summaries = [plan_summary(plan) for plan in plans]
    reached = coverage(election)
    gaps = overseas_gaps(election)
    reasons = Counter(gap.sentence for gap in gaps)
    return [
        ("released plans", f"{len(plans)}"),
        ("teams", f"{sum(summary.teams for summary in summaries)}"),
        ("distinct stations to be visited", f"{reached.stations.reached:,}"),
        ("newly covered territory", _of(reached.newly_covered)),
        ("overseas countries", _of(reached.overseas_countries)),
        ("overseas stations", _of(reached.overseas_stations)),
        *((f"  without a team: {reason}", f"{count}") for reason, count in reasons.most_common()),
        ("constituencies", _of(reached.constituencies)),
        *((f"gap to the proven bound: {stage}", f"{gap:.3%} at most") for stage, gap in _gaps(summaries).items()),
        *replanning_rows(plans),
    ]


def _gaps(summaries: list[PlanSummary]) -> dict[str, float]:
    """The widest gap of each stage over all plans, in the order in which they are solved."""
    widest: dict[str, float] = {}
    for stage in (stage for summary in summaries for stage in summary.stages):
        widest[stage.stage] = max(widest.get(stage.stage, 0.0), stage.gap)
    return {stage: widest[stage] for stage in ("overseas", "teams", "areas", "routes") if stage in widest}


def _of(share: Share) -> str:
    return f"{share.reached} / {share.total}"
