"""Letters about one person: accreditation, refusal, visa support. No passport number is in any of them."""

from datetime import timedelta

from accreditation.letters.composing.frame import Frame
from accreditation.letters.content import Body, Fact, Texts
from accreditation.letters.errors import LetterNotDueError
from accreditation.models import Accreditation, Application, Decision, Observer, Stay
from accreditation.states import ApplicationState, Outcome
from missions.law.calendar import appeal_until
from missions.law.rules import Unknown
from missions.models import Mission

#: How many characters of a passport number a letter may tell at most.
_ENDING = 4


def accreditation_letter(frame: Frame, accreditation: Accreditation) -> Body:
    """The letter that an accredited person shows. Says who, for which election, since when and until what."""
    application = accreditation.application
    decision = _last_decision(application, Outcome.ACCREDITED)
    return Body(
        basis=f"decision:{decision.pk}",
        authority=_decider(frame, decision),
        country=frame.country(frame.election.host_country),
        title=frame.say("accreditation.title"),
        opening=(frame.say("accreditation.confirms"),),
        facts=(
            *_person(frame, accreditation.observer),
            *sender(frame, application.nomination.mission),
            frame.fact("category", *frame.category(accreditation.category)),
            *_election(frame),
            frame.fact("accreditation_number", f"{accreditation.number:05d}"),
            frame.fact("valid_from", *frame.local_day(accreditation.valid_from)),
            *_session(frame, decision),
        ),
        closing=(*_until(frame), frame.say("accreditation.law")),
        signature=signature(frame),
    )


def refusal_letter(frame: Frame, application: Application) -> Body:
    """The notice of the last refusal: its ground, its reasons as they were written, and what the law says of appeal."""
    decision = _last_decision(application, Outcome.REFUSED)
    return Body(
        basis=f"decision:{decision.pk}",
        authority=_decider(frame, decision),
        country=frame.country(frame.election.host_country),
        title=frame.say("refusal.title"),
        opening=(frame.say("refusal.decided"),),
        facts=(
            *_person(frame, application.observer),
            *sender(frame, application.nomination.mission),
            frame.fact("category", *frame.category(application.category)),
            *_election(frame),
            frame.fact("commission", *_decider(frame, decision)),
            *_session(frame, decision),
            frame.fact("decided_on", *frame.local_day(decision.decided_at)),
            frame.fact("ground", *_ground(frame, decision.ground)),
            frame.fact("reasons", decision.text),
        ),
        closing=(_appeal(frame, application, decision),),
        signature=signature(frame),
    )


def visa_support_letter(frame: Frame, application: Application) -> Body:
    """What a person shows at a consular post. Of the passport it tells the last characters at most."""
    observer, nomination = application.observer, application.nomination
    return Body(
        basis=f"application:{application.pk}",
        authority=frame.ministry(),
        country=frame.country(frame.election.host_country),
        title=frame.say("visa_support.title"),
        addressee=(frame.say("visa_support.addressee"),),
        opening=(frame.say("visa_support.requests"),),
        facts=(
            frame.fact("name", observer.full_name),
            frame.fact("birth_date", *frame.day(observer.birth_date, observer.birth_precision)),
            frame.fact("nationality", *frame.country(observer.nationality)),
            *_passport(frame, observer),
            *sender(frame, nomination.mission),
            frame.fact("role", *frame.say(f"role.{nomination.role}")),
            *_stay(frame, application),
            *_election(frame),
        ),
        closing=(frame.say("visa_support.apart"),),
        signature=signature(frame),
    )


def signature(frame: Frame) -> tuple[Texts, ...]:
    """The labels under the lines of a letter that is signed and sealed."""
    return (frame.say("label.signatory"), frame.say("label.signature"), frame.say("label.seal"))


def sender(frame: Frame, mission: Mission) -> tuple[Fact, ...]:
    """On whose proposal: the organization, or the joint mission that has none."""
    if mission.organization is None:
        return (frame.fact("mission", mission.name),)
    return (frame.fact("organization", mission.organization.name),)


def _last_decision(application: Application, outcome: Outcome) -> Decision:
    decisions = application.decisions.select_related("session__commission")
    decision = decisions.filter(outcome=outcome).order_by("-decided_at", "-pk").first()
    if decision is None:
        raise LetterNotDueError
    return decision


def _decider(frame: Frame, decision: Decision) -> Texts:
    return frame.commission(decision.session.commission if decision.session else None)


def _person(frame: Frame, observer: Observer) -> tuple[Fact, ...]:
    return (
        frame.fact("name", observer.full_name),
        frame.fact("nationality", *frame.country(observer.nationality)),
    )


def _election(frame: Frame) -> tuple[Fact, ...]:
    return (
        frame.fact("election", *frame.election_name()),
        frame.fact("election_day", *frame.day(frame.election.e_day)),
    )


def _session(frame: Frame, decision: Decision) -> tuple[Fact, ...]:
    if decision.session is None:
        return ()
    number, held = decision.session.number, frame.local_day(decision.session.held_at)
    return (frame.fact("session", *(f"{number}, {day}" for day in held)),)


def _until(frame: Frame) -> tuple[Texts, ...]:
    """With what the accreditation ends; nothing where the law is not known."""
    if frame.profile is None or isinstance(frame.profile.validity, Unknown):
        return ()
    return (frame.say(f"accreditation.until_{frame.profile.validity.ends_with}"),)


def _ground(frame: Frame, code: str) -> Texts:
    known = [ground.title for ground in frame.profile.grounds if ground.code == code] if frame.profile else []
    return frame.titled(known[0], (known[0].en,) * len(frame.phrases)) if known else (code,)


def _appeal(frame: Frame, application: Application, decision: Decision) -> Texts:
    if application.state == ApplicationState.REFUSED_FINAL:
        return frame.say("refusal.after_appeal")
    end = appeal_until(frame.profile, decision.decided_at) if frame.profile else Unknown("")
    if isinstance(end, Unknown):
        return frame.say("refusal.appeal_by_law")
    return frame.say("refusal.appeal_until", day=frame.local_day(end - timedelta(seconds=1)))


def _passport(frame: Frame, observer: Observer) -> tuple[Fact, ...]:
    """The last characters of a number that is long enough to hide the rest; nothing of a shorter one."""
    shown = observer.masked_passport.lstrip("•")[-_ENDING:]
    return (frame.fact("passport", *frame.say("label.passport_ending", digits=(shown,))),) if shown else ()


def _stay(frame: Frame, application: Application) -> tuple[Fact, ...]:
    """The days of the stay as far as they are known: as arranged, or as nominated."""
    nomination, zone = application.nomination, frame.election.zone
    stay = Stay.objects.filter(nomination=nomination).first()
    first = stay.arrives_at.astimezone(zone).date() if stay and stay.arrives_at else nomination.arrives_on
    last = stay.departs_at.astimezone(zone).date() if stay and stay.departs_at else nomination.departs_on
    if first is None or last is None:
        return ()
    return (frame.fact("stay", *frame.say("label.stay_days", first=frame.day(first), last=frame.day(last))),)
