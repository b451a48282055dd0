"""How machines write when people are away: absence notes, automatic replies, receipts; English and Chinese.

A pattern holds a slot only for what cannot be a wish of the customer's: dates, names beside an address, offices.
"""

from __future__ import annotations

import re

from tickets.rules.courtesy_chinese import SURNAMES
from tickets.rules.courtesy_grammar import Grammar, Part, any_of

_DATE = (
    r"(?:(?:,? ?(?:the|on|of|at|from|since|until|till|to|through|and|next|this|week|end|about|mid|early|late|before|after|"
    r"(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?|today|tomorrow|noon|midnight|"
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    r"nov(?:ember)?|dec(?:ember)?|\d{1,4}(?:st|nd|rd|th)?|\d{1,4}[./:-]\d{1,2}(?:[./-]\d{2,4})?|am|pm|a\.m\.|p\.m\.|"
    r"morning|afternoon|evening|further notice|inclusive|included|incl\.|utc|gmt|cet|-)(?![a-z0-9]))++\.?)"
)
_SPELL = r"(?:\d{1,3}|one|two|three|a few|a couple of|the next|\d-\d|\d to \d|24/48)(?: (?:\d{1,3}|few|two|three|working|business))*[ -](?:hours?|hrs?|days?|weeks?)"
_MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}"
_PHONE = r"\+?\(?\d[\d ()/.-]{4,20}\d"
_LETTER = r"(?:your |my |the |all )?(?:e-?mails?|messages?|enquir(?:y|ies)|inquir(?:y|ies)|requests?|tickets?|cases?|correspondence|inbox|mailbox|voicemails?|phone|internet|calls?|work e-?mails?)"
_LETTERS = rf"{_LETTER}(?:(?: and| or|,) {_LETTER})*"

_AUTOMATIC = any_of(
    "automatic|automated|auto|auto-generated|automatically generated|automatically sent|system generated|system-generated|computer generated"
)
_ANSWER = any_of(
    "reply|response|answer|message|e-mail|email|mail|notification|acknowledgement|acknowledgment|auto-reply|autoreply|reply message|reply email"
)
_DECLARED = rf"(?:(?:please )?note(?: that)?:? )?(?:this is|this (?:message|e-?mail) is|you have received) an? {_AUTOMATIC} {_ANSWER}(?: from (?:our|the) (?:system|helpdesk|support team))?"
_LABEL = rf"{any_of('automatic|automated|auto|out of office|out-of-office|ooo|vacation')}[ -]?(?:reply|response|answer|message|notice|notification)|autoreply|out[ -]of[ -](?:the[ -])?office|ooo|absence note"

_LEAVE = any_of(
    "leave|vacation|holiday|holidays|pto|annual leave|sick leave|maternity leave|paternity leave|parental leave|medical leave|"
    "personal leave|family leave|study leave|bereavement leave|my annual leave|my vacation|paid leave|bank holiday|sabbatical"
)
_WHO = r"(?:i am|i'm|i will be|i'll be|i'm going to be|we are|we're|we will be|our team is|our office is|the office is|our offices are|the office will be|our office will be)"
_NOW = r"(?: (?:currently|presently|now|still|away|and|both))*"
_UNTIL = rf"(?: ?,? ?(?:and )?(?:{_DATE}|for (?:{_SPELL}|the (?:day|week|holidays?|rest of the (?:day|week)))|returning ?{_DATE}|due to (?:the )?(?:national day|public|christmas|easter|spring festival|new year|chinese new year|bank)? ?(?:holidays?)?))?"
_ABSENT = rf"{_WHO}{_NOW} (?:out of (?:the |my )?office|ooo|on (?:an? )?(?:extended )?{_LEAVE}){_UNTIL}"
_AWAY = (
    rf"{_WHO}{_NOW} (?:away(?: from (?:my|the) (?:desk|office|computer|e-?mail))?|on (?:a )?(?:business )?(?:trip|travel|travels)|away on business(?: travel)?|travell?ing(?: for (?:business|work))?"
    rf"|off(?: work)?|unavailable|attending an? (?:conference|training|event|workshop)|closed(?: for (?:the )?(?:\w+ )?(?:holidays?|weekend|day))?)(?: on (?:a )?business(?: trip| travel)?)?{_UNTIL}"
)
_NO_ACCESS = rf"(?:,|(?:and )?(?:i |we )?(?:will |'ll )?(?:also )?(?:have|having|with)|with|have)? ?(?:only |very )?(?:limited|no|intermittent|restricted|sporadic|little) (?:or no )?access to {_LETTERS}"
_CANNOT = (
    rf"(?:and |i |we |so )*(?:will|may|might|am|are|can)(?: not|not)? (?:be )?(?:able to |unable to |slow to |delayed in )?(?:check|checking|read|reply to|replying to|respond to|responding to|answer|access)(?:ing)? (?:to )?{_LETTERS}(?: (?:regularly|immediately|promptly|frequently|right away|often))?"
    r"|(?:during|in) (?:this|that|the) (?:time|period|absence)|while i am away|(?:my|our) (?:reply|response)s? (?:may|might|will) be (?:delayed|slow)"
)
_BACK = rf"(?:and |i |we |i am |i'm |it )*(?:(?:will|'ll|shall|expect to|plan to) )?(?:be )?(?:back|return|returning|reopen|re-open|available again|back again)(?: (?:in|to|at) (?:the |my )?(?:office|desk|work))?(?: ?{_DATE}|(?: in)? {_SPELL})?"
_ONCE = (
    r"(?:as soon as (?:possible|i can|we can|i am back|i'm back|i return|i am able)|shortly|soon|promptly|(?:up)?on my return|after my return|(?:when|once|after) (?:i|we) (?:return|am back|'m back|are back|get back|come back|re-?open)(?: to the office| in the office)?"
    rf"|at (?:my|our) earliest (?:convenience|opportunity)|in due course|(?:with)?in {_SPELL}|during (?:our )?(?:business|working|office) hours|{_DATE}|at that time|then)"
)
_OURS = r"(?:i|we|someone|somebody|our team|our support team|our agents?|a member of (?:our|the) (?:\w+ )?team|one of our (?:agents|team members|colleagues|representatives)|an agent|a representative|a colleague|the team)"
_WILL_REPLY = (
    rf"(?:and )?(?:{_OURS} )?(?:will|'ll|shall|aim to|endeavou?r to|do our best to|try to) (?:then |also |be )?(?:get back|reply|respond|answer|contact|attend|in touch|review|process|deal with|handle|read)"
    rf"(?: to| with)?(?: (?:you|it|{_LETTERS})){{0,2}}(?: {_ONCE}){{0,2}}"
)
_RECEIPT = (
    rf"(?:this (?:e-?mail |message )?is to (?:confirm|acknowledge|let you know|inform you) that )?(?:we (?:have |'ve )?(?:successfully )?(?:received|got) (?:your {_LETTER})|(?:we|i) (?:hereby )?(?:acknowledge|confirm) (?:the )?receipt of your {_LETTER}"
    r"|your (?:e-?mail|message|enquiry|inquiry|request|ticket|case|submission)(?: \(?#?[\w-]{3,20}\)?)? (?:has been|was|is|have been) (?:successfully |now )?(?:received|registered|logged|created|assigned|recorded))"
)
_THANKS_FOR_CONTACT = r"(?:thank you|thanks) (?:very much )?for (?:contacting|writing to|reaching out to|getting in touch with|emailing|your interest in)(?: (?!me\b|about\b)[\w&'-]{1,20}){1,3}(?=[.!,\n]|$)"
_TICKET = r"(?:your |the )?(?:ticket|case|reference|request)(?: (?:number|no\.?|id|#))? ?(?:is|:)? ?#?[a-z]{0,6}-?\d[\w-]{2,20}"
_IF = (
    r"(?:(?:for|in case of|in) (?:any )?(?:urgent|emergency|immediate|pressing|important) ?(?:matters?|issues?|requests?|enquir(?:y|ies)|inquir(?:y|ies)|cases?|questions?|assistance|help|support|needs?|emergencies|emergency)?"
    r"|(?:in case of|in an) emergenc(?:y|ies)|if (?:it is|it's|this is|the matter is|your (?:matter|request|message|e-?mail|enquiry|inquiry|issue) is)? ?(?:very |really )?urgent"
    r"|(?:if|should) you (?:need|require|have)(?: an?| any)? (?:urgent|immediate)(?: \w+)?(?: in my absence| before then)?|in my absence|in the meantime|during my absence|if you need (?:immediate )?(?:assistance|help)(?: before then| in my absence)?)"
)
_SOMEBODY = (
    rf"(?:my (?:colleagues?|manager|assistant|team|deputy|supervisor|teammates?|secretary|back-?up|mobile(?: phone)?|cell(?: phone)?)|our (?:office|reception|hotline|team|support team|helpdesk|main number)|the (?:office|helpdesk|service desk|support team|reception))"
    r"(?:,? (?!me\b|us\b|and\b|to\b|about\b|because\b|my\b|that\b)[a-z'-]{2,20}){0,3}"
)
_VIA = rf"(?: ?,? ?(?:at|on|via|under|by|by phone|by e-?mail|or|and|:|-|\()* ?\(?(?:{_MAIL}|{_PHONE})\)?)"
_ASK = r"(?:please |kindly |you (?:can|may) )?(?:also )?(?:contact|call|e-?mail|write to|reach out to|reach|get in touch with|get in contact with|dial|phone|ring|speak to|turn to)"
_CONTACT = rf"{_IF},? {_ASK} ?(?:{_SOMEBODY}|[a-z'-]{{2,20}}(?: [a-z'-]{{2,20}})?(?= ?(?:at|on|via|\()))?{_VIA}{{0,3}}|{_ASK} my (?:colleagues?|deputy|assistant|manager|team)(?:,? [a-z'-]{{2,20}}){{0,2}}{_VIA}{{1,3}}|{_IF}"
_NO_REPLY = r"(?:please )?(?:do not|don't) (?:reply|respond)(?: directly)? ?(?:to (?:this|it)(?: (?:automated|automatic))?(?: (?:e-?mail|message))?)?|no (?:reply|response|action) is (?:needed|necessary|required)|this (?:mailbox|inbox|e-?mail address) is not monitored"
_PARDON = r"(?:(?:i |we )?apologi[sz]e|sorry|(?:my |our )?apologies) for (?:any|the) (?:inconvenience|delay)s?(?: (?:this may cause|caused))?|thank you for your (?:patience|understanding)"

_DAY = r"(?![ ,、()~—-])(?:(?:于|自|从|在|至|到|的|起|止|即|-|~|—|,|、|和|\(|\)|\d{1,4}(?!\d)[年月日号时点分./:-]?|[一二三四五六七八九十]{1,3}[年月日号]|(?:周|星期|礼拜)[一二三四五六日天]|今天|明天|后天|今日|明日|下周|本周|下午|上午|早上|晚上|含|期间|开始|结束|以后|之后|后|前|当天|春节|国庆|元旦|端午|中秋|清明|五一|十一|劳动节|节|假期|长假) ?)++"
_IN = r"(?:\d{1,3}|一|两|三|几|\d-\d{1,2}|\d至\d)个?(?:工作日|小时|天|日|分钟)(?:之)?(?:内|以内)?"
_ZH_LETTER = (
    "(?:邮件|来信|来函|留言|咨询|反馈|信息|消息|申请|请求|工单|问题|诉求|电话|微信|来电|email|e-mail|短信)"
)
_ZH_SELF = "(?:我司|我们|我|本人|本公司|我部|客服|人工客服|客服人员|工作人员|专员|相关人员|同事|系统|我们的工作人员|我们的客服)"
_ZH_AUTO = "(?:系统)?(?:假期|休假|外出)?自动(?:回复|答复|应答|发送|发出|生成|回信)"
_ZH_LABEL = rf"{_ZH_AUTO}"
_ZH_DECLARED = rf"(?:这是|此为|此|本|该)(?:一封|一条|来自[^,。!?]{{1,12}}的)?(?:邮件|信息|消息|短信|信件|回复)?(?:为|是|由|系)?(?:系统|服务器)?{_ZH_AUTO}(?:的)?(?:邮件|信息|消息|回复|信件)?"
_ZH_ABSENT = (
    rf"(?:{_ZH_SELF})?(?:(?:目前|现在|现|最近|近期|因|因为|今日|正好|{_DAY}))*+(?:正在|正|处于|在|已|开始|将)?"
    r"(?:休假|度假|休年假|年假|休产假|产假|陪产假|病假|休病假|放年假|不在办公室|不在公司|不在工位|不在座位|有事不在|休婚假|外出休假|休(?:春节|国庆|中秋|元旦|端午)?(?:假期|假))(?:中|期间|状态|状态中)?"
)
_ZH_AWAY = rf"(?:{_ZH_SELF})(?:(?:目前|现在|现|最近|近期|{_DAY}))*+(?:正在|正|在|因)?(?:出差|外出|外出开会|开会|公干|外出培训|请假|外出办事|放假)(?:中|期间)?(?:,?不在办公室)?"
_ZH_CANNOT = rf"(?:在此)?(?:期间|此期间|假期间|休假期间)?(?:{_ZH_SELF})?(?:可能|将)?(?:无法|不能|不便|暂时无法|暂不能|暂无法)(?:及时|亲自|立即|第一时间|马上|随时)?(?:查看|回复|处理|查收|查阅|接听|收取)(?:和(?:回复|处理))?(?:您的|你的|大家的)?{_ZH_LETTER}?"
_ZH_LATER = (
    "(?:稍后|回来后|返岗后|上班后|假期结束后|收假后|看到后|届时|一会|回来之后|回到办公室后|待会|节后|返回后)"
)
_ZH_REPLY = (
    rf"(?:{_ZH_SELF}?(?:会|将|将会)(?:在|于)?(?:{_ZH_LATER},?)?|{_ZH_SELF}?(?:在)?{_ZH_LATER},?(?:会|再|将|就)?|{_DAY}{_ZH_SELF}?(?:会|将))(?:在)?(?:{_IN})?(?:尽快|第一时间|及时|尽早|稍后)?"
    rf"(?:再|即)?(?:(?:与|和|给|跟|为|向|对)(?:您|你)?(?:的{_ZH_LETTER})?)?(?:做出|进行|予以)?(?:回复|联系|答复|处理|回信|查看|受理)(?:您|你)?(?:的)?{_ZH_LETTER}?"
)
_ZH_RECEIPT = rf"(?:您|你)的{_ZH_LETTER}(?:我们|我司|我)?(?:已经|已)(?:成功)?(?:收到|收悉|受理|登记|转交|收录)|(?:我们|我司|本公司|系统)(?:已经|已)?(?:成功)?收到(?:了)?(?:您|你)的{_ZH_LETTER}"
_ZH_TICKET = r"(?:您的)?(?:工单|受理|单|编|案件)(?:编)?号(?:为|是|:)? ?:? ?#?[a-z0-9-]{4,24}"
_ZH_NAME = rf"[{SURNAMES}][\u4e00-\u9fff]{{1,2}}"
_ZH_CONTACT = (
    rf"(?:(?:如|若|如果|倘若|要是)(?:您|你)?(?:有|遇|遇到)?|有)?(?:任何)?(?:紧急|急|要|重要)(?:事|事项|事宜|情况|事务|工作|问题|需要)?(?:,)?(?:请|可|可以|敬请|烦请)(?:直接|及时|另行)?(?:拨打|致电|联系|电话联系|联络|微信联系|发邮件至|来电|电联)(?:我的|本人|我)?(?:同事|手机|电话|助理|领导|微信)?:? ?(?:{_ZH_NAME})?[:：,( ]*(?:电话|手机|邮箱)?:? ?(?:{_MAIL}|{_PHONE})?\)?"
    rf"|(?:相关|有关)?(?:工作|业务|事宜|紧急事宜)请联系(?:我的)?(?:同事)?:? ?(?:{_ZH_NAME})[:：,( ]*(?:电话|手机|邮箱)?:? ?(?:{_MAIL}|{_PHONE})\)?"
)
_ZH_NO_REPLY = "(?:请|请您)?(?:勿|不要|无需|无须)(?:直接)?(?:回复|回信)(?:此|本|该)?(?:邮件|信息|消息)?"
_ZH_BACK = rf"(?:预计|计划|{_ZH_SELF}|将)*(?:{_DAY})(?:返回|回到|恢复|返岗|上班|回来|复工|正常上班|恢复上班)(?:公司|办公室|岗位|上班|工作)?"
_ZH_PARDON = "(?:敬请|请|望|还请|尽请)(?:您)?(?:谅解|见谅|理解|包涵)|(?:给您)?(?:带来)?不便(?:之处)?|由此(?:给您)?带来(?:的)?不便"
_ZH_SPAN = rf"{_DAY}(?:期间)?"


def _english(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{pattern})(?![a-z0-9'])")


def _chinese(pattern: str) -> re.Pattern[str]:
    return re.compile(f"(?:{pattern})")


ENGLISH: Grammar = [
    (Part.MACHINE, _english(_DECLARED)),
    (Part.MACHINE, _english(_ABSENT)),
    (Part.MACHINE, _english(_RECEIPT)),
    (Part.LABEL, _english(_LABEL)),
    (Part.WILL_REPLY, _english(_WILL_REPLY)),
    *(
        (Part.BESIDE_MACHINE, _english(pattern))
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

CHINESE: Grammar = [
    (Part.MACHINE, _chinese(_ZH_DECLARED)),
    (Part.MACHINE, _chinese(_ZH_ABSENT)),
    (Part.MACHINE, _chinese(_ZH_RECEIPT)),
    (Part.LABEL, _chinese(_ZH_LABEL)),
    (Part.WILL_REPLY, _chinese(_ZH_REPLY)),
    *(
        (Part.BESIDE_MACHINE, _chinese(pattern))
        for pattern in (
            _ZH_AWAY,
            _ZH_CANNOT,
            _ZH_TICKET,
            _ZH_CONTACT,
            _ZH_NO_REPLY,
            _ZH_BACK,
            _ZH_PARDON,
            _ZH_SPAN,
        )
    ),
]
