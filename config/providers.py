"""Who answers the questions that lower apps ask of upper ones: a list of dotted paths for each question."""

REMINDER_SOURCES = [
    "missions.accounts.reminder_sources.account_invitation",
    "missions.accounts.reminder_sources.member_appointed",
    "missions.accounts.reminder_sources.member_dismissed",
    "missions.accounts.reminder_sources.password_reset",
    "missions.accounts.reminder_sources.token_made",
    "missions.reminders.digest_sources.daily_digest",
    "missions.reminders.broadcast_sources.broadcast_mail",
    "missions.timeline.programme.notices.programme_changed",
    "missions.reports.notice_sources.report_published",
    "accreditation.notice_sources.decision_made",
    "accreditation.notice_sources.accreditation_stopped",
    "stations.deployment.glass_mails.glass_broken",
]
#: What the ministry's reminder rules may be about.
REMINDER_CONDITIONS = [
    "missions.timeline.reminder_conditions.milestone_soon",
    "missions.reports.reminder_conditions.embargo_soon",
    "missions.reports.reminder_conditions.statement_due",
    "accreditation.desk_conditions.documents_missing",
    "accreditation.desk_conditions.decisions_due",
    "accreditation.desk_conditions.decisions_overdue",
    "accreditation.stay_conditions.arrival_unknown",
    "accreditation.stay_conditions.arrival_not_confirmed",
    "accreditation.badges.reminder_conditions.badge_not_collected",
    "stations.deployment.reminder_conditions.plan_released",
    "stations.deployment.reminder_conditions.own_plan_released",
    "stations.deployment.reminder_conditions.plan_unacknowledged",
    "stations.deployment.presence.reminder_conditions.roll_call_open",
    "stations.deployment.presence.reminder_conditions.roll_call_unanswered",
    "stations.deployment.gap_conditions.pool_plan_gap",
    "stations.deployment.gap_conditions.own_plan_gap",
]
AUDIENCE_TRAITS = [
    "accreditation.audience_traits.has_nominated",
    "accreditation.audience_traits.waits_for_papers",
    "accreditation.audience_traits.has_accredited",
    "accreditation.audience_traits.has_arrived",
]
FIGURE_SOURCES = ["accreditation.figure_sources.accreditation_figures"]
#: Exactly one: who counts in the public figure.
HEADLINE_SOURCES = ["accreditation.headline_sources.accreditation_headline"]
PROGRESS_SOURCES = [
    "missions.reports.progress_sources.reports_progress",
    "accreditation.progress_sources.applications_progress",
    "accreditation.progress_sources.stays_progress",
    "accreditation.badges.progress_sources.badges_progress",
    "stations.deployment.progress_sources.plans_progress",
]
IMPACT_SOURCES = [
    "missions.timeline.moving.impact_sources.moved_calendar",
    "missions.timeline.impact_sources.moved_timelines",
    "missions.timeline.programme.impact_sources.moved_programme",
    "missions.reports.impact_sources.embargoes_of_the_day",
    "accreditation.badges.impact_sources.spoiled_badges",
    "accreditation.letters.impact_sources.overtaken_letters",
    "stations.deployment.impact_sources.affected_plans",
    "accreditation.impact_sources.accreditation_impacts",
    "accreditation.move_impacts.moved_desk",
    "accreditation.badges.impact_sources.moved_badges",
    "accreditation.letters.impact_sources.moved_letters",
    "stations.deployment.impact_sources.plans_of_the_day",
    "stations.deployment.impact_sources.plans_of_stations",
    "missions.timeline.moving.impact_sources.moved_mails",
]
RETENTION_SOURCES: list[str] = []
POLLING_SOURCES = ["stations.polling_sources.registered_stations"]
PLACE_SOURCES = ["stations.place_sources.station_places"]
CALENDAR_SOURCES = [
    "missions.timeline.feeds.sources.deadlines",
    "missions.timeline.feeds.sources.milestones",
    "missions.timeline.feeds.sources.bookings",
    "missions.reports.calendar_sources.publications",
]
#: Asked about every file that somebody uploads, before anything reads it; an antivirus is added here.
FILE_SCANNERS = ["missions.kernel.scanners.eicar"]
