"""The customers' pages. Mounted last: a brand's short name is the first part of each address."""

from django.urls import URLPattern, URLResolver, include, path

from tickets.portal.views import (
    cases,
    emergency,
    filing,
    front,
    help,
    links,
    privacy,
    proving,
    really_us,
    scams,
)

brand_urls: list[URLPattern | URLResolver] = [
    path("", front.front, name="front"),
    path("new/", filing.choose, name="choose"),
    path("new/<slug:category>/", filing.new_case, name="new_case"),
    path("suggest/", filing.suggest, name="suggest"),
    path("cases/", cases.cases, name="cases"),
    path("cases/<str:number>/", cases.case, name="case"),
    path("cases/<str:number>/received/", filing.received, name="received"),
    path("cases/<str:number>/solved/", cases.close, name="close"),
    path("cases/<str:number>/files/<int:place>/", cases.file, name="file"),
    path("cases/<str:number>/letters/<int:place>/mail/", cases.mail, name="mail"),
    path("emergency/", emergency.emergency, name="emergency"),
    path("emergency/<str:number>/", emergency.next_steps, name="emergency_next"),
    path("emergency/<str:number>/call/", emergency.call, name="emergency_call"),
    path("report-scam/", scams.report_scam, name="report_scam"),
    path("report-scam/thanks/", scams.thanks, name="scam_thanks"),
    path("known-scams/", scams.known_scams, name="known_scams"),
    path("cases/<str:number>/code/", proving.on_case, name="case_code"),
    path("proof/", proving.by_number, name="code"),
    path("proof/<str:token>/", proving.by_mail, name="mailed_code"),
    path("really-us/", really_us.really_us, name="really_us"),
    path("find/", links.find, name="find"),
    path("t/<str:token>/", links.follow, name="follow"),
    path("t/<str:token>/renew/", links.renew, name="renew"),
    path("help/", help.home, name="help"),
    path("help/search/", help.find, name="search"),
    path("help/<slug:section>/", help.section, name="section"),
    path("help/<slug:section>/<slug:article>/", help.article, name="article"),
    path("help/<slug:section>/<slug:article>/feedback/", help.feedback, name="feedback"),
    path("contact/", front.contact, name="contact"),
    path("privacy/", privacy.privacy, name="privacy"),
    path("privacy/ask/", privacy.ask, name="privacy_ask"),
    path("privacy/<int:pk>/withdraw/", privacy.withdraw, name="privacy_withdraw"),
    path("privacy/<int:pk>/copy/", privacy.copy, name="privacy_copy"),
    path("never-ask/", front.never_ask, name="never_ask"),
]
portal_urls: list[URLPattern | URLResolver] = [
    path("", front.chooser, name="chooser"),
    path("emergency/", emergency.chooser, name="emergency_chooser"),
    path("<slug:brand>/", include(brand_urls)),
]

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("accounts.web.urls")),
    path("", include((portal_urls, "portal"))),
]
