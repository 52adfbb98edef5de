"""Addresses of the verification, below /api/v1/verification/."""

from django.urls import path

from accreditation.badges.api.views import EnrolDevice, OwnDevice, PortraitPack, TakeScans, VerifyCode

urlpatterns = [
    path("verify/", VerifyCode.as_view(), name="verification-verify"),
    path("devices/enrol/", EnrolDevice.as_view(), name="verification-enrol"),
    path("device/", OwnDevice.as_view(), name="verification-device"),
    path("pack/", PortraitPack.as_view(), name="verification-pack"),
    path("scans/", TakeScans.as_view(), name="verification-scans"),
]
