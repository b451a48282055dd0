"""How machines write when people are away: absence notes, automatic replies, receipts, in English.

A pattern holds a slot only for what cannot be a wish of the customer's: dates, names beside an address, offices.
"""

from __future__ import annotations

import re

from tickets.rules.courtesy.grammar import MAIL, PHONE, Grammar, Part, any_of

_DATE = (
    r"(?:(?:,? ?(?:the|on|of|at|from|since|until|till|to|through|and|next|this|week|end|about|mid|early|"
    r"late|before|after|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|today|tomorrow|noon|midnight|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|"
    r"oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|\d{1,4}(?:st|nd|rd|th)?|\d{1,4}[./:-]\d{1,2}(?:[./-]\d{2,4})?|am|pm|"
    r"a\.m\.|p\.m\.|"
    r"morning|afternoon|evening|further notice|inclusive|included|incl\.|utc|gmt|cet|-)(?![a-z0-9]))++\.?)"
)
_SPELL = (
    r"(?:\d{1,3}|one|two|three|a few|a couple of|the next|\d-\d|\d to \d|24/48)(?: (?:\d{1,3}|few|two|"
    r"three|working|business))*[ -](?:hours?|hrs?|days?|weeks?)"
)
_LETTER = (
    r"(?:your |my |the |all )?(?:e-?mails?|messages?|enquir(?:y|ies)|inquir(?:y|ies)|requests?|tickets?|"
    r"cases?|correspondence|inbox|mailbox|voicemails?|phone|internet|calls?|work e-?mails?)"
)
_LETTERS = rf"{_LETTER}(?:(?: and| or|,) {_LETTER})*"

_AUTOMATIC = any_of(
    "automatic|automated|auto|auto-generated|automatically generated|automatically sent|system generated|"
    "system-generated|computer generated"
)
_ANSWER = any_of(
    "reply|response|answer|message|e-mail|email|mail|notification|acknowledgement|acknowledgment|"
    "auto-reply|autoreply|reply message|reply email"
)
_DECLARED = (
    rf"(?:(?:please )?note(?: that)?:? )?(?:this is|this (?:message|e-?mail) is|"
    rf"you have received) an? {_AUTOMATIC} {_ANSWER}(?: from (?:our|the) (?:system|helpdesk|support team))?"
)
_LABEL = (
    rf"{any_of('automatic|automated|auto|out of office|out-of-office|ooo|vacation')}[ -]?(?:reply|response|"
    rf"answer|message|notice|notification)|autoreply|out[ -]of[ -](?:the[ -])?office|ooo|absence note"
)

_LEAVE = any_of(
    "leave|vacation|holiday|holidays|pto|annual leave|sick leave|maternity leave|paternity leave|"
    "parental leave|medical leave|"
    "personal leave|family leave|study leave|bereavement leave|my annual leave|my vacation|paid leave|"
    "bank holiday|sabbatical"
)
_WHO = (
    r"(?:i am|i'm|i will be|i'll be|i'm going to be|we are|we're|we will be|our team is|our office is|"
    r"the office is|our offices are|the office will be|our office will be)"
)
_NOW = r"(?: (?:currently|presently|now|still|away|and|both))*"
_UNTIL = (
    rf"(?: ?,? ?(?:and )?(?:{_DATE}|for (?:{_SPELL}|the (?:day|week|holidays?|rest of the (?:day|week)))|"
    rf"returning ?{_DATE}|due to (?:the )?(?:national day|public|christmas|easter|spring festival|new year|"
    rf"chinese new year|bank)? ?(?:holidays?)?))?"
)
_ABSENT = rf"{_WHO}{_NOW} (?:out of (?:the |my )?office|ooo|on (?:an? )?(?:extended )?{_LEAVE}){_UNTIL}"
_AWAY = (
    rf"{_WHO}{_NOW} (?:away(?: from (?:my|the) (?:desk|office|computer|e-?mail))?|"
    rf"on (?:a )?(?:business )?(?:trip|travel|travels)|away on business(?: travel)?|"
    rf"travell?ing(?: for (?:business|work))?"
    rf"|off(?: work)?|unavailable|attending an? (?:conference|training|event|workshop)|"
    rf"closed(?: for (?:the )?(?:\w+ )?(?:holidays?|weekend|day))?)(?: on (?:a )?business(?: trip|"
    rf" travel)?)?{_UNTIL}"
)
_NO_ACCESS = (
    rf"(?:,|(?:and )?(?:i |we )?(?:will |'ll )?(?:also )?(?:have|having|with)|with|have)? ?(?:only |"
    rf"very )?(?:limited|no|intermittent|restricted|sporadic|little) (?:or no )?access to {_LETTERS}"
)
_CANNOT = (
    rf"(?:and |i |we |so )*(?:will|may|might|am|are|can)(?: not|not)? (?:be )?(?:able to |unable to |"
    rf"slow to |delayed in )?(?:check|checking|read|reply to|replying to|respond to|responding to|answer|"
    rf"access)(?:ing)? (?:to )?{_LETTERS}(?: (?:regularly|immediately|promptly|frequently|right away|"
    rf"often))?"
    r"|(?:during|in) (?:this|that|the) (?:time|period|absence)|while i am away|(?:my|our) (?:reply|"
    r"response)s? (?:may|might|will) be (?:delayed|slow)"
)
_BACK = (
    rf"(?:and |i |we |i am |i'm |it )*(?:(?:will|'ll|shall|expect to|plan to) )?(?:be )?(?:back|return|"
    rf"returning|reopen|re-open|available again|back again)(?: (?:in|to|at) (?:the |my )?(?:office|desk|"
    rf"work))?(?: ?{_DATE}|(?: in)? {_SPELL})?"
)
_ONCE = (
    r"(?:as soon as (?:possible|i can|we can|i am back|i'm back|i return|i am able)|shortly|soon|promptly|"
    r"(?:up)?on my return|after my return|(?:when|once|after) (?:i|we) (?:return|am back|'m back|are back|"
    r"get back|come back|re-?open)(?: to the office| in the office)?"
    rf"|at (?:my|our) earliest (?:convenience|opportunity)|in due course|(?:with)?in {_SPELL}|"
    rf"during (?:our )?(?:business|working|office) hours|{_DATE}|at that time|then)"
)
_OURS = (
    r"(?:i|we|someone|somebody|our team|our support team|our agents?|a member of (?:our|the) (?:\w+ )?team|"
    r"one of our (?:agents|team members|colleagues|representatives)|an agent|a representative|a colleague|"
    r"the team)"
)
_WILL_REPLY = (
    rf"(?:and )?(?:{_OURS} )?(?:will|'ll|shall|aim to|endeavou?r to|do our best to|try to) (?:then |also |"
    rf"be )?(?:get back|reply|respond|answer|contact|attend|in touch|review|process|deal with|handle|read)"
    rf"(?: to| with)?(?: (?:you|it|{_LETTERS})){{0,2}}(?: {_ONCE}){{0,2}}"
)
_RECEIPT = (
    rf"(?:this (?:e-?mail |message )?is to (?:confirm|acknowledge|let you know|"
    rf"inform you) that )?(?:we (?:have |'ve )?(?:successfully )?(?:received|got) (?:your {_LETTER})|(?:we|"
    rf"i) (?:hereby )?(?:acknowledge|confirm) (?:the )?receipt of your {_LETTER}"
    r"|your (?:e-?mail|message|enquiry|inquiry|request|ticket|case|"
    r"submission)(?: \(?#?[\w-]{3,20}\)?)? (?:has been|was|is|have been) (?:successfully |"
    r"now )?(?:received|registered|logged|created|assigned|recorded))"
)
_THANKS_FOR_CONTACT = (
    r"(?:thank you|thanks) (?:very much )?for (?:contacting|writing to|reaching out to|"
    r"getting in touch with|emailing|your interest in)(?: (?!me\b|about\b)[\w&'-]{1,20}){1,3}(?=[.!,\n]|$)"
)
_TICKET = (
    r"(?:your |the )?(?:ticket|case|reference|request)(?: (?:number|no\.?|id|#))? ?(?:is|"
    r":)? ?#?[a-z]{0,6}-?\d[\w-]{2,20}"
)
_IF = (
    r"(?:(?:for|in case of|in) (?:any )?(?:urgent|emergency|immediate|pressing|important) ?(?:matters?|"
    r"issues?|requests?|enquir(?:y|ies)|inquir(?:y|ies)|cases?|questions?|assistance|help|support|needs?|"
    r"emergencies|emergency)?"
    r"|(?:in case of|in an) emergenc(?:y|ies)|if (?:it is|it's|this is|the matter is|your (?:matter|"
    r"request|message|e-?mail|enquiry|inquiry|issue) is)? ?(?:very |really )?urgent"
    r"|(?:if|should) you (?:need|require|have)(?: an?| any)? (?:urgent|"
    r"immediate)(?: \w+)?(?: in my absence| before then)?|in my absence|in the meantime|during my absence|"
    r"if you need (?:immediate )?(?:assistance|help)(?: before then| in my absence)?)"
)
_SOMEBODY = (
    r"(?:my (?:colleagues?|manager|assistant|team|deputy|supervisor|teammates?|secretary|back-?up|"
    r"mobile(?: phone)?|cell(?: phone)?)|our (?:office|reception|hotline|team|support team|helpdesk|"
    r"main number)|the (?:office|helpdesk|service desk|support team|reception))"
    r"(?:,? (?!me\b|us\b|and\b|to\b|about\b|because\b|my\b|that\b)[a-z'-]{2,20}){0,3}"
)
_VIA = rf"(?: ?,? ?(?:at|on|via|under|by|by phone|by e-?mail|or|and|:|-|\()* ?\(?(?:{MAIL}|{PHONE})\)?)"
_ASK = (
    r"(?:please |kindly |you (?:can|may) )?(?:also )?(?:contact|call|e-?mail|write to|reach out to|reach|"
    r"get in touch with|get in contact with|dial|phone|ring|speak to|turn to)"
)
_CONTACT = (
    rf"{_IF},? {_ASK} ?(?:{_SOMEBODY}|[a-z'-]{{2,20}}(?: [a-z'-]{{2,20}})?(?= ?(?:at|on|via|"
    rf"\()))?{_VIA}{{0,3}}|{_ASK} my (?:colleagues?|deputy|assistant|manager|"
    rf"team)(?:,? [a-z'-]{{2,20}}){{0,2}}{_VIA}{{1,3}}|{_IF}"
)
_NO_REPLY = (
    r"(?:please )?(?:do not|don't) (?:reply|respond)(?: directly)? ?(?:to (?:this|it)(?: (?:automated|"
    r"automatic))?(?: (?:e-?mail|message))?)?|no (?:reply|response|action) is (?:needed|necessary|"
    r"required)|this (?:mailbox|inbox|e-?mail address) is not monitored"
)
_PARDON = (
    r"(?:(?:i |we )?apologi[sz]e|sorry|(?:my |our )?apologies) for (?:any|the) (?:inconvenience|"
    r"delay)s?(?: (?:this may cause|caused))?|thank you for your (?:patience|understanding)"
)


def _phrase(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?![a-z0-9'])", re.ASCII)


GRAMMAR: Grammar = [
    (Part.MACHINE, _phrase(_DECLARED)),
    (Part.MACHINE, _phrase(_ABSENT)),
    (Part.MACHINE, _phrase(_RECEIPT)),
    (Part.LABEL, _phrase(_LABEL)),
    (Part.WILL_REPLY, _phrase(_WILL_REPLY)),
    *(
        (Part.BESIDE_MACHINE, _phrase(pattern))
        for pattern in (
            _AWAY,
            _NO_ACCESS,
            _CANNOT,
            _BACK,
            _THANKS_FOR_CONTACT,
            _TICKET,
            _CONTACT,
            _NO_REPLY,
            _PARDON,
        )
    ),
]
