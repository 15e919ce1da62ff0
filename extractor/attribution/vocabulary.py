"""Closed word classes that tell an attribution from its content."""

STOPS = frozenset(".!?…")
JOINERS = frozenset("and but while as though although whereas yet so because".split())
TIME = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday today yesterday tonight "
    "tomorrow january february march april may june july august september october "
    "november december week month year morning afternoon evening night ago last late "
    "early earlier later afterwards afterward this next day days weeks months years "
    "hours".split()
)
DAYTIMES = frozenset("morning afternoon evening night".split())
PLACE = frozenset(
    "in on at during after before from via through by with for to when as of about "
    "over following outside inside near".split()
)
OBJECTS = frozenset("him her them me us you reporters everyone people it".split())
SUBJECTS = frozenset("he she they it we i you there this these".split())
NOTHING = frozenset(
    "nothing little anything goodbye so no about sorry back hello".split()
)
CHAIN = frozenset(
    "has have had is are was were be been being will would can could may might must "
    "shall should do does did 's 'd 'll 've to also then later now again still first "
    "recently previously repeatedly reportedly once only just even always often never "
    "further ever since long subsequently soon not n't himself herself themselves "
    "going hasn't haven't hadn't isn't wasn't won't wouldn't both all simply "
    "don't didn't doesn't would't couldn't can't too instead today yesterday "
    "monday tuesday wednesday thursday friday saturday sunday".split()
)
FRONTING = frozenset(
    "after when while if as although though because since before once whereas "
    "despite in by asked".split()
)
PHRASE = 9
"""Words that a phrase between a cue and the end of its clause may have."""
FRONTING_PHRASES = frozenset("in by despite".split())
"""Those of them before a noun, where the clause that follows is the main one."""
COMMENTS = frozenset(
    "view claim charge accusation allegation assertion argument remark comment "
    "statement position sentiment suggestion verdict reference swipe warning "
    "call demand plea request point theory idea notion concern fear "
    "belief figure number estimate".split()
)
"""What the paper calls what was said: `said he had won, a claim that ...`."""
TRAILING = frozenset("during after before when while following since".split())
ASIDES = frozenset("however though meanwhile too instead therefore".split())
BE = frozenset("is are was were be been being".split())


DETERMINERS = frozenset(
    "the a an his her their its those these many some several most two three four five "
    "one another our both half".split()
)
NEVER_INVERTED = frozenset(
    "tell inform remind assure reassure notify brief convince persuade call describe "
    "deny ask promise blame accuse criticize criticise dismiss reject "
    "characterize characterise label".split()
)
APPOSITION = frozenset(
    "a an the who whose which his her their former one another head director chief "
    "president founder leader co-founder professor senior chairman spokesman".split()
)
SAYING = frozenset("saying telling writing warning stating claiming".split())
POSTS = APPOSITION | frozenset(
    "of from at for ceo editor co-author author executive deputy vice".split()
)
FINITE = BE | frozenset("had has have did does will would could may might".split())
PAST = frozenset(
    "went came took made gave got saw knew found left kept held began ran fell rose "
    "brought bought built sent spent lost won met led put set cut let meant felt "
    "thought told said wrote spoke chose drove broke stood sat grew drew flew threw "
    "wore ate drank sold paid read heard hit hurt cost shut understood became "
    "forgot".split()
)
NAMED = frozenset("named identified quoted".split())
POINTING = frozenset("that this these those".split())
GIVING = frozenset("promise pledge offer guarantee".split())
"""In the passive their subject is who is to have what it names."""
DENIALS = frozenset("deny reject dismiss dispute refute contest rebut".split())
HEARERS = frozenset(
    "court jury jurors inquest inquiry tribunal hearing magistrates".split()
)
