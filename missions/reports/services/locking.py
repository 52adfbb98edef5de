"""Taking a report for a change. Of the house's order it comes before the election and needs nothing above it."""

from missions.reports.models import Report


def lock_report(report: Report) -> Report:
    """The report as it is now, held until the transaction ends, with mission and election."""
    rows = Report.objects.select_for_update(of=("self",)).select_related("mission", "election")
    return rows.get(pk=report.pk)
