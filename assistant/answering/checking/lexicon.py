"""Words by which statements differ in meaning though they share most words. Tables only.

They are of English, not of the field: what one language says for "not", "must" and "more".
"""

NEGATORS = frozenset(
    "not no never without nor neither cannot none nobody nothing nowhere hardly rarely seldom"
    " n't".split()
)
NEGATIVE_VERBS = frozenset(
    "avoid avoids avoided avoiding lack lacks lacked lacking fail fails failed failing refuse"
    " refuses refused prevent prevents stop stops stopped omit omits omitted skip skips skipped"
    " miss misses missing missed absent absence refrain unless resist rather instead except exclude"
    " excludes excluded excluding ignore ignores ignored neglect against unlike leaves"
    " left leave apart free out wrong hard difficult cease ceases rare refusing few little less"
    " impossible unable zero mistake beyond besides".split()
)
"""Verbs and the like that deny without a "not": they excuse one that the other text has."""

MORE_THAN = ("not only", "not just", "not merely", "not simply")
AS_WELL = (*MORE_THAN, "also", "as well", "besides", "more than", "beyond", "rather than", "alone")
NO_NEGATION = (*MORE_THAN, "no more than", "no less than", "no fewer than", "not more than",
               "not less than", "no longer than", "whether or not", "no matter",
               "not least", "not to mention", "no doubt")  # fmt: skip

MUST = frozenset(
    "must required requires require requiring essential mandatory"
    " compulsory obligatory obliged necessary need_to has_to have_to had_to vital crucial"
    " indispensable".split()
)
SHOULD = frozenset(
    "should ought recommend recommends recommended recommending recommendation advise advises"
    " advised advice best suggest suggests suggested encouraged urges urged worth sensible wise"
    " expected".split()
)
MAY = frozenset(
    "may might could possibly perhaps optional optionally possible potentially maybe option"
    " options permitted allowed".split()
)
NEED_NOT = ("need not", "need n't", "not have_to", "n't have_to", "not need_to", "n't need_to")
HEDGES = frozenset("may might could possibly perhaps potentially maybe".split())
HEDGED = MAY | frozenset("likely unlikely likelier chance chances risk sometimes prone".split())
"""Words that leave open whether something is so, and all that may stand for them."""
CAN = frozenset("can able".split())

TOTALS = (
    # what says that nothing is left out, and what in a passage allows one to say it
    (frozenset("always invariably forever".split()),
     frozenset("always invariably forever every each".split())),
    (frozenset("never".split()), NEGATORS),
    (frozenset("all every everyone everybody everything each entirely completely fully".split()),
     frozenset("all every everyone everybody everything each entirely completely fully whole any"
               " entire both always".split())),
    (frozenset("only solely exclusively".split()),
     frozenset("only solely exclusively alone just nothing no none not nobody single".split())),
    (frozenset("certainly guarantee guarantees guaranteed ensures ensure".split()),
     frozenset("certainly certain guarantee guarantees guaranteed ensures ensure sure".split())),
    (frozenset("prove proves proved proven".split()),
     frozenset("prove proves proved proven proof".split())),
)  # fmt: skip
WHOLE = frozenset(word for said, allowed in TOTALS[:4] for word in said | allowed) - {"not", "just"}
"""All words that leave nothing out."""
MOST = frozenset(
    "most mostly usually generally often commonly typically many majority frequently largely"
    " mainly normally much".split()
)
SOME = frozenset(
    "some sometimes few several occasionally part partly partial certain rarely seldom minority"
    " little fewer limited".split()
)

_OPPOSITES = """
more/less more/fewer most/least increase/decrease increase/reduce raise/lower rise/fall grow/shrink
higher/lower high/low highest/lowest above/below better/worse best/worst improve/worsen
earlier/later early/late before/after first/last larger/smaller large/small big/small longer/shorter
long/short stronger/weaker strong/weak strengthen/weaken faster/slower fast/slow quick/slow
minimum/maximum positive/negative easier/harder easy/hard easy/difficult simple/complex
inside/outside internal/external
begin/end start/stop start/finish open/close keep/change keep/drop keep/remove keep/abandon
maintain/abandon maintain/change add/remove add/drop include/exclude success/failure
succeed/fail accept/reject allow/forbid allow/prevent allow/prohibit support/undermine
support/oppose help/hinder help/harm facilitate/hinder enable/prevent facilitator/barrier
public/private formal/informal local/national central/local narrow/broad narrow/wide
flexible/rigid fixed/flexible voluntary/mandatory voluntary/compulsory optional/mandatory
optional/essential required/optional temporary/permanent known/unknown clear/unclear
sufficient/insufficient enough/insufficient effective/ineffective likely/unlikely
planned/unplanned agree/disagree expensive/cheap many/few together/separately
separate/joint individual/collective shared/separate same/different similar/different
top-down/bottom-up up/down always/never usually/rarely often/rarely often/seldom
everyone/nobody all/none everything/nothing
visible/hidden explicit/implicit active/passive internal/external upper/lower rich/poor
urban/rural new/existing new/old
old/young younger/older primary/secondary direct/indirect quantitative/qualitative
experienced/inexperienced trained/untrained willing/reluctant confident/uncertain
retain/discard tighten/loosen expand/narrow expand/shrink widen/narrow centralised/decentralised
advantage/disadvantage benefit/harm reward/punish praise/blame safe/unsafe safe/risky
proactive/reactive before/during during/after proven/unproven
vertical/horizontal
apart/together separately/jointly elementary/secondary fear/welcome feared/welcomed near/far
dismiss/value trust/distrust motivate/discourage encourage/discourage rising/falling
stay/leave continue/stop continue/end pause/continue delay/hasten slow/speed
majority/minority rarely/frequently permanent/provisional
"""
DIRECTIONS = (
    (frozenset("more higher highest increase increases increased increasing larger largest greater"
               " bigger rise rises rising grow grows growing rose extra gain gains up most maximum"
               " above exceed exceeds strengthen strengthens expand widens widen".split()),
     frozenset("less fewer lower lowest decrease decreases decreased decreasing smaller smallest"
               " fall falls falling fell shrink shrinks narrow narrows narrower reduce reduces"
               " reduced least minimum below weaken weakens cheaper drop drops".split())),
    (frozenset("earlier before early first beforehand previous previously older former ahead"
               .split()),
     frozenset("later after late last afterwards subsequent subsequently newer latter following"
               .split())),
    (frozenset("better best easier strong stronger positive improve improves improved help helps"
               " helped benefit well welcome faster quicker quick".split()),
     frozenset("worse worst harder weak weaker negative worsen worsens worsened hinder hinders harm"
               " harms badly slower slow difficult".split())),
)  # fmt: skip
"""Words that point one way, and those that point the other."""
OF_DEGREE = frozenset(
    "more less fewer most least increase decrease increases decreases increased decreased"
    " increasing decreasing higher lower highest lowest above below better worse best worst"
    " earlier later"
    " before after larger smaller largest smallest longer shorter stronger weaker faster slower"
    " minimum maximum positive negative rising falling rises falls easier harder majority minority"
    " first last".split()
)
"""Words of comparison: their contraries differ wherever they stand."""
OPPOSITES: dict[str, frozenset[str]] = {}
"""What is the contrary of a word, by the word."""
for _pair in _OPPOSITES.split():
    _one, _other = _pair.split("/")
    OPPOSITES[_one] = OPPOSITES.get(_one, frozenset()) | {_other}
    OPPOSITES[_other] = OPPOSITES.get(_other, frozenset()) | {_one}

CAUSES = (
    "cause", "causes", "caused", "lead to", "leads to", "led to", "leading to", "produce",
    "produces", "produced", "result in", "results in", "resulted in", "bring about", "brings about",
    "brought about", "erode", "erodes", "drives",
)  # fmt: skip
GIVES_REASONS = (
    *CAUSES, "because", "therefore", "thanks to", "due to", "owing to", "so", "since", "as",
    "means", "make", "makes", "made", "effect", "effects", "reason", "why", "raise", "raises",
    "improve", "improves", "through", "by", "depends", "lets", "let", "help", "helps", "helped",
    "for", "if", "followed", "follows",
)  # fmt: skip
CONDITIONS = (
    "if", "when", "unless", "provided", "once", "where", "whenever", "until", "as long as",
    "in case", "depending", "only after", "on condition", "after", "without", "for teams", "before",
)  # fmt: skip
MAY_STAND_FOR_CONDITIONS = (
    *CONDITIONS, "with", "by", "because", "since", "who", "that", "which", "whether", "in", "while",
    "given", "under", "during", "as", "should you", "for",
)  # fmt: skip
DROPS_A_CONDITION = ("even if", "even when", "regardless", "whether or not", "in any case")
PUTS_A_CONDITION = (
    "provided",
    "unless",
    "only if",
    "as long as",
    "on condition",
    "if all",
    "only when",
)

PEOPLE = tuple(
    frozenset(group.split())
    for group in (
        "pupil pupils student students learner learners child children",
        "patient patients client clients",
        "teacher teachers",
        "nurse nurses midwife midwives",
        "doctor doctors clinician clinicians physician physicians gp gps",
        "parent parents family families carer carers caregiver caregivers",
        "adult adults",
        "boy boys",
        "girl girls",
        "man men",
        "woman women",
        "coach coaches",
        "evaluator evaluators researcher researchers",
        "volunteer volunteers",
        "governor governors trustee trustees",
        "headteacher headteachers head heads principal principals",
        "leader leaders manager managers",
        "policymaker policymakers politician politicians minister ministers",
        "funder funders commissioner commissioners",
        "developer developers purveyor purveyors",
        "trainer trainers",
        "supervisor supervisors",
        "champion champions",
        "school schools classroom classrooms class classes",
        "hospital hospitals ward wards",
        "clinic clinics practice practices surgery surgeries",
        "charity charities",
        "university universities college colleges",
        "district districts region regions",
        "prison prisons",
    )
)
"""Groups of people and places: the words of one mean nearly the same, those of two do not."""
