from django.urls import URLPattern, URLResolver, path

from knowledgebase.api.articles import ArticlesView, ArticleView

urlpatterns: list[URLPattern | URLResolver] = [
    path("articles/", ArticlesView.as_view(), name="api_articles"),
    path("articles/<slug:brand>/<slug:section>/<slug:slug>/", ArticleView.as_view(), name="api_article"),
]
