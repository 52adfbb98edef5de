"""The address of every calendar. It is kept in telephones: it must not move."""

from django.urls import path

from missions.timeline.feeds import views

app_name = "feeds"

urlpatterns = [path("calendar/<str:secret>.ics", views.calendar, name="calendar")]
