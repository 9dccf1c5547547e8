"""How people open and go on with a comment, as data: the words that the evidence of the language looks for.

General knowledge of English discussions, not taken from any page. A block's opening belongs to the first group that
has one of its phrases; case does not matter and an apostrophe is "'".
"""

from __future__ import annotations

_GROUPS = {
    "thanks": """
        thanks; thank you; thx; ty; much appreciated; appreciate; cheers; congrats; congratulations
    """,
    "assent": """
        yes; yeah; yep; yup; agreed; agree; i agree; i also agree; i mostly agree; i basically agree; strongly
        agree; i strongly agree; seconded; sure; right; exactly; correct; true; indeed; fair; fair enough; good
        point; good points; great point; makes sense; that makes sense; this makes sense; you're right; you are
        right; that's right; that's true; that's fair; good catch; nice catch; fixed; done; ok; okay; seems right;
        sounds good; sounds right; totally; definitely; absolutely; of course; same; ditto; i like; love; i love;
        endorsed; upvoted
    """,
    "dissent": """
        no; nope; i disagree; i strongly disagree; disagree; i don't agree; i don't think; i doubt; not really; not
        sure; i'm not sure; i'm skeptical; that's not; that isn't; this isn't; this is not; this is wrong; wrong;
        false; i'm confused; i don't understand; i don't see; i think you; you seem; you're; you are; citation
        needed; i object; i would object; to be fair
    """,
    "reaction": """
        oh; ah; aha; hm; hmm; hmmm; huh; wow; whoa; lol; haha; heh; oops; whoops; sorry; my bad; interesting; very
        interesting; fascinating; great; nice; cool; excellent; awesome; amazing; neat; good; hi; hey; hello;
        welcome; well; ugh; yikes; please; typo; nit; nitpick; re; fyi; fwiw; imo; imho; iirc; afaict; afaik; tbc;
        relevant; related; see also; possibly relevant; somewhat relevant; a few thoughts; some thoughts; quick
        thoughts; my guess; i suspect; i'm curious; curious; i wonder; i found; i really; i enjoyed; i appreciate;
        i'm glad; glad; i hadn't; i was; i've been
    """,
    "about this": """
        this post; this is; this was; this seems; this feels; this looks; this sounds; this reminds; this comment;
        great post; good post; nice post; your post; that's; that is; that seems; that sounds; that was; it sounds
        like; sounds like; it seems like you; seems like; looks like; in your; your; you say; you mention; as you;
        if you; you can; you could; you might; you should; you'd; you; i read
    """,
    "question": """
        what; why; how; who; where; when; which; is there; is this; is that; is it; are you; are there; do you; does
        this; does that; does; did you; have you; can you; could you; would you; would it; should; isn't; aren't;
        doesn't; don't you; wouldn't; any; anyone; has anyone; could this
    """,
    "contrast": """
        however; but; that said; nonetheless; nevertheless; still; yet; although; though; on the other hand; in
        contrast; by contrast; instead; rather; conversely; unfortunately; even so; even if; having said that
    """,
    "addition": """
        also; and; additionally; moreover; furthermore; in addition; besides; another; similarly; likewise;
        separately; relatedly; more generally; more broadly; more specifically; in particular; specifically; plus;
        again; as well; other; others; some other; one more; further; meanwhile; incidentally; as an aside; note
        that; note; importantly; notably; crucially; in fact; actually
    """,
    "order": """
        first; firstly; second; secondly; third; thirdly; fourth; fifth; finally; lastly; last; next; then; one;
        two; the first; the second; the third; the other; step; part; now; after; before; later; eventually;
        afterwards; to start; to begin; on the one hand; to clarify; to be clear
    """,
    "consequence": """
        so; thus; therefore; hence; as a result; consequently; accordingly; in other words; i.e; which; because;
        since; for this reason; this means; this implies; overall; in short; in sum; in summary; to summarize; to
        sum up; tl dr; tldr; in conclusion; basically; essentially
    """,
    "example": """
        for example; for instance; e.g; eg; say; suppose; imagine; consider; as an example; take; like; an example;
        one example; here's; here is; here are; such as; compare
    """,
    "afterthought": """
        edit; eta; update; added; addendum; p.s; ps; nb; n.b; aside; disclaimer; caveat; footnote; epistemic status;
        anyway; anyways; in any case; either way; regardless; hope; let me know
    """,
    "reference back": """
        it; he; she; they; these; those; such; his; her; their; its; this; that; both; neither; each; there; here;
        we
    """,
}
OPENING_GROUPS: dict[str, tuple[str, ...]] = {
    group: tuple(" ".join(phrase.split()) for phrase in phrases.split(";")) for group, phrases in _GROUPS.items()
}

SECOND_PERSON = frozenset("you your yours yourself you're you've you'd you'll".split())
FIRST_PERSON = frozenset("i me my mine myself i'm i've i'd i'll".split())
REFERENCES = frozenset("he she they it this that these those them his her its their such".split())
