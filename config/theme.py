"""The look of the staff's pages: the settings of the admin's theme."""

from django.utils.translation import gettext_lazy as _

UNFOLD: dict[str, object] = {
    "SITE_TITLE": "Observer Desk",
    "SITE_HEADER": "Observer Desk",
    "SITE_SUBHEADER": _("Election observation"),
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": "config.navigation.icon"}],
    "SITE_SYMBOL": "how_to_vote",
    "SITE_URL": None,
    "THEME": "light",
    "SHOW_HISTORY": False,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "4px",
    "STYLES": ["config.navigation.stylesheet", "config.navigation.picture_styles"],
    "ENVIRONMENT": "config.dashboard.standing_notice",
    "DASHBOARD_CALLBACK": "config.dashboard.dashboard_callback",
    "SIDEBAR": {"show_search": False, "navigation": "config.navigation.sidebar"},
    # A restrained blue; everything else is grey.
    "COLORS": {
        "primary": {
            "50": "#f1f5fa",
            "100": "#e0e9f3",
            "200": "#c3d4e7",
            "300": "#97b5d4",
            "400": "#648fbb",
            "500": "#41719f",
            "600": "#2c5885",
            "700": "#24476c",
            "800": "#213d5b",
            "900": "#1f344c",
            "950": "#142233",
        },
    },
}

#: The same for the site of missions: other links, and no dashboard of the ministry.
UNFOLD_MISSION: dict[str, object] = {
    **UNFOLD,
    "SITE_SUBHEADER": _("For missions"),
    "DASHBOARD_CALLBACK": None,
    "SIDEBAR": {"show_search": False, "navigation": "config.navigation.mission_sidebar"},
}
