from knowledgebase.models.articles import Article, ArticleTranslation, Section
from knowledgebase.models.feedback import ArticleFeedback

__all__ = ["Article", "ArticleFeedback", "ArticleTranslation", "Section"]
