"""The pages of `vigie serve`: the timeline, the search, one article.

They work without JavaScript, load nothing from elsewhere and never write.
"""
