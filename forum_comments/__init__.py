"""Saved forum pages in, one SQLite file of comments out.

The modules in the order in which the data flows:

    documents      files and folders -> Document (decoding.py: bytes -> text)
    readers/       Document -> Page: furniture and content blocks, one page format a file
    reading        all documents -> Pages; a page of no known layout is refused or left out
    gathering      dumps -> what links their records, and the rows of each put aside (preparing, record_rows; temporary)
    bodies/        HTML, Markdown or plain text -> passages and links, for what dumps hold
    segmentation   Pages -> Boundaries: where each comment starts (counts: lengths; language, with words, similarity,
                   features and trees: the evidence of the words; lattice: all divisions at once)
    comments       Pages and Boundaries -> Appearances: passages
    quotations     passages that quote somebody else (shared_words: the same words in two comments; quotation_language)
    attribution    who wrote each comment, and what it answers
    corrections    an editor's decisions, applied to pages, boundaries and appearances (corrections_file: what they say;
                   locating: which paragraphs they name)
    reconcile      Appearances -> Comments: the same comment on several pages is one row
                   (matching: the record of a dump that a page shows; fuller: posts and people of several sources)
    linking        parents of all comments over all sources (threads: roots and depths)
    merging        records of one comment -> one row (dump_rows: all of them)
    stored         what a database holds already, for an update (redividing: pages; updating: its rows in place)
    rows           all of these (archive.py) -> rows of the tables that schema.py declares
    removal/       rows without what was taken down or is to have a pseudonym (documents, dumps: what is not read)
    database       rows -> comments.db, checked and moved into place (replacement: whole or not at all; journals: what
                   lies beside the old one; checks; inspection: what Datasette would count)
    statistics     what is counted once, in the build, for the pages (statistics_queries.py: the queries)
    search         comments.db and a text -> the comments found (search_query.py: the language of the search box)
    export         comments.db -> the plain form, from which the same archive is built again
    pages/         comments.db -> what the pages and feeds of the site say
"""

__version__ = "0.1.0"
