import { PacMachine, type PacAnswer } from "../../../src/route/pac/pac-machine.ts";
import { TransportError } from "@fairlead/core";
import fc from "fast-check";
import assert from "node:assert/strict";
import { describe, test } from "node:test";

/** What an expression of a script comes to, as text. */
async function evaluate(expression: string, names: Readonly<Record<string, string | null>> = {}): Promise<PacAnswer> {
  const machine = await PacMachine.load(`function FindProxyForURL(url, host) { return String(${expression}); }`);
  return machine.ask("http://www.a.example/path", "www.a.example", new Map(Object.entries(names)));
}

const now = new Date();
const day = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
const today = String(day[now.getDay()]);
const tomorrow = String(day[(now.getDay() + 1) % 7]);
const yesterday = String(day[(now.getDay() + 6) % 7]);
const year = now.getFullYear();

const table: [expression: string, value: unknown][] = [
  ["isPlainHostName('www')", true],
  ["isPlainHostName('www.a.example')", false],
  ["dnsDomainIs(host, '.a.example')", true],
  ["dnsDomainIs(host, '.b.example')", false],
  ["localHostOrDomainIs('www', 'www.a.example')", true],
  ["localHostOrDomainIs('www.a.example', 'www.a.example')", true],
  ["localHostOrDomainIs('home', 'www.a.example')", false],
  ["localHostOrDomainIs('www.b.example', 'www.a.example')", false],
  ["dnsDomainLevels(host)", 2],
  ["isInNet('10.1.2.3', '10.0.0.0', '255.0.0.0')", true],
  ["isInNet('11.1.2.3', '10.0.0.0', '255.0.0.0')", false],
  ["isInNet('10.1.2.3', '10.0.0.0', 'nonsense')", false],
  ["convert_addr('1.2.3.4')", 0x01020304],
  ["shExpMatch('http://a.example/x/y.html', '*/x/*.html')", true],
  ["shExpMatch('http://a.example/', 'http://b*')", false],
  ["shExpMatch('a.example', 'a?example')", true],
  ["shExpMatch('aXexample', 'a.example')", false],
  ["shExpMatch('a(b', 'a(b')", true],
  ["weekdayRange('SUN', 'SAT')", true],
  [`weekdayRange('${today}')`, true],
  [`weekdayRange('${tomorrow}')`, false],
  [`weekdayRange('${yesterday}', '${tomorrow}')`, true],
  [`weekdayRange('${tomorrow}', '${yesterday}')`, false],
  ["weekdayRange('SUN', 'SAT', 'GMT')", true],
  ["weekdayRange('NEVER')", false],
  [`dateRange(${String(now.getDate())})`, true],
  [`dateRange(${String((now.getDate() % 28) + 1)})`, now.getDate() === (now.getDate() % 28) + 1],
  [`dateRange(${String(year)})`, true],
  [`dateRange(${String(year - 1)}, ${String(year + 1)})`, true],
  [`dateRange(${String(year + 1)}, ${String(year + 2)})`, false],
  ["dateRange('JAN', 'DEC')", true],
  ["dateRange(1, 'JAN', 31, 'DEC')", true],
  [`dateRange(1, 'JAN', ${String(year)}, 31, 'DEC', ${String(year)})`, true],
  [`dateRange(1, 'JAN', ${String(year + 1)}, 31, 'DEC', ${String(year + 1)}, 'GMT')`, false],
  ["dateRange('nonsense')", false],
  ["timeRange(0, 24)", true],
  ["timeRange(0, 0, 0, 23, 59, 59)", true],
  ["timeRange(0, 0, 23, 59, 'GMT')", true],
  ["timeRange('x')", false],
  ["/^\\d+\\.\\d+\\.\\d+\\.\\d+$/.test(myIpAddress())", true],
  ["url + ' ' + host", "http://www.a.example/path www.a.example"],
  ["typeof require + typeof process + typeof fetch + typeof setTimeout + typeof Promise", "undefined".repeat(5)],
  ["typeof lookUp + typeof ownAddress", "undefinedundefined"],
];

describe("a script", () => {
  for (const [expression, value] of table) {
    test(`${expression} is ${String(value)}`, async () => {
      assert.deepEqual(await evaluate(expression), { type: "answer", text: String(value) });
    });
  }

  test("wants addresses, and is asked again when they are known, even where it catches what it is told", async () => {
    const expression = "isInNet(host, '10.0.0.0', '255.0.0.0') || isResolvable('b.example')";
    assert.deepEqual(await evaluate(expression), { type: "names", names: ["www.a.example"] });
    assert.deepEqual(await evaluate(expression, { "www.a.example": "10.9.8.7" }), { type: "answer", text: "true" });
    const known = { "www.a.example": null };
    assert.deepEqual(await evaluate(expression, known), { type: "names", names: ["b.example"] });
    assert.deepEqual(await evaluate(expression, { ...known, "b.example": null }), { type: "answer", text: "false" });
    const caught = "(() => { try { return dnsResolve(host); } catch (e) { return 'nothing'; } })()";
    assert.deepEqual(await evaluate(caught), { type: "names", names: ["www.a.example"] });
  });

  test("may say null for no proxy, and be a constant", async () => {
    const machine = await PacMachine.load("const FindProxyForURL = () => null;");
    assert.deepEqual(machine.ask("http://a/", "a", new Map()), { type: "answer", text: "" });
  });
});

const hostile: [what: string, script: string, detail: RegExp][] = [
  ["never ends", "for (;;);", /thought for more than/],
  ["never ends, whatever is thrown", "try { for (;;); } finally { for (;;); }", /thought for more than/],
  ["backtracks for ever", "/^(a+)+b$/.test('a'.repeat(64));", /thought for more than/],
  ["matches for ever", "shExpMatch('a'.repeat(3000), '*a'.repeat(50) + 'b');", /thought for more than|RangeError/],
  ["fills the memory", "for (const all = []; ; ) all.push(new Array(1e5).fill(0));", /memory|thought/],
  ["fills the memory with one text", "'x'.repeat(2 ** 29);", /memory/],
  ["fills the stack", "(function again() { again(); })();", /RangeError/],
  ["throws a secret", "throw new Error('secret');", /it failed/],
  ["answers with an object", "return {};", /no text/],
  ["answers at length", "return 'PROXY a;'.repeat(1e5);", /too long/],
  ["breaks its own world", "Object.prototype.toString = null; Array.prototype.map = null; throw null;", /it failed/],
];

describe("a hostile script is stopped, and named:", () => {
  for (const [what, script, detail] of hostile) {
    for (const where of ["when it is loaded", "when it is asked"]) {
      if (where === "when it is loaded" && script.startsWith("return")) continue;
      test(`it ${what}, ${where}`, async () => {
        const text = `function FindProxyForURL() { ${script} }`;
        const load = async (): Promise<PacAnswer> => {
          const machine = await PacMachine.load(where === "when it is asked" ? text : `${script}\n${text}`);
          return machine.ask("http://a/", "a", new Map());
        };
        await assert.rejects(load(), (error: unknown) => {
          assert.ok(error instanceof TransportError);
          assert.equal(error.code, "PROXY_SCRIPT_FAILED");
          assert.match(error.message, detail);
          assert.doesNotMatch(error.message, /secret/);
          return true;
        });
      });
    }
  }

  test("it is none", async () => {
    for (const script of ["", "var FindProxyForURL = 1;", "function (", "\0", "import 'node:fs'"]) {
      await assert.rejects(PacMachine.load(script), { code: "PROXY_SCRIPT_FAILED" }, script);
    }
  });

  test("whatever the text is, it answers or fails by its name", async () => {
    const text = fc.oneof(
      fc.string(),
      fc.string().map((body) => `function FindProxyForURL(u, h) { return ${body}; }`),
    );
    await fc.assert(
      fc.asyncProperty(text, fc.string(), async (script, url) => {
        try {
          (await PacMachine.load(script)).ask(url, url, new Map());
        } catch (error) {
          assert.ok(error instanceof TransportError, String(error));
        }
      }),
      { numRuns: 25 },
    );
  });
});
