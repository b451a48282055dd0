// Does a text that somebody is typing look as if a secret stood in it? Names of kinds, as the server names them; it never
// sends the text anywhere. Rougher than the server's detector (tickets/rules/secrets), which has the last word: this one
// only warns. A test holds both to the same secrets and look-alikes.
(() => {
  "use strict";

  const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]/g;
  //: What nobody sees may hide in a word, or part two.
  const folded = (text, unseen = "") => text.replace(UNSEEN, unseen).normalize("NFKC");

  // ── Recovery phrases ──────────────────────────────────────────────────────────────────────────────────────
  const SHORTEST = 12;
  //: What stands between words of a list without being one.
  const BETWEEN = new Set("a an the and is are of my no nr num li ol ul td tr br div span nbsp number item step st nd rd th".split(" "));
  //: "word" and its like name each place of a list, and are left out where they do.
  const NAMING = new Set(["word", "number", "item", "step"]);
  const HAN = "\u4e00-\u9fff";
  const COUNTED = /第\s{0,2}[\d一二三四五六七八九十]{1,3}\s{0,2}(?:个|個|位)?(?:词|詞|字)?\s{0,2}(?:是|为|為)?/g;
  const APART = new RegExp(`[${HAN}](?:[^${HAN}]{1,20}[${HAN}](?![${HAN}])){${SHORTEST - 1},}`);
  const NAMED = new RegExp(`(?:助[记記][词詞]|[种種]子[词詞]|mnemonic|seed)\\s?(?:是|为|為|如下)?[\\s:,;]{0,3}([${HAN}]{12,24})(?![${HAN}])`, "i");
  const LENGTHS = new Set([12, 15, 18, 21, 24]);

  const tokensOf = (text) => text.toLowerCase().match(/[a-z]+/g) ?? [];

  function longestRun(tokens, isWord, skipped = new Set()) {
    let run = 0;
    let longest = 0;
    for (const token of tokens) {
      if (isWord(token) && !skipped.has(token)) longest = Math.max(longest, (run += 1));
      else if (!skipped.has(token) && !BETWEEN.has(token) && token.length > 1) run = 0;
    }
    return longest;
  }

  /** Whether it is worth having the word list for a text: twelve words in a row of the length that its words have. */
  function looksLikeWords(text) {
    const isLong = (token) => token.length >= 3 && token.length <= 8;
    return ["", " "].some((unseen) => longestRun(tokensOf(folded(text, unseen)), isLong) >= SHORTEST);
  }

  function isPhrase(text, words) {
    const counted = text.replace(COUNTED, " ");
    if (APART.test(text) || (counted !== text && APART.test(counted))) return true;
    const named = NAMED.exec(text);
    if (named !== null && LENGTHS.has(named[1].length)) return true;
    if (!words) return false;
    const tokens = tokensOf(text);
    const isWord = (token) => words.has(token);
    return [new Set(), NAMING].some((skipped) => longestRun(tokens, isWord, skipped) >= SHORTEST);
  }

  // ── Keys ──────────────────────────────────────────────────────────────────────────────────────────────────
  const B58 = "1-9A-HJ-NP-Za-km-z";
  const JOINED_LINES = new RegExp(`([${B58}]{16,})[ \\t]*\\n[> \\t]*(?=[${B58}]{16,})`, "g");
  const KEYS = [
    new RegExp(`(?<![A-Za-z0-9])(?=[${B58}]*\\d)(?=[${B58}]*[a-z])(?=[${B58}]*[A-Z])(?:[5KLc9T67Q][${B58}]{50,51}|6P[${B58}]{56})(?![A-Za-z0-9])`),
    new RegExp(`(?<![A-Za-z0-9])[a-zA-Z]prv[${B58}]{107,108}(?![A-Za-z0-9])`),
    /BEGIN (?:[A-Z0-9]{1,20} ){0,3}PRIVATE KEY|PuTTY-User-Key-File-\d/,
  ];
  const KEY_FILE = /["']?\bcipher_?text\\?["']?\s*[:=]/i;
  const KEY_FILE_TOO = /\bkdf|\bcrypto\b|\bscrypt\b|\bmac\b/i;
  const RAW = /(?<![0-9A-Za-z])(?:0x)?(?:(?:[0-9a-f]{64}){1,2}|[0-9a-f]{32}\s[0-9a-f]{32})(?![0-9A-Za-z])/gi;
  const CALLED = /(private|priv|secret|signing|wallet|spend) ?[-_]?\s?key|privkey|\bsecret\b|\bseed\b|私[钥鑰]|密[钥鑰]|(?<other>\btx|transaction|hash|block|checksum|public ?key|order|address|哈希|交易|地址|订单|单号|流水)/gi;

  function isRawKey(text) {
    for (const found of text.matchAll(RAW)) {
      const before = [...text.slice(Math.max(0, found.index - 60), found.index).matchAll(CALLED)].pop();
      const after = text.slice(found.index + found[0].length, found.index + found[0].length + 30).matchAll(CALLED).next().value;
      const called = before ?? after;
      if (called && !called.groups.other) return true;
    }
    return false;
  }

  function isKey(text) {
    const whole = text.replace(JOINED_LINES, "$1");
    return KEYS.some((pattern) => pattern.test(whole)) || isRawKey(text);
  }

  // ── Numbers ───────────────────────────────────────────────────────────────────────────────────────────────
  const CARD = /(?<![A-Za-z0-9_+]|\d[.,]|\d[ -]|[A-Z]{2}\d\d )(?:[2-6]|81|82|1220)\d{2,}(?:[ \-\n]?\d{2,}){0,5}(?![A-Za-z0-9_]|[ -]\d)/g;
  const OTHER = /(?:\border|transaction|\btxn?|trace|\bref|tracking|invoice|serial|ticket|case|imei|单号|單號|订单|訂單|流水|交易[号號]|运单|快递|发票|编号)(?:\s{0,2}(?:no|nr|num)\.)?[^\n,.;!?\d]{0,14}$/i;
  const CARD_CODE = /(?:cvv2?|cvc2?|cvn2?|csc|安全[码碼])(?:\s{0,3}(?:is|code|number|是|为|為|[:=#\-])){0,4}\s{0,3}\d{3,4}(?!\d)/i;
  const IDENTITY = /(?<![0-9A-Za-z])[1-8]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?![0-9A-Za-z])/g;
  const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

  function luhn(digits) {
    let sum = 0;
    for (let place = 0; place < digits.length; place += 1) {
      const digit = +digits[digits.length - 1 - place] * (place % 2 + 1);
      sum += digit > 9 ? digit - 9 : digit;
    }
    return sum % 10 === 0;
  }

  function isCard(text) {
    for (const found of text.matchAll(CARD)) {
      const digits = found[0].replace(/\D/g, "");
      const isOther = OTHER.test(text.slice(Math.max(0, found.index - 40), found.index));
      if (digits.length >= 13 && digits.length <= 19 && new Set(digits).size > 1 && luhn(digits) && !isOther) return true;
    }
    return false;
  }

  const isIdentity = (text) => [...text.matchAll(IDENTITY)].some(([number]) => {
    const sum = WEIGHTS.reduce((total, weight, place) => total + weight * +number[place], 0);
    return "10X98765432"[sum % 11] === number[17].toUpperCase();
  });

  // ── What only the words around it tell ────────────────────────────────────────────────────────────────────
  const SAYS = "(?:\\s{0,3}(?:is|was|it|是|为|為|就是|[:=])){1,3}\\s{0,3}[\"'“‘「]?";
  const CODE = new RegExp(
    `(?:(?:verification|security|confirmation|one[ -]?time|sms|log ?in|2fa|my) code|\\botp|passcode|[验驗][证證][码碼]|校[验驗][码碼]|[动動][态態](?:[码碼]|口令|密[码碼]))(?:${SAYS}|\\s{0,2})(?!\\d{4}-\\d\\d-)\\d(?:[ -]?\\d){3,7}(?![\\d.,:/-]*\\d|\\s?(?:元|次|分|秒|天|位|%|times|min|sec|hour|day|digit))`, "i");
  const CODE_FIRST = /(?<![\d.,:/-])\d{4,8}\s{0,2}(?:is|是)\s{0,2}(?:(?:my|your|the|我的|您的)\s{0,2})?(?:[a-z]{2,15}\s){0,2}(?:code\b|[验驗][证證][码碼])/i;
  const PASSWORD = new RegExp(
    `(?:(?<![a-z])(?:pass ?words?|pass ?phrase|passwd|pwd|pin(?: code)?)(?![a-z])|密[码碼](?!箱)|口令)${SAYS}(?=[!-~]*[0-9$#@&^])(?!\\d{1,2}[-~:])(?![!-~]*:\\/\\/)[!-~]{4,64}(?!\\s{0,2}(?:位|次|个|天|小时|分钟|characters|digits|times))`, "i");

  const FINDERS = [
    ["recovery_phrase", isPhrase],
    ["private_key", isKey],
    ["keystore", (text) => KEY_FILE.test(text) && KEY_FILE_TOO.test(text)],
    ["card", isCard],
    ["card_code", (text) => CARD_CODE.test(text)],
    ["one_time_code", (text) => CODE.test(text) || CODE_FIRST.test(text)],
    ["password", (text) => PASSWORD.test(text)],
    ["identity", isIdentity],
  ];

  /** The kinds of secrets a text seems to hold. ``words``: a Set of the English word list, once it is there. */
  function find(text, words = null) {
    const plain = folded(text);
    const parted = folded(text, " ");
    const found = FINDERS.filter(([, isThere]) => isThere(plain, words)).map(([kind]) => kind);
    if (parted !== plain && !found.includes("recovery_phrase") && isPhrase(parted, words)) found.unshift("recovery_phrase");
    return found;
  }

  window.SecretFinder = { find, looksLikeWords };
})();
