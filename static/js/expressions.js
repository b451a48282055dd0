// The admin theme says what its parts do in attributes, as small pieces of JavaScript that Alpine would compile with
// eval. Our Content-Security-Policy allows no eval, so these are read here: literals, objects, arrays, names, members,
// calls, operators, ?:, arrow functions of one expression, assignments, "if" and ";". Nothing else is understood, and
// nothing reaches further than the names below: an attribute that somebody smuggles into a page can run no code of theirs.
(() => {
  "use strict";

  const GLOBALS = new Set([
    "localStorage", "theme", "searchForm", "searchDropdown", "searchCommand", "sortRecords", "moveRecords", "getCurrentTab",
  ]);
  // From these and a string, code could be made, or a page changed behind our back.
  const FORBIDDEN = new Set([
    "constructor", "__proto__", "prototype", "innerHTML", "outerHTML", "srcdoc", "insertAdjacentHTML", "setAttribute",
    "ownerDocument", "defaultView", "view", "contentWindow", "contentDocument", "getRootNode",
  ]);
  const TOKEN = /\s*(?:(\d+(?:\.\d+)?)|([A-Za-z_$][\w$]*)|("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')|(===|!==|=>|==|!=|<=|>=|&&|\|\||\?\?|\?\.|\+\+|--|\+=|-=|[-+*/%<>=!?:;,.(){}[\]]))/y;
  const BINARY = [
    { "??": (a, b) => a() ?? b() },
    { "||": (a, b) => a() || b() },
    { "&&": (a, b) => a() && b() },
    { "===": (a, b) => a() === b(), "!==": (a, b) => a() !== b(), "==": (a, b) => a() == b(), "!=": (a, b) => a() != b() },
    { "<": (a, b) => a() < b(), ">": (a, b) => a() > b(), "<=": (a, b) => a() <= b(), ">=": (a, b) => a() >= b() },
    { "+": (a, b) => a() + b(), "-": (a, b) => a() - b() },
    { "*": (a, b) => a() * b(), "/": (a, b) => a() / b(), "%": (a, b) => a() % b() },
  ];
  const WORDS = { true: true, false: false, null: null, undefined };

  function tokens(text) {
    const found = [];
    TOKEN.lastIndex = 0;
    while (text.slice(TOKEN.lastIndex).trim() !== "") {
      const start = TOKEN.lastIndex;
      const match = TOKEN.exec(text);
      if (match === null) throw new SyntaxError(`Not understood: ${text.slice(start)}`);
      const [, number, name, string, sign] = match;
      if (number !== undefined) found.push({ kind: "value", value: Number(number) });
      else if (name !== undefined) found.push({ kind: "name", value: name });
      else if (string !== undefined) found.push({ kind: "value", value: unquoted(string) });
      else found.push({ kind: "sign", value: sign });
    }
    return found;
  }

  function unquoted(string) {
    const escapes = { n: "\n", t: "\t", r: "\r" };
    const unicode = (whole, hex, other) => (hex ? String.fromCharCode(parseInt(hex, 16)) : escapes[other] ?? other);
    return string.slice(1, -1).replace(/\\(?:u([0-9A-Fa-f]{4})|(.))/g, unicode);
  }

  const safe = (key) => {
    if (FORBIDDEN.has(String(key))) throw new TypeError(`Not allowed in an attribute: ${key}`);
    return key;
  };

  // A place that can be read and written: {get(scope), set(scope, value), owner(scope)}; each node is compiled once.
  class Reader {
    constructor(text) {
      this.rest = tokens(text);
      this.at = 0;
    }

    peek(value, ahead = 0) {
      const token = this.rest[this.at + ahead];
      return token !== undefined && token.kind !== "value" && token.value === value;
    }

    take(value) {
      if (!this.peek(value)) return false;
      this.at += 1;
      return true;
    }

    expect(value) {
      if (!this.take(value)) throw new SyntaxError(`Expected ${value}`);
    }

    next() {
      const token = this.rest[this.at];
      if (token === undefined) throw new SyntaxError("Ends too early");
      this.at += 1;
      return token;
    }

    program() {
      const run = this.statements(() => this.at >= this.rest.length);
      return run;
    }

    statements(ends) {
      const steps = [];
      while (!ends()) {
        if (this.take(";")) continue;
        steps.push(this.statement());
      }
      return (scope) => steps.reduce((_before, step) => step(scope), undefined);
    }

    statement() {
      if (!this.take("if")) return this.expression();
      this.expect("(");
      const test = this.expression();
      this.expect(")");
      const then = this.block();
      const otherwise = this.take("else") ? this.block() : () => undefined;
      return (scope) => (test(scope) ? then(scope) : otherwise(scope));
    }

    block() {
      if (!this.take("{")) return this.statement();
      const steps = this.statements(() => this.peek("}"));
      this.expect("}");
      return steps;
    }

    expression() {
      const arrow = this.arrow();
      if (arrow !== null) return arrow;
      const left = this.ternary();
      for (const sign of ["=", "+=", "-="]) {
        if (this.take(sign)) return this.assignment(left, sign, this.expression());
      }
      return left;
    }

    arrow() {
      let names = null;
      let length = 0;
      if (this.rest[this.at]?.kind === "name" && this.peek("=>", 1)) {
        names = [this.rest[this.at].value];
        length = 2;
      } else if (this.peek("(")) {
        const end = this.rest.findIndex((token, place) => place > this.at && token.value === ")" && token.kind === "sign");
        const inside = this.rest.slice(this.at + 1, end);
        const plain = inside.every((token) => token.kind === "name" || (token.kind === "sign" && token.value === ","));
        if (end > 0 && plain && this.peek("=>", end - this.at + 1)) {
          names = inside.filter((token) => token.kind === "name").map((token) => token.value);
          length = inside.length + 3;
        }
      }
      if (names === null) return null;
      this.at += length;
      const body = this.peek("{") ? this.block() : this.expression();
      return (scope) => (...given) => {
        const own = Object.fromEntries(names.map((name, place) => [name, given[place]]));
        const has = (key) => Object.hasOwn(own, key);
        const get = (key) => (has(key) ? own[key] : scope.get(key));
        return body({ has: (key) => has(key) || scope.has(key), get, set: scope.set });
      };
    }

    assignment(left, sign, right) {
      if (left.set === undefined) throw new SyntaxError("Nothing that can be assigned to");
      return (scope) => {
        const value = right(scope);
        const now = sign === "=" ? value : sign === "+=" ? left(scope) + value : left(scope) - value;
        left.set(scope, now);
        return now;
      };
    }

    ternary() {
      const test = this.binary(0);
      if (!this.take("?")) return test;
      const yes = this.expression();
      this.expect(":");
      const no = this.expression();
      return (scope) => (test(scope) ? yes(scope) : no(scope));
    }

    binary(level) {
      if (level === BINARY.length) return this.unary();
      let left = this.binary(level + 1);
      for (;;) {
        const sign = Object.keys(BINARY[level]).find((one) => this.peek(one));
        if (sign === undefined) return left;
        this.at += 1;
        const [first, second, work] = [left, this.binary(level + 1), BINARY[level][sign]];
        left = (scope) => work(() => first(scope), () => second(scope));
      }
    }

    unary() {
      if (this.take("!")) return negated(this.unary(), (value) => !value);
      if (this.take("-")) return negated(this.unary(), (value) => -value);
      if (this.take("typeof")) return negated(this.unary(), (value) => typeof value);
      const place = this.postfix();
      for (const [sign, step] of [["++", 1], ["--", -1]]) {
        if (this.take(sign)) {
          return (scope) => {
            const before = place(scope);
            place.set(scope, before + step);
            return before;
          };
        }
      }
      return place;
    }

    postfix() {
      let node = this.primary();
      for (;;) {
        if (this.take(".")) node = member(node, constant(this.next().value), false);
        else if (this.take("?.")) node = member(node, constant(this.next().value), true);
        else if (this.take("[")) {
          const key = this.expression();
          this.expect("]");
          node = member(node, key, false);
        } else if (this.take("(")) node = call(node, this.list(")"));
        else return node;
      }
    }

    list(end) {
      const all = [];
      while (!this.take(end)) {
        all.push(this.expression());
        if (!this.peek(end)) this.expect(",");
      }
      return all;
    }

    primary() {
      if (this.take("(")) {
        const inner = this.expression();
        this.expect(")");
        return inner;
      }
      if (this.take("[")) {
        const all = this.list("]");
        return (scope) => all.map((one) => one(scope));
      }
      if (this.take("{")) return this.object();
      const token = this.next();
      if (token.kind === "value") return constant(token.value);
      if (token.kind === "name") return Object.hasOwn(WORDS, token.value) ? constant(WORDS[token.value]) : named(token.value);
      throw new SyntaxError(`Unexpected ${token.value}`);
    }

    object() {
      const parts = [];
      while (!this.take("}")) {
        const token = this.next();
        const key = safe(token.value);
        parts.push([key, this.take(":") ? this.expression() : named(key)]);
        if (!this.peek("}")) this.expect(",");
      }
      return (scope) => Object.fromEntries(parts.map(([key, value]) => [key, value(scope)]));
    }
  }

  const constant = (value) => () => value;
  const negated = (node, work) => (scope) => work(node(scope));

  function named(name) {
    safe(name);
    const node = (scope) => {
      if (scope.has(name)) return scope.get(name);
      if (name === "window") return { location: window.location };
      if (GLOBALS.has(name)) return globalThis[name] ?? lexical[name]?.();
      throw new ReferenceError(`${name} is not known here`);
    };
    node.set = (scope, value) => scope.set(name, value);
    return node;
  }

  // "const" at the top of a script is no property of window.
  const lexical = { moveRecords: () => (typeof moveRecords === "undefined" ? undefined : moveRecords) };

  function member(node, key, optional) {
    const place = (scope) => place.within(scope)[1];
    place.within = (scope) => {
      const owner = node(scope);
      if (optional && (owner === null || owner === undefined)) return [owner, undefined];
      return [owner, owner[safe(key(scope))]];
    };
    place.set = (scope, value) => {
      node(scope)[safe(key(scope))] = value;
    };
    return place;
  }

  function call(node, given) {
    return (scope) => {
      const [owner, work] = node.within ? node.within(scope) : [undefined, node(scope)];
      if (typeof work !== "function") throw new TypeError("Not a function");
      return work.apply(owner, given.map((one) => one(scope)));
    };
  }

  // What Alpine gives every expression besides its data.
  function magics(el) {
    return {
      $el: () => el,
      $root: () => Alpine.closestRoot(el),
      $data: () => Alpine.mergeProxies(Alpine.closestDataStack(el)),
      $store: () => (name) => Alpine.store(name),
      $nextTick: () => Alpine.nextTick,
      $refs: () => refs(el),
      $dispatch: () => (name, detail = {}) =>
        el.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true, cancelable: true })),
      $watch: () => (key, heard) => watch(el, key, heard),
    };
  }

  function refs(el) {
    const found = {};
    for (let at = el; at; at = at.parentElement || at._x_teleportBack) Object.assign(found, { ...at._x_refs, ...found });
    return found;
  }

  function watch(el, key, heard) {
    let before;
    let first = true;
    const get = Alpine.evaluateLater(el, key);
    Alpine.effect(() =>
      get((value) => {
        JSON.stringify(value);
        const [told, last] = [!first, before];
        [first, before] = [false, value];
        if (told) queueMicrotask(() => heard(value, last));
      }),
    );
  }

  const compiled = new Map();
  function compile(text) {
    if (!compiled.has(text)) compiled.set(text, new Reader(text).program());
    return compiled.get(text);
  }

  // "width: 3px" as Alpine's string would become a style attribute, which the policy refuses; an object does not.
  function styled(el, text, value) {
    if (typeof value !== "string" || el.getAttribute("x-bind:style") !== text) return value;
    const parts = value.split(";").map((part) => part.split(":").map((word) => word.trim()));
    return Object.fromEntries(parts.filter((part) => part.length === 2));
  }

  function evaluator(el, expression) {
    return (receiver = () => {}, { scope = {}, params = [] } = {}) => {
      try {
        const data = Alpine.mergeProxies([scope, ...Alpine.closestDataStack(el)]);
        const value = typeof expression === "function" ? called(expression, el, data, params) : read(el, expression, data);
        const known = typeof value === "function" ? value.apply(data, params) : value;
        if (known instanceof Promise) known.then((late) => receiver(late));
        else receiver(styled(el, expression, known));
      } catch (error) {
        console.error(`In an attribute: ${error.message}`, expression, el);
      }
    };
  }

  function read(el, text, data) {
    const own = magics(el);
    const reach = {
      has: (key) => Object.hasOwn(own, key) || key in data,
      get: (key) => (key in data ? bound(data, key) : own[key]()),
      set: (key, value) => {
        if (!(key in data)) throw new ReferenceError(`${key} is not known here`);
        data[key] = value;
      },
    };
    return compile(text)(reach);
  }

  // A method of the data keeps its "this"; called by name it has no owner otherwise.
  function bound(data, key) {
    const value = data[key];
    return typeof value === "function" && !/^class\b/.test(String(value)) ? value.bind(data) : value;
  }

  function called(work, el, data, params) {
    const own = magics(el);
    const withMagics = new Proxy(data, {
      get: (target, key) => (typeof key === "string" && Object.hasOwn(own, key) && !(key in target) ? own[key]() : target[key]),
      has: (target, key) => (typeof key === "string" && Object.hasOwn(own, key)) || key in target,
    });
    return work.apply(withMagics, params);
  }

  document.addEventListener("alpine:init", () => Alpine.setEvaluator(evaluator));
})();
