"""A rehearsal of the doors: two devices check some badges by the published lists, and hand in what they saw."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings

from accreditation.badges.codes.token import code_text
from accreditation.badges.models import Badge, CheckDevice, Scan
from accreditation.badges.services.devices import add_device, enrol_device
from accreditation.badges.services.scans import ScanReport, take_scans
from accreditation.badges.services.verifying import verify_code
from accreditation.badges.states import PhotoCheck, ScanResult
from config.demo.story import Story
from missions.models import Election, User


@dataclass(frozen=True, slots=True)
class Checks:
    """Who adds the devices, in which election."""

    story: Story
    election: Election
    by: User

    def on(self, day: date) -> None:
        """The rehearsal of this day. A check is known by device and badge, so that it is handed in once."""
        plot = self.story.plot["badges"]["rehearsal"]
        if not self.story.is_on(day, plot["begins"]):
            return
        for name, references in zip(plot["devices"], plot["checks"], strict=True):
            self._rehearse(self._device(name), references, plot)

    def _device(self, name: str) -> CheckDevice:
        plot = self.story.plot["badges"]["rehearsal"]
        at = self.story.moment(plot["begins"])
        known = CheckDevice.objects.filter(election=self.election, name=name).first()
        if known is None:
            enrolment = add_device(election=self.election, name=name, place_code=name, by=self.by, at=at)
            known = enrol_device(code=enrolment.code, at=at).device
        return known

    def _rehearse(self, device: CheckDevice, references: list[str], plot: dict[str, Any]) -> None:
        at = self.story.moment(plot["begins"])
        reports = []
        for reference in references:
            at += timedelta(minutes=plot["minutes_apart"])
            badge = self._badge_of(reference)
            reports.append(self._report(badge, at, nonce=uuid.uuid5(device.uid, badge.code_id)))
        if Scan.objects.filter(device=device).count() < len(reports):
            take_scans(device=device, reports=reports, device_now=at, at=at)

    def _report(self, badge: Badge, at: datetime, *, nonce: uuid.UUID) -> ScanReport:
        """What the device says: its verdict is the table's; where there is a photo, it shows the same person."""
        code = code_text(bytes(badge.token or b""), url=settings.BADGE_URL)
        result = ScanResult(verify_code(code, at=at).result)
        is_compared = result == ScanResult.COMPARE and badge.portrait_id is not None
        return ScanReport(
            nonce=str(nonce),
            result=ScanResult.VALID if is_compared else result,
            device_time=at,
            photo=PhotoCheck.SAME if is_compared else PhotoCheck.ABSENT,
            code_id=badge.code_id,
        )

    def _badge_of(self, reference: str) -> Badge:
        """The newest card of the person that was signed."""
        signed = Badge.objects.filter(election=self.election, token__isnull=False)
        return signed.filter(accreditation__application__nomination__reference=reference).order_by("-issue")[0]
