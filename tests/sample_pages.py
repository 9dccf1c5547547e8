"""A small page of each family as text, written for the tests in the words of the sites' own layouts."""

READER_USER = """Home · About · User list · Feed
Posts
On tests 2020-01-01T00:00:00.000Z
Comments
Comment by Ada Example (ada) on On tests · 2020-01-02T09:05:31.123Z · LW · GW
It holds.

And more.
Comment by
Ada Example (ada) on
Some other post
·
2020-01-03T10:00:00.000Z
·
LW
·
GW
Another.
Comment by ada on [deleted post] 2020-01-04T10:00:00Z
A third.
"""
READER_POST = """Home · About · User list
On tests
post by Bob (bob) · 2020-01-01T00:00:00.000Z · LW · GW · 3 comments
The post's text.
3 comments
Comments sorted by top scores.
comment by Ada Example (ada) · 2020-01-02T09:05:31.123Z · LW(p) · GW(p)
First.
Replies from: bob, cleo
↑ comment by Bob (bob) · 2020-01-02T10:00:00.000Z · LW(p) · GW(p)
Second.
Replies from: ada
↑ comment by Ada Example (ada) · 2020-01-02T11:00:00.000Z · LW(p) · GW(p)
Third.
↑ comment by cleo · 2020-01-02T12:00:00.000Z · LW(p) · GW(p)
Fourth.
comment by [deleted] · 2020-01-05T12:00:00.000Z · LW(p) · GW(p)
Fifth.
"""
GREATERWRONG_USER = """Ada Example
Karma: 1,234
All Posts Comments
On tests
Ada Example 1 Jan 2020 0:00 UTC
45 points
3 comments
5 min read LW link
Ada Example 2 Jan 2020 9:05 UTC
−5 points
AF
LW link
in reply to: Bob’s comment on: Some other post
It holds.

And more.
On more tests
Ada Example
4 Jan 2020 0:00 UTC
1 point
1 comment LW link
Ada Example 3 Jan 2020 9:05 UTC LW: 12 AF: 7 on: Some other post
Another.
Ada Example 4 Jan 2020 9:05 UTC
2 points
in reply to:
Bob
’s
comment
on:
Some other post
A third.
"""
GREATERWRONG_PERMALINK = """Ada Example comments on On tests
Ada Example
2 Jan 2020 9:05 UTC
5 points
3
First.
Bob 3 Jan 2020 10:00 UTC 1 point Parent
Second.
[deleted] 3 Jan 2020 11:00 UTC 0 points Parent
Third.
"""
OLD_PERMALINK = """ada_example comments on On tests - Less Wrong
You are viewing a comment permalink. View the original post to see all comments and the full post content.
Comment author: ada_example 02 January 2012 09:05:31AM * 5 points [-]
First.
Parent Reply Permalink
Comment author:
Bob
03 January 2012 11:00:00PM
-1 points
[-]
Second.
Reply Permalink
"""
OLD_USER = """In response to On tests
Comment author: ada_example 02 January 2012 09:05:31AM 5 points [-]
First.
Permalink
In response to comment by Bob on On other tests
Comment author: ada_example 01 January 2012 09:05:31AM 1 point [-]
Second.
Permalink
"""
EA_PROFILE = """A
Ada Example
76 karmaJoined Mar 2020
Bio
Writes tests.
Posts
2
On tests
Comments
12
Some post
A
Ada Example
2y
7
0
First.

And more.
Another post
Ada Example
3y
Second.
Load More
"""
PROFILE_2026 = """Ada Example
Top postsTop post
On tests
45
Jan 1, 2026
All
Posts
Comments
Quick takes
⚙
On other tests
[-]
Ada Example
3mo
7
-2
First ... (read more)
2Bob1mo
A reply.
On more tests
Ada Example
1y*
Ω3
12
0
Second.
Ada Example
Subscribe
Message
Writes tests.
"""
POST_PAGE = """Ada Example's Shortform
by Ada Example
Sorted by Click to highlight new quick takes since: Today at 7:45 PM
[-]
Ada Example
2y
7
First.
Reply
[-]
Bob
now
1
0
Second.
Reply
"""
PERMALINK = """On tests
Comment Permalink
Ada Example
2y
7
First.
1Bob1y
A reply.
See in context
The post's text.
3 comments, sorted by
Click to highlight new comments since: Today at 7:45 PM
Cleo
1y
3
Elsewhere.
"""
TITLED = """Ada Example comments on On tests
It holds.
And more.
It holds.
And more.
Second, without a head.
"""
