"""How courtesy is put in English: a grammar of phrases, in lower case, with one space between words."""

from __future__ import annotations

import re

from tickets.rules.courtesy.grammar import Grammar, Part, any_of

_ALPHABET = "abcdefghijklmnopqrstuvwxyz"


def _misspelt(word: str, but_not: str) -> str:
    """The word with one letter left out, doubled, or swapped with its neighbour; without those that mean something."""
    places = range(len(word))
    dropped = {word[:i] + word[i + 1 :] for i in places if i}
    doubled = {word[:i] + word[i] + word[i:] for i in places}
    swapped = {word[:i] + word[i + 1] + word[i] + word[i + 2 :] for i in places[:-1]}
    return "|".join({word} | (dropped | doubled | swapped) - set(but_not.split("|")))


FIRST_NAMES = any_of(
    "aaron|adam|adrian|ahmed|aisha|alan|albert|alex|alexander|alexandra|alice|alina|amanda|amelia|amit|amy|"
    "ana|"
    "andrea|andreas|andrew|andy|angela|ann|anna|anne|anthony|anton|antonio|arthur|ashley|ben|benjamin|bob|"
    "brian|"
    "carl|carlos|carol|caroline|catherine|charles|charlie|charlotte|chris|christian|christina|christine|"
    "claire|"
    "clara|daniel|daniela|david|deborah|denis|diana|diego|dmitri|dylan|edward|elena|eleanor|elisabeth|"
    "elizabeth|"
    "ella|emily|emma|eric|erik|eva|fatima|felix|fiona|francesca|francis|gabriel|gary|george|hannah|harry|"
    "heather|helen|henry|ian|igor|ingrid|irina|isabel|isabella|ivan|jacob|jake|james|jamie|jan|jane|janet|"
    "jason|"
    "jennifer|jenny|jessica|jim|joan|joe|johan|john|jonas|jonathan|jordan|jose|joseph|joshua|juan|julia|"
    "julian|"
    "julie|karen|karl|kate|katherine|kathy|katie|keith|kelly|kevin|kim|laura|lauren|leon|leo|lena|lily|linda|"
    "lisa|louis|louise|lucas|lucy|luis|luke|marco|maria|marie|mario|marina|martha|martin|mary|matt|matthew|"
    "max|"
    "megan|melissa|mia|michael|michelle|miguel|mike|mohammed|monica|nadia|nancy|natalie|natasha|nicolas|"
    "nicole|"
    "nina|noah|nora|oliver|olivia|olga|oscar|pamela|patricia|patrick|paul|paula|pedro|peter|philip|priya|"
    "rachel|"
    "rahul|raj|rebecca|richard|robert|roger|rosa|ryan|sam|samantha|samuel|sandra|sara|sarah|sean|sergei|"
    "simon|"
    "sofia|sonia|sophia|sophie|stefan|stephanie|stephen|steve|steven|susan|tanya|teresa|thomas|tim|tina|"
    "tom|tony|"
    "valentina|vanessa|vera|victoria|vincent|vladimir|walter|wei|wendy|william|xiao|yan|yuki|zoe"
)

_KIND_WORD = any_of(
    "quick|fast|swift|prompt|speedy|rapid|timely|kind|great|excellent|wonderful|amazing|awesome|fantastic|"
    "brilliant|"
    "lovely|outstanding|superb|patient|professional|clear|detailed|helpful|useful|good|warm|nice|friendly|"
    "thorough|"
    "efficient|generous|valuable|continued|constant|hard|very|super|really|so|extremely|truly|incredibly|"
    "such a|such"
)
_NOUN = any_of(
    "help|assistance|support|reply|replies|response|responses|answer|answers|service|customer service|time|"
    "effort|"
    "efforts|patience|understanding|explanation|explanations|information|info|update|updates|clarification|"
    "confirmation|advice|message|messages|email|emails|e-mail|mail|letter|call|attention|cooperation|"
    "kindness|work|"
    "care|guidance|feedback|solution|concern|follow-up|follow up|reminder|tip|tips|heads-up|heads up"
)
_THING = (
    rf"(?:(?:all of your|all your|all the|all|your|the|this|"
    rf"that) )?(?:{_KIND_WORD},? (?:and )?){{0,4}}{_NOUN}"
)
_THINGS = rf"{_THING}(?:(?:,| and|, and| &) {_THING}){{0,3}}"
_MATTER = (
    "(?:it|this|that|everything|things|me|us|(?:my|this|the|our) (?:issue|problem|question|request|matter|"
    "query))"
)
_DOING = any_of(
    "helping|assisting|supporting|explaining|clarifying|confirming|replying|responding|answering|"
    "getting back to|"
    "getting in touch with|reaching out to|contacting|writing to|sorting|sorting out|fixing|solving|"
    "resolving|"
    "looking into|taking care of|handling|checking|clearing up|clearing|working on|letting|informing|updating"
)
_MANNER = any_of(
    "quickly|promptly|fast|soon|swiftly|patiently|clearly|kindly|efficiently|well|right away|immediately|"
    "today|"
    "so|very|out|up|know|with it|with this|with that|with my issue|with my problem|with my question|"
    "with my request|with everything|"
    "in detail|on this|in this matter|yesterday|this morning"
)
_DEED = rf"{_DOING}(?: {_MATTER})?(?: {_MANNER}){{0,3}}"
_BEING = rf"(?:being|having been) (?:{_KIND_WORD}(?:,| and)? ?){{1,4}}"
_FOR = (
    rf"for (?:{_BEING}|(?:your|the) {_NOUN} and {_DEED}|{_DEED}|{_THINGS}|taking the time"
    rf"|all (?:that )?you(?:'ve| have)? (?:do|did|done)|everything|it|that|this|all)"
)

_CROWD = (
    r"(?:the |your )?(?:whole |entire |great |amazing |lovely )?(?:customer |client |technical |tech )?"
    r"(?:support |service |care |success )?(?:team|staff|helpdesk)"
)
ADDRESSEE = (
    rf"(?:(?:dear|my dear) )?(?:{_CROWD}|customer (?:service|support|care)|support|"
    r"sirs?(?:(?: ?/ ?| or | and )(?:madam|ma'am))?|madam|ma'am|miss|you all|you guys|you both|"
    r"you(?! (?:have|are|were|all|guys|both)\b)|guys|all|"
    r"all of you|everyone|everybody|folks|mate|friend|my friend|buddy|pal|man|bro|dude|dear|there|"
    rf"(?:(?:mr|mrs|ms|miss)\.? )?{FIRST_NAMES})"
)
_PERSON = (
    rf"(?:team|guys|sirs?|madam|ma'am|you|everyone|everybody|folks|mate|buddy|bro|dude|dear|there|"
    rf"{FIRST_NAMES})"
)

_MANY = any_of(
    "many|many many|so many|much|big|a big|huge|a huge|massive|million|a million|a thousand|a lot of|lots of|"
    "loads of|heaps of|tons of|sincere|my sincere|my sincerest|heartfelt|again|once again|really|truly|"
    "special|"
    "warm|with|with many|and|very"
)
_THANKS = any_of(
    _misspelt("thanks", "tanks|thank|shanks|hanks")
    + "|thanx|thankx|thx|thnx|thks|thkx|tks|tnx|tx|ty|3q|3ks|tyvm|tysm|tq|tqvm|ta|cheers|merci|gracias|"
    "danke|arigato|xiexie|xie xie|much obliged"
)
_THANK_YOU = (
    rf"(?:{any_of(_misspelt('thank', 'than|tank|hank|hanks|thanks') + '|thanks')}[ -]?"
    rf"(?:you|u|yu|ya|yo|yuo|youu|yoou|yiu)|thank)"
)
_SO_MUCH = any_of(
    "so much|so so much|very much|so very much|a lot|alot|lots|a million|a bunch|a ton|tons|loads|heaps|"
    "again|"
    "once again|once more|kindly|indeed|sincerely|too|anyway|mucho|guys"
)
_SAYING = r"(?:(?:i|we)(?:'d| would)? ?(?:just )?(?:like|want|wanted) to (?:say |thank )?|just |i |we |big )"
_THANK_PHRASE = (
    rf"{_SAYING}?(?:{_MANY} ){{0,3}}(?:{_THANKS}|{_THANK_YOU})(?:,? (?:{_SO_MUCH}|(?:to )?{ADDRESSEE}|"
    rf"{_FOR})){{0,5}}"
)
_APPRECIATE = (
    r"(?:(?:i|we) )?(?:(?:really|truly|very much|greatly|so|do|sincerely|highly) ){0,2}"
    rf"appreciate (?:it|that|this|you|all|everything|{_THINGS}|you {_DEED})(?: (?:so much|very much|a lot))?"
    r"|(?:(?:it is|it's|that's|this is) )?(?:(?:much|very|very much|greatly|really|highly|so) )?appreciated"
    rf"|(?:i'm|im|i am|we are|we're) (?:(?:so|very|really|truly|most|extremely) ){{0,2}}(?:grateful|"
    rf"thankful)(?: {_FOR})?"
)
_PLEASED = any_of(
    "great|excellent|perfect|awesome|wonderful|amazing|fantastic|brilliant|lovely|super|superb|nice|cool|"
    "good|"
    "helpful|useful|kind|patient|professional|impressive|neat|sweet|top|outstanding|splendid"
)
_BE_GOOD = (
    r"(?:you|you guys|you all|the team|your team|it|that|this)(?:'re| are|'s| is| were| was|'ve been|"
    r" have been| has been)"
    rf" (?:(?:all|really|very|so|such|a|an|the|great|big|super|truly) ){{0,3}}"
    rf"(?:{_PLEASED}|quick|fast|big help|huge help|best|star|stars|lifesaver|life saver|legend|legends|"
    rf"hero|heroes|angel|help|great help)"
)
_PRAISE = (
    rf"(?:(?:very|really|so|super|most|just|what a|such a|that's|this is) )?(?:{_PLEASED}|(?:quick|"
    rf"fast)(?= (?:service|support|help|response|reply)))"
    r"(?: (?:service|customer service|support|customer support|help|job|work|team|news|stuff|one|"
    r"experience|response|reply))?"
    rf"|{_BE_GOOD}|you(?:'ve| have) (?:really |truly )?helped(?: me)?(?: (?:a lot|so much|out|very much))*|"
    rf"well done|keep it up|keep up the (?:good|great) work|happy (?:customer|now)|i'?m (?:very )?happy"
)

_GOT_IT = any_of(
    "ok|okay|okey|oke|okie|oki|okie dokie|okey dokey|okk|kk|k|alright|alrighty|all right|got it|i got it|"
    "gotcha|noted|well noted|duly noted|noted with|understood|i understand|i understand now|"
    "i understand it now|"
    "i see|i see now|will do|roger|roger that|copy that|received|received with|well received|sounds good|"
    "makes sense|fair enough|no problem|no problem at all|no worries|good to know"
)
_RECEIVED = "(?:i )?(?:have )?(?:got|received) your (?:e-?mail|message|reply|answer|response)"
_DONE = "(?: (?:now|again|already|today|perfectly|fine|well|just fine))*"
_IT = (
    "(?:it|that|this|everything|all|the app|my account|the account|my (?:issue|problem)|the (?:issue|"
    "problem)|(?:issue|problem))"
)
_SUM = "(?:money|funds|refund|payment)"
_MONEY = rf"(?:it|(?:(?:the|my) )?{_SUM})"
_SETTLED = (
    rf"(?:{_IT}(?:'s| is| has been| was|'s been) )?(?:all )?"
    rf"(?:good|fine|working|solved|sorted|sorted out|resolved|fixed|settled|ok|okay){_DONE}"
    rf"|(?:{_IT} )?(?:all )?(?:works|worked){_DONE}|(?:my |the )?(?:issue|problem) (?:solved|sorted|"
    rf"resolved|fixed|settled){_DONE}"
    rf"|(?:(?:i|i've|i have|we have) )?(?:(?:just|now|finally|already) )?(?:received|got) (?:it|(?:the|"
    rf"my) {_SUM}){_DONE}"
    rf"|{_MONEY} (?:(?:has|have|is|was|been|just|now|finally|already|safely) )*(?:received|arrived|came|"
    rf"here){_DONE}"
    r"|i(?:'m| am) (?:all )?(?:set|good|sorted|fine)(?: now)?|all (?:set|good|sorted|clear|fine|ok)(?: now)?"
    r"|i can (?:log|sign) ?in(?: now| again)*"
    r"|that (?:really )?(?:helps|helped|did it|did the trick|worked|solved it|fixed it|"
    r"answers my question)(?: a lot)?"
    r"|that(?:'s| is| was)? (?:all|it|everything|all i (?:need|needed|wanted)(?: to know)?)(?: for now)?|"
    r"nothing else"
    r"|no (?:further|more|other) questions(?: from me)?"
    r"|i(?:'ll| will) (?:try|do|give)(?: (?:it|that|this|so))?(?: (?:a try|a go|now|later|today|tomorrow|"
    r"again))*"
    r"|let me try(?: it| that| this)?"
)
_SORRY = (
    r"(?:i'm |i am |so |very )*sorry(?: (?:for|about) (?:the|any|all the|my) (?:trouble|inconvenience|"
    r"confusion|"
    r"late reply|delay|bother|misunderstanding)| to (?:have )?bother(?:ed)?(?: you)?)?|my (?:bad|mistake|"
    r"apologies)"
)

_DAY = any_of(
    "day|night|evening|weekend|week|morning|afternoon|time|one|holiday|new year|rest of the day|"
    "rest of your day|rest of the week"
)
_WISH = (
    rf"(?:please )?(?:have|enjoy) (?:a |an |the |"
    rf"your )?(?:{_KIND_WORD} )*(?:{_PLEASED} )?(?:{_DAY})(?: ahead| too)?"
    rf"|(?:(?:i |we )?wish(?:ing)? )?(?:you |you all |your team |and your team )*(?:a |an )?(?:very )?"
    rf"(?:(?:happy|great|nice|lovely|wonderful) {_DAY}|good (?:night|weekend|one|time)|(?:happy|"
    rf"merry) (?:christmas|holidays|spring festival|(?:chinese |lunar )?new year))(?: ahead)?"
    r"|(?:(?:i |we )?wish(?:ing)? )?(?:you |you all |and your team )*all the best|take care|stay safe|"
    r"stay well"
    r"|(?:good ?)?bye(?: ?bye)?|bb|good ?night|(?:see|talk to|speak to) (?:you|ya)(?: (?:soon|around|"
    r"later))?|cya|ciao|farewell|so long|until next time|god bless(?: you)?|same to you|you too|likewise|"
    r"namaste"
)
_CLOSING = (
    r"(?:with )?(?:my |our )?(?:best|kind|kindest|warm|warmest|friendly|many) (?:regards|wishes|greetings)"
    r"|(?:with )?(?:best|regards|rgds|kr|br|sincerely|respectfully|cordially|warmly)|"
    r"(?:yours )(?:sincerely|faithfully|truly|\w+ly)"
)
_GREETING = (
    rf"(?:hi|hello|hey|howdy|dear|good (?:morning|afternoon|evening|day)|greetings)(?:,? {ADDRESSEE}){{0,2}}"
)
_FILLER = r"and|&|oh|ah|yay|phew|hehe|well|then|(?:from|to) (?:me|us|you)|" + _PERSON
_FACE = r"[:;=]-?[)d]+|\(:|<3+|\^_*\^|\\o/|x{1,3}|xoxo|\*hugs\*"


def _phrase(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?![a-z0-9'])", re.ASCII)


GRAMMAR: Grammar = [
    (Part.COURTESY, _phrase(_THANK_PHRASE)),
    (Part.COURTESY, _phrase(_APPRECIATE)),
    (Part.COURTESY, _phrase(_GOT_IT)),
    (Part.COURTESY, _phrase(_WISH)),
    (Part.RECEIVED, _phrase(_RECEIVED)),
    (Part.BESIDE, _phrase(_PRAISE)),
    (Part.BESIDE, _phrase(_SETTLED)),
    (Part.BESIDE, _phrase(_SORRY)),
    (Part.BESIDE, _phrase(_CLOSING)),
    (Part.BESIDE, _phrase(_GREETING)),
    (Part.BESIDE, _phrase(_FILLER)),
    (Part.BESIDE, _phrase(_FACE)),
]
