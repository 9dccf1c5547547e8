"""Taking words down: what was removed stays removed in every later build, and nothing that is published holds it.

lists          removals.yml: salted hashes of what was removed
requests       comments.db and a person's request -> the entry that goes into the list
matching       a list and a database that is being built -> the comments, authors and documents that it names
finding        where words, names and passages stand in a text; marks in their place, and what that moves
striking       the rows of a database that is being built, without what was removed
texts          the same for its texts: whatever any table says of it
pseudonyms     the other use of the same means: a pseudonym in the place of every name
hiding         corrections.yml without the words of what was removed
proof          a search through the bytes of all that is published
"""
