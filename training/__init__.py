"""Labelled pages from structured comments, learning from them, and measuring; not installed with the package.

comments    structured comments from a folder -> Comment
markdown    a comment's Markdown -> the elements that the forum would draw
render      comments -> a page of text as a scrape leaves it, with the truth that it lost
pages       the pages to learn from and to measure on, author by author
learn       pages -> the language model (wording: openings and rarities; boosting: trees)
evaluate    the model on authors never seen -> figures (measures)
"""
