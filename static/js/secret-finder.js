// Does a text that somebody is typing look as if a secret stood in it? Names of kinds, as the server names them; it never
// sends the text anywhere. Rougher than the server's detector (tickets/rules/secrets), which has the last word: this one
// only warns. A test holds both to the same secrets and look-alikes.
(() => {
  "use strict";

  const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
  //: What nobody sees may hide in a word, or part two.
  const folded = (text, unseen = "") => text.replace(UNSEEN, unseen).normalize("NFKC");
  //: Line breaks, commas and blanks as JSON, addresses of pages, HTML and mails write them.
  const LINE = /\\{1,4}(?:[nrvf]|u000[a-dA-D]|x0[a-dA-D])|%(?:25){0,2}0[a-dA-D]|=0[AD]|&#(?:1[03]|[xX]0?[aAdD]);/g;
  const COMMA = /%(?:25){0,2}2[cC]/g;
  const BLANK = /\\{1,4}(?:t|u(?:0009|0020|00[aA]0|200[bB]|3000)|x(?:09|20|[aA]0))|%(?:25){0,2}(?:09|20)|%[cC]2%[aA]0|%[eE]3%80%80|=20(?!\d)|(?<=\d{4})\+(?=\d{4}(?!\d))|&(?:amp;){0,2}(?:nbsp|ensp|emsp|thinsp|zwnj|#(?:9|32|160|[xX](?:0?9|20|[aA]0)));/g;
  const withBlanks = (text) => text.replace(LINE, "\n").replace(COMMA, ",").replace(BLANK, " ");

  // ── Recovery phrases ──────────────────────────────────────────────────────────────────────────────────────
  const SHORTEST = 12;
  //: What stands between words of a list without being one.
  const BETWEEN = new Set((
    "a an the and is are was of my no nr num li ol ul td tr br div span nbsp st nd rd th words row rows line lines set sets "
    + "batch block blocks groups items steps followed by comes plus last lastly finally four five nine eleven thirteen fourteen "
    + "fifteen sixteen seventeen eighteen nineteen third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth "
    + "thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
  ).split(" "));
  //: "word" and its like name each place of a list, and are left out where they do.
  const NAMING = new Set(["word", "number", "item", "step"]);
  const HAN = "\u4e00-\u9fff";
  const OTHER_SIGNS = new RegExp(`[^${HAN}]`, "g");
  const FIGURE = "(?:\\d{1,2}|[一二三四五六七八九十廿]{1,3})";
  const COUNTED = new RegExp(
    `第\\s{0,2}${FIGURE}(?:\\s{0,2}[-~到至]\\s{0,2}第?${FIGURE})?\\s{0,2}(?:个|個|位|行|组|組|排|句|段|列|批)?(?:助记词|助記詞|单词|單詞|词|詞|字)?\\s{0,2}(?:是|为|為)?`, "g");
  const LISTED = new RegExp(`(?<=^|[^${HAN}])[一二三四五六七八九十廿]{1,3}(?=[、.:\\s)])`, "g");
  const JOINTS = /(?:然[后後]|接[着著]|接下[来來]|之[后後]|[随隨][后後]|其次|[还還]有|以及|最[后後]|下一[个個])是?/g;
  const APART = new RegExp(`[${HAN}](?:[^${HAN}]{1,32}[${HAN}](?![${HAN}])){${SHORTEST - 1},}`);
  const NAME = "(?:助[记記][词詞]|[种種]子[词詞]|恢[复復]短[语語]|mnemonic|seed)";
  const NAMED = new RegExp(`${NAME}\\s?(?:是|为|為|如下)?[\\s:,;]{0,3}([${HAN}]{12,24})(?![${HAN}])`, "i");
  const ANNOUNCED = new RegExp(`${NAME}\\s?(?:(?:是|为|為|如下|is)[\\s:,;]{0,3}|[:\\n]\\s{0,3})((?:[${HAN}][^${HAN}]{0,32}){12})`, "i");
  const NAMED_NEAR = new RegExp(`${NAME}|(?:recovery|secret|backup) (?:phrase|words)`, "i");
  //: Every other character of a sentence, and those of our trade; of twelve drawn by lot seldom more than two.
  const COMMON = new Set(
    "的一是了我不在有人这這个個上们們来來到时時大地为為子中你说說生国國年着就那和要她出也得里裡后後自以会會可下过過去能对對小多然于於心么麼之都好看起发發没沒成只作当當想样樣请請问問什您吗嗎很还還怎"
    + "付款时间間金额額提现現账帐帳户戶密码碼验驗证證渠道交易编編号號客退转轉支收登录錄冻凍结結解手机機银銀行卡工单單信息重新已再先用关關开開失败敗功"
    + "订訂申核查回复復處处理系统統消通知钱錢包商家名称稱姓电電话話址邮郵件谢謝");
  const LENGTHS = new Set([12, 15, 18, 21, 24]);
  const SPELLED = /(?<![A-Za-z0-9])[A-Za-z]([^A-Za-z0-9])[A-Za-z](?:\1[A-Za-z])+(?![A-Za-z0-9])/g;

  const tokensOf = (text) => text.replace(SPELLED, (word) => word.replace(/[^A-Za-z]/g, "")).toLowerCase().match(/[a-z]+/g) ?? [];
  const soundsDrawn = (characters) => [...characters].filter((one) => COMMON.has(one)).length <= characters.length / 6;

  /** How many words stand in a row; ``gaps`` of them may be none of the list. */
  function longestRun(tokens, isWord, skipped = new Set(), gaps = 0) {
    let run = 0;
    let before = 0;
    let longest = 0;
    for (const token of tokens) {
      if (isWord(token) && !skipped.has(token)) longest = Math.max(longest, before + (run += 1));
      else if (!skipped.has(token) && !BETWEEN.has(token) && token.length > 1) {
        before = gaps && run ? run + 1 : 0;
        run = 0;
      }
    }
    return longest;
  }

  /** Whether it is worth having the word list for a text: twelve words in a row of the length that its words have. */
  function looksLikeWords(text) {
    const isLong = (token) => token.length >= 3 && token.length <= 8;
    return ["", " "].some((unseen) => longestRun(tokensOf(folded(text, unseen)), isLong) >= SHORTEST);
  }

  //: Words are told by their first four letters, and many write no more of them down.
  const stems = new WeakMap();
  function stemsOf(words) {
    if (!stems.has(words)) stems.set(words, new Set([...words].map((word) => word.slice(0, 4))));
    return stems.get(words);
  }

  /** Characters in groups of one size, as many as a phrase has, that sound like nothing said. */
  function isInGroups(text) {
    const groups = [...text.matchAll(new RegExp(`[${HAN}]+`, "g"))];
    const isNext = (place) => place > 0 && place < groups.length && groups[place].index - groups[place - 1].index - groups[place - 1][0].length <= 32;
    for (let first = 0, last; first < groups.length; first = last + 1) {
      const size = groups[first][0].length;
      last = first;
      while (isNext(last + 1) && groups[last + 1][0].length === size) last += 1;
      if (size < 2 || size > 8 || last === first) continue;
      const even = groups.slice(first, last + 1).map((group) => group[0]).join("");
      const after = isNext(last + 1) && groups[last + 1][0].length < size ? groups[last + 1][0] : "";
      const ways = [even, even + after];
      if (ways.some((way) => LENGTHS.has(way.length) && soundsDrawn(way))) return true;
    }
    return false;
  }

  function isChinesePhrase(text) {
    // Dates and amounts part the same few characters again and again.
    const apart = (APART.exec(text)?.[0] ?? "").replace(OTHER_SIGNS, "");
    if (new Set(apart).size > 0.6 * apart.length || isInGroups(text)) return true;
    const named = NAMED.exec(text);
    if (named !== null && LENGTHS.has(named[1].length)) return true;
    const announced = ANNOUNCED.exec(text);
    return announced !== null && soundsDrawn(announced[1].replace(OTHER_SIGNS, ""));
  }

  function isPhrase(text, words) {
    const ways = new Set([text, text.replace(COUNTED, " "), text.replace(LISTED, " "), text.replace(JOINTS, " ")]);
    if ([...ways].some(isChinesePhrase)) return true;
    if (!words) return false;
    const tokens = tokensOf(text);
    const isWord = (token) => words.has(token) || (token.length === 4 && stemsOf(words).has(token));
    if ([new Set(), NAMING].some((skipped) => longestRun(tokens, isWord, skipped) >= SHORTEST)) return true;
    return NAMED_NEAR.test(text) && longestRun(tokens, isWord, new Set(), 1) >= SHORTEST;
  }

  // ── Keys ──────────────────────────────────────────────────────────────────────────────────────────────────
  const B58 = "1-9A-HJ-NP-Za-km-z";
  const JOINED = new RegExp(`([${B58}]{16,})(?:[ \\t]*-?\\n[> \\t]*|[ \\t]?-[ \\t]?)(?=[${B58}]{16,})`, "g");
  const WIF = `(?:5[HJK]|6[J-Lu-w]|7[Q-Sq-s]|9[1-3])[${B58}]{49}|(?:K[w-z]|L[1-5]|Q[N-X]|T[3-9AB]|X[B-K]|c[M-W])[${B58}]{50}|6P[${B58}]{56}`;
  //: Some letters may stand right before or behind it.
  const GLUED = new RegExp(`(?<![A-Za-z0-9])[A-Za-z0-9]{0,12}?(${WIF})[A-Za-z0-9]{0,12}(?![A-Za-z0-9])`, "g");
  const ALONE = new RegExp(`^(?:${WIF})$`);
  const GROUPED = [4, 5, 6, 7, 8, 10, 13].map((size) =>
    new RegExp(`(?<![A-Za-z0-9])(?:[${B58}]{${size}}[ \\-.\\n]{1,2}){${Math.floor(50 / size)}}[${B58}]{1,${size}}(?![A-Za-z0-9])`, "g"));
  const KEYS = [
    new RegExp(`(?<![A-Za-z0-9])[a-zA-Z]prv[${B58}]{107,108}(?![A-Za-z0-9])`),
    /BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY|PuTTY-User-Key-File-\d/,
  ];
  const KEY_FILE = /["']?\bcipher_?text\\?["']?\s*[:=]/i;
  const KEY_FILE_TOO = /\bkdf|\bcrypto\b|\bscrypt\b|\bmac\b/i;
  const VAULT = ["iv", "salt", "data"].map((name) => new RegExp(`\\\\?["']${name}\\\\?["']\\s*:`));
  const RAW = /(?<![0-9A-Za-z])(?:0x)?(?:(?:[0-9a-f]{64}){1,2}|[0-9a-f]{4,63}(?:[ \t]{0,3}\n[> \t]{0,6}[0-9a-f]{1,60}(?![0-9A-Za-z])){1,8})(?![0-9A-Za-z])/gi;
  //: As tickets/rules/secrets/key_words.py: what names a key, what names the digits themselves, what stands beside a key.
  const CALLED = new RegExp(
    "(?<key>(?:private|priv|secret|signing|wallet|spend)[ \\-_]{0,2}(?:[a-z]{2,10} )?keys?(?![a-z])|(?<![a-z])(?:secret|mnemonic|seed)(?![a-z])|wallet(?:secret|seed)|(?<![a-z])my keys?(?![a-z])" +
      "|(?<![a-z])(?:keys?|pk|sk|priv|private)(?:\\\\?[\"']?\\s{0,2}[:=]|\\s(?:is|was)\\b)|私人?[钥鑰匙]|[密秘][钥鑰匙]|助[记記][词詞])" +
      "|(?<hash>(?:tx|transaction)[ _-]?(?:id|key)(?![a-z])|hash(?:es)?(?![a-z])|sha-?256|(?<![a-z])checksum|pub(?:lic)?[ _-]?key|idempotency[ _-]key|哈希|公[钥鑰]|交易(?:[号號]|id))" +
      "|(?<beside>(?<![a-z])(?:txn?|transactions?|block|order|address|transfers?|withdrawals?|deposits?|payments?)(?![a-z])|交易|转[账帐賬]|轉[帳賬]|订单|地址|单号|流水)" +
      "|(?<end>[.!?](?=\\s)|[。!?])", "gi");
  const MOVED = /^[^\n.。!?]{0,12}?(?:[这這那]笔|到[账賬帐帳]|[没沒未](?:收)?到|\b(?:arriv|confirm|pending|failed)|hash|transaction|transfer|交易|转账)/i;
  const CLAUSE = /[,;、][^,;、]{0,12}$/;
  const LABELS = /^(?:\s|[:=#(]|is\b|是|为|為){0,6}$/;

  const isMixed = (key) => /[a-z]/.test(key) && /[A-Z]/.test(key) && /\d/.test(key);
  const isOther = (word) => word.groups.hash || word.groups.beside;
  const inSentence = (words) => words.slice(words.findLastIndex((word) => word.groups.end) + 1);

  /** Whether 64 hexadecimal digits are called a key, or something else. */
  function isCalledKey(text, start, end) {
    const from = Math.max(0, start - 60);
    const words = [...text.slice(from, start).matchAll(CALLED)];
    const key = words.findLastIndex((word) => word.groups.key);
    if (key < 0) {
      if (inSentence(words).some(isOther)) return false;
      const after = [...text.slice(end, end + 30).matchAll(CALLED)].find((word) => !word.groups.end);
      return Boolean(after?.groups.key);
    }
    const later = words.slice(key + 1);
    if (later.some((word) => word.groups.hash)) return false;
    if (later.some((word) => word.groups.end)) return !inSentence(later).some(isOther) && !MOVED.test(text.slice(end, end + 40));
    const keyEnd = from + words[key].index + words[key][0].length;
    return !later.some((word) => {
      const place = from + word.index;
      return CLAUSE.test(text.slice(keyEnd, place)) && LABELS.test(text.slice(place + word[0].length, start));
    });
  }

  function isRawKey(text) {
    for (const found of text.matchAll(RAW)) {
      let count = 0;
      const whole = found[0].replace(/^0x/i, "").match(/[0-9a-f]+/gi).some((line) => (count += line.length) === 64 || count === 128);
      if (whole && isCalledKey(text, found.index, found.index + found[0].length)) return true;
    }
    return false;
  }

  const isGrouped = (text) => GROUPED.some((pattern) => [...text.matchAll(pattern)].some(([found]) => {
    const key = found.replace(/[ \-.\n]/g, "");
    return ALONE.test(key) && isMixed(key);
  }));

  function isKey(text) {
    const whole = text.replace(JOINED, "$1");
    const isGlued = [...whole.matchAll(GLUED)].some(([, key]) => isMixed(key));
    return isGlued || KEYS.some((pattern) => pattern.test(whole)) || isGrouped(text) || isRawKey(text);
  }

  // ── Numbers ───────────────────────────────────────────────────────────────────────────────────────────────
  const CARD = /(?<![A-Za-z0-9_+]|\d\.|(?<!\d)0,|\d[ -]|[A-Z]{2}\d\d )(?:[2-6]|81|82|1220)\d{2,}(?:[ \-\n]?\d{2,}|(?:[,、]| ?[|*] ?)\d{4}(?!\d)){0,5}(?!(?!exp|valid)[A-Za-z0-9_]|[ -]\d)/g;
  const OTHER = /(?:\border|\btransaction|\btxn?|trace|\bref(?:erence)?|tracking|invoice|serial|ticket|\bcase(?=[\s:]{0,2}#|[\s:]{1,2}(?:n[or]|num|id))|(?<!\b(?:any|this|that|my|in|which)\s)\bcase|imei|单号|單號|订单|訂單|流水|交易[号號]|运单|快递|发票|(?<![卡片]|卡的)(?:编号|編號))(?:[\s:;=#("'“[\-]|no\b\.?|nr\b\.?|num(?:ber)?s?\b\.?|ids?\b|code\b|hash\b|is\b|was\b|[号號码碼是为為编編单單的]){0,8}$/i;
  //: What stands behind a number overrules that; but what was "paid by card" is an order.
  const CARD_BEHIND = new RegExp(
    "(?<![a-z])(?:cvv|cvc|cvn|csc|exp(?![a-z])|exp(?:iry|iration|ires?(?= ?\\d))|valid (?:thru|until|to))|有效期|到期|安全[码碼]"
      + "|(?<!\\b(?:by|with|via)\\s(?:my\\s)?)(?<![a-z])(?:(?:credit|debit|bank)?cards?(?![a-z])|visa(?![a-z])|master ?card|maestro|amex(?![a-z])|unionpay)"
      + "|(?<![用刷])(?:银联|銀聯|(?:银行|銀行|信用|借记|借記|储蓄|儲蓄)卡|卡号|卡號|[建工招农農中交]行卡|[的是张張]卡)", "i");
  const CARD_CODE = /(?:cvv2?|cvc2?|cvn2?|csc|安全[码碼]|(?:背面|背后|末尾)的?三[位个個](?:数字?|码)?|(?:three|3|four|4)[ -]digits?(?: code)? (?:on|at) (?:the|its|my) (?:back|reverse|front)(?: of (?:the|my) card)?)(?:\s{0,2}\((?!\d{3,4}\))[^()\n]{2,40}\))?(?:\s{0,3}(?:is|are|code|number|是|为|為|[:=#(\-])){0,4}\s{0,3}\d{3,4}(?!\d)/i;
  //: Letters may stand right before it, but no code of letters and digits.
  const IDENTITY = /(?<![0-9]|[0-9][A-Za-z]{1,24}|[A-Za-z]{25})(?=([1-8](?:[ \t\n./_·,-]{0,2}\d){16}[ \t\n./_·,-]{0,2}[\dXx])(?![0-9A-Za-z]))/g;
  const BORN = /^.{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])/;
  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

  function luhn(digits) {
    let sum = 0;
    for (let place = 0; place < digits.length; place += 1) {
      const digit = +digits[digits.length - 1 - place] * (place % 2 + 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 === 0;
  }

  //: Identifiers (UUID): some end in digits alone.
  const IDENTIFIER = /(?<![0-9A-Za-z_])[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}(?![0-9A-Za-z_])/gi;

  function isCard(written) {
    const text = written.replace(IDENTIFIER, "x".repeat(36));
    for (const found of text.matchAll(CARD)) {
      const digits = found[0].replace(/\D/g, "");
      const end = found.index + found[0].length;
      const isNamed = OTHER.test(text.slice(Math.max(0, found.index - 40), found.index)) && !CARD_BEHIND.test(text.slice(end - 1, end + 30));
      if (digits.length >= 13 && digits.length <= 19 && new Set(digits).size > 1 && luhn(digits) && !isNamed) return true;
    }
    return false;
  }

  const isIdentity = (text) => [...text.replace(IDENTIFIER, "x".repeat(36)).matchAll(IDENTITY)].some(([, written]) => {
    const number = written.replace(/[^\dXx]/g, "");
    if (!BORN.test(number)) return false;
    const sum = WEIGHTS.reduce((total, weight, place) => total + weight * +number[place], 0);
    return "10X98765432"[sum % 11] === number[17].toUpperCase();
  });

  // ── What only the words around it tell ────────────────────────────────────────────────────────────────────
  const PERHAPS = "(?:应该|應該|可能|好像|现在|以前)?";
  const SAYS = `(?:\\s{0,3}${PERHAPS}(?:(?:should|must|might|used to) be|(?:is|was) (?:still|now)|is|was|it|是|为|為|就是|[:=])){1,3}\\s{0,3}["'“‘「]?`;
  const CODE = new RegExp(
    `(?:(?:verification|security|confirmation|one[ -]?time|sms|log ?in|2fa|my) code|\\botp|passcode|[验驗][证證][码碼]|校[验驗][码碼]|[动動][态態](?:[码碼]|口令|密[码碼]))(?:${SAYS}|\\s{0,2})(?!\\d{4}-\\d\\d-)\\d(?:[ -]?\\d){3,7}(?![\\d.:/-]*\\d|\\s?(?:元|次|分|秒|天|位|%|times|min|sec|hour|day|digit))`, "i");
  const CODE_SENT = /(?<!(?:error|status|promo|postal|zip|country|qr|invit\w{1,5}|referr?al|coupon|gift)[ -]?)(?<![a-z])code(?=[a-z' ]{0,60}\b(?:receiv|got|sent|gave|sms|phone|e-?mail|message))(?:\s(?!(?:amount|balance|order|case|number|error|price|but|and)\b)[a-z']{1,12}){2,10}?\s?(?:is|was|:)\s{0,2}\d(?:[ -]?\d){3,7}(?![ -]?\d|[.:/-]\d|[A-Za-z])/i;
  const CODE_MAKER = /(?:(?<![a-z0-9])(?:2fa|mfa|totp|authenticator(?: app)?)(?![a-z0-9])|[验驗][证證]器|令牌)(?:\s{0,3}(?:is|:|是|为)){0,2}\s{0,3}\d{3}[ -]?\d{3}(?![ -]?\d|[.:/-]\d)/i;
  const CODE_FIRST = /(?<![\d.,:/-])\d{4,8}\s{0,2}(?:is|是)\s{0,2}(?:(?:my|your|the|我的|您的)\s{0,2})?(?:[a-z]{2,15}\s){0,2}(?:code\b|[验驗][证證][码碼])/i;
  const PASSWORD = new RegExp(
    `(?:(?<![a-z])(?:pass ?words?|pass ?phrase|passwd|pass(?=\\s{0,2}[:=])|pwd|pin(?: code)?)(?![a-z])|密[码碼](?!箱)|口令)(?:\\s?\\([^()\\n]{1,24}\\))?${SAYS}(?=[!-~]*[0-9$#@&^])(?!\\d{1,2}[-~:])(?![!-~]*:\\/\\/)[!-~]{4,64}(?!\\s{0,2}(?:位|次|个|天|小时|分钟|characters|digits|times))`, "i");

  //: Told without "is": "my password Hunter2x", "changed my password to Hunter2x", "the password “Hunter2x”".
  const PASSWORD_BARE = /\b(?:my|the)(?: (?:wallet|login|account|payment))? (?:pass ?words?|passwd|pwd|pin)(?: to)?\s{1,2}["'“]?(?:(?=[^A-Za-z\s]*[A-Za-z])(?=[^\d\s]*\d)[!-~]{6,64}|(?!(?:19|20)\d\d(?!\d))\d{4,8}(?![\w]|\s?(?:characters|digits|times|hours|days|minutes)))/i;

  //: Without "my", what can hardly be anything else: no address, no hash; and what stands on the line below its label.
  const NO_ADDRESS = "(?![\\w.+-]+@[\\w-]+\\.)";
  const BOTH = `(?=[^A-Za-z\\s]*[A-Za-z])(?=[^\\d\\s]*\\d)${NO_ADDRESS}[!-~]{6,24}(?![!-~])`;
  const PASSWORD_SHORT = new RegExp(`(?<![a-z])(?:passwd|pwd|pswd|psw|pw)[ \\t]{1,2}${BOTH}`, "i");
  const PASSWORD_MIXED = new RegExp(
    "(?<![A-Za-z])(?:[Pp]ass ?[Ww]ords?|[Pp]asswd|[Pp]wd|[Pp]w)\\s{1,2}(?=[^a-z\\s]*[a-z])(?=[^A-Z\\s]*[A-Z])"
      + `(?=[^\\d\\s]*\\d[!-~]*[A-Za-z])${NO_ADDRESS}[!-~]{8,24}(?![!-~])`);
  const PASSWORD_BELOW = new RegExp(
    "(?:^|\\n)[>*\\- \\t]{0,4}(?:(?:my|the|your|wallet|login|account|payment|user|email|app|old|new|current) ){0,2}"
      + `(?:(?:pass ?words?|passwd|pwd|pw)[ \\t]?\\r?\\n${BOTH}|pin(?: code)?[ \\t]?\\r?\\n\\d{4,8})(?=[ \\t]{0,3}\\r?(?:\\n|$))`, "i");
  const PASSWORDS = [PASSWORD, PASSWORD_BARE, PASSWORD_SHORT, PASSWORD_MIXED, PASSWORD_BELOW];

  const FINDERS = [
    ["recovery_phrase", isPhrase],
    ["private_key", isKey],
    ["keystore", (text) => (KEY_FILE.test(text) && KEY_FILE_TOO.test(text)) || VAULT.every((member) => member.test(text))],
    ["card", isCard],
    ["card_code", (text) => CARD_CODE.test(text)],
    ["one_time_code", (text) => [CODE, CODE_FIRST, CODE_SENT, CODE_MAKER].some((pattern) => pattern.test(text))],
    ["password", (text) => PASSWORDS.some((pattern) => pattern.test(text))],
    ["identity", isIdentity],
  ];

  /** The kinds of secrets a text seems to hold. ``words``: a Set of the English word list, once it is there. */
  function find(text, words = null) {
    const plain = folded(text);
    const parted = folded(text, " ");
    const readings = new Set([plain, withBlanks(plain)]);
    const found = FINDERS.filter(([, isThere]) => [...readings].some((reading) => isThere(reading, words))).map(([kind]) => kind);
    if (parted !== plain && !found.includes("recovery_phrase") && isPhrase(parted, words)) found.unshift("recovery_phrase");
    return found;
  }

  window.SecretFinder = { find, looksLikeWords };
})();
