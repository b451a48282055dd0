from django.urls import path

from helpdesk.devmail import views

app_name = "devmail"
urlpatterns = [
    path("", views.message_list, name="list"),
    path("<str:name>/", views.message_page, name="message"),
    path("<str:name>/html/", views.message_html, name="html"),
]
