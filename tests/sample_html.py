"""A small saved page of each site, written for the tests with the sites' own elements and classes."""

FORUM = """<!DOCTYPE html><html><head><title>Ada Example - LessWrong</title>
<link rel="canonical" href="https://www.lesswrong.com/users/ada"><script>var x = "<div class='comments-node'>";</script>
</head><body><h1>Ada Example</h1>
<div class="comments-node comments-node-root comments-node-odd" id="aaaaaaaaaaaaaaaaa"><div>
<div class="CommentsItem-root recent-comments-node">
<div class="CommentsItem-postTitleRow"><a class="CommentsItem-postTitle"
 href="/posts/ppppppppppppppppp/on-tests?commentId=aaaaaaaaaaaaaaaaa">On tests &amp; more</a></div>
<div class="CommentsItem-body"><div class="CommentsItemMeta-root">
<span class="CommentsItemMeta-username"><a class="UsersNameDisplay-noColor" href="/users/ada">Ada Example</a></span>
<span class="CommentsItemDate-root"><a href="/posts/ppppppppppppppppp/on-tests?commentId=aaaaaaaaaaaaaaaaa"><time
 datetime="2024-01-02T09:05:31.123Z">2y</time>*</a></span>
<span class="OverallVoteAxis-vote"><span class="OverallVoteAxis-secondaryScore"><span
 class="OverallVoteAxis-secondarySymbol">Ω</span><span class="OverallVoteAxis-secondaryScoreNumber">3</span></span>
<span class="OverallVoteAxis-voteScore">12</span></span>
<span class="AgreementVoteAxis-agreementScore"><span>-2</span></span></div>
<div class="ContentStyles-base CommentBody-root"><div class="CommentBody-commentStyling"><p>It <i>holds</i>, see
<a href="https://example.org/a?b=1&amp;c=2">here</a>.</p>
<blockquote><p>A quotation.</p></blockquote><ol start='2'><li>one<li>two... <a>(read more)</a></ol></div></div>
<div class="CommentBottom-bottom"><a>Reply</a></div></div></div></div>
<div class="comments-children">
<div class="comments-node comments-node-even" id="bbbbbbbbbbbbbbbbb"><div class="SingleLineComment-root">
<div class="SingleLineComment-commentInfo"><span class="SingleLineComment-leadingInfo">4</span>
<span class="SingleLineComment-username">Bob</span><span class="SingleLineComment-date"><time
 datetime="2024-01-03T09:05:31.000Z">2y</time></span>
<span class="SingleLineComment-truncatedHighlight">On one line.</span></div></div></div></div></div>
<footer>Help</footer></body></html>
"""
GREATERWRONG = """<!DOCTYPE html><html><head><title>Ada Example comments on On tests - GreaterWrong</title></head><body>
<h1 class="post-title">Ada Example comments on <a href="/posts/ppppppppppppppppp/on-tests">On tests</a></h1>
<div id="comments" class="comments"><ul class="comment-thread">
<li id="comment-aaaaaaaaaaaaaaaaa" class="comment-item depth-odd"><div class="comment retracted"
 data-post-id="ppppppppppppppppp"><div class="comment-meta"><a class="author" href="/users/ada"
 data-userid="u" data-full-name="Ada">ada</a> <a class="date"
 href="/posts/ppppppppppppppppp/on-tests#comment-aaaaaaaaaaaaaaaaa"
 data-js-date=1704186331000>2 Jan 2024 9:05 UTC<script>prettyDate()</script></a>
<div class="karma voting-controls"><span class="karma-value" title="3 votes">LW: 12 AF: 7</span></div>
<div class="agreement voting-controls" data-vote-axis='agreement'><span class="karma-value">−2</span></div>
<a class="permalink" href="/posts/ppppppppppppppppp/on-tests/comment/aaaaaaaaaaaaaaaaa" title="Permalink"></a>
<a class="lw2-link" href="https://www.lesswrong.com/posts/ppppppppppppppppp/on-tests?commentId=aaaaaaaaaaaaaaaaa">LW</a>
<a class="comment-parent-link" href="qqqqqqqqqqqqqqqqq" title="Parent"></a></div>
<div class="body-text comment-body"><p>It <a
 href="https://example.org/a?b=1&amp;c=2">holds</a>.</p><p>And more.</p></div></div>
<ul class="comment-thread"><li id="comment-bbbbbbbbbbbbbbbbb" class="comment-item depth-even"><div class="comment">
<div class="comment-meta"><a class="author" href="/users/bob">Bob</a> <a class="date" href="#"
 data-js-date=1704272731000>3 Jan 2024 9:05 UTC</a></div>
<div class="body-text comment-body">No paragraph.</div></div></li>
<li id="comment-ccccccccccccccccc" class="comment-item depth-even"><div class="comment deleted-comment"><div
 class="comment-meta"><span class="deleted-meta">[ ]</span></div><div class="body-text comment-body">[deleted]</div>
</div></li></ul></li></ul></div></body></html>
"""
OLD = """<html><head><title>ada_example comments on On tests - Less Wrong</title></head><body>
<div id="thingrow_t1_abc1" class="comment "><div id="pre_t1_abc1" class="parent"><a name="abc1"></a></div>
<div id="entry_t1_abc1" class="entry"><div id="collapsed_t1_abc1" class="comment-meta collapsed clear"><span
 class="comment-author"><span class="author"><a>ada_example</a></span></span></div>
<div id="display_t1_abc1" class=""><div class="comment-meta clear"><span class="comment-author"><span
 class="hide-text">Comment author:</span> <span class="author"><a href="/user/a/">ada_example</a></span></span>
<span class="comment-date" time="1325495131">02 January 2012 09:05:31AM</span> <span class="votes">5 points</span></div>
<div id="body_t1_abc1" class="comment-content "><div class="md"><p>It holds.</p></div></div></div></div>
<div class="child"><div id="thingrow_t1_abc2" class="comment"><div id="entry_t1_abc2"><div id="display_t1_abc2">
<div class="comment-meta clear"><em>Comment deleted</em> <span class="comment-date" time="1325495132">x</span></div>
<div id="body_t1_abc2" class="comment-content "></div></div></div></div></div></div></body></html>
"""
READER_POST = """<!DOCTYPE html><html><head><title>On tests</title></head><body><div id="wrapper"><div id="content">
<h1>On tests</h1> post by <a href="/users/bob">Bob (bob)</a> · 2024-01-01T00:00:00.000Z · <span><a
 href="https://www.lesswrong.com/posts/ppppppppppppppppp/on-tests">LW</a></span> · <p>The post's text.</p>
<h2 id="comments">2 comments</h2><p>Comments sorted by top scores.</p>
<div id="aaaaaaaaaaaaaaaaa" style="border: 1px"><details open><summary>comment by <a href="/users/ada"
 title="Writes tests.">Ada Example (ada)</a> ·
<a href="#aaaaaaaaaaaaaaaaa">2024-01-02T09:05:31.123Z</a> · <span>LW<a
 href="https://www.lesswrong.com/posts/ppppppppppppppppp/on-tests?commentId=aaaaaaaaaaaaaaaaa">(p)</a> · GW<a
 href="https://www.greaterwrong.com/posts/ppppppppppppppppp/on-tests/comment/aaaaaaaaaaaaaaaaa">(p)</a></span></summary>
<p>It holds.</p><p>And more.</p><span style="font-size: 14px;">Replies from: <a href="#bbbbbbbbbbbbbbbbb">bob</a></span>
<div id="bbbbbbbbbbbbbbbbb" style="border: 1px"><details open><summary><a href="#aaaaaaaaaaaaaaaaa"
 title="Go to parent comment">↑</a> comment by <a href="/users/bob">Bob (bob)</a> ·
<a href="#bbbbbbbbbbbbbbbbb">2024-01-03T09:05:31.000Z</a> · <span>LW · GW</span></summary>No paragraph.</details></div>
</details></div></div></div></body></html>
"""
READER_USER = """<!DOCTYPE html><html><head><title>ada</title></head><body><div id="wrapper"><div id="sidebar">
<a title="Official EA Forum link" href="https://forum.effectivealtruism.org/users/ada">EA</a></div><div id="content">
<h2 id="posts">Posts</h2><div style="border: 1px">
    <a href="/posts/ooooooooooooooooo/mine">Mine</a> 2024-01-01T00:00:00.000Z
</div><h2 id="comments">Comments</h2><div style="border: 1px;">
    Comment by
                <b><a href="/users/ada">Ada Example (ada)</a></b> on
                <a href="/posts/ppppppppppppppppp/on-tests">On tests &amp; more</a></b> ·
                <a href="/posts/ppppppppppppppppp/on-tests#aaaaaaaaaaaaaaaaa">2024-01-02T09:05:31.123Z</a> ·
                <a href="https://forum.effectivealtruism.org/x" title="Official EA Forum link">EA</a> ·
                <a href="https://ea.greaterwrong.com/x" title="GreaterWrong link">GW</a>    <p>It holds.</p>
</div>
<div style="border: 1px;">
    <a href="/posts/qqqqqqqqqqqqqqqqq/gone#bbbbbbbbbbbbbbbbb">Comment</a> by <b>ada</b> on [deleted post]</b>
    2024-01-03T00:00:00.000Z
    <p>A second.</p>
</div>
</div></div></body></html>
"""
