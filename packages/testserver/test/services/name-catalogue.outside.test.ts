import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { on } from "node:events";
import { after, before, describe, test } from "node:test";
import { startTestNetwork, type TestNetwork } from "@fairlead/testserver";
import { detour } from "../detour.ts";
import { findName, testNameCatalogue } from "../../src/services/names/catalogue.ts";
import { isMissing, run } from "../outside.ts";

const address = /status: NOERROR[\s\S]* A 127\.0\.0\.1\n/;
const timedOut = /timed out|no servers could be reached/;
const network6 = / AAAA ::1\n/;

/** What dig shows of each name; a list for several questions in a row, each with the options behind the name. */
const expected: Readonly<Record<string, RegExp | readonly (readonly [expected: RegExp, ...options: string[]])[]>> = {
  good: address,
  "ipv6-only": [[network6, "AAAA"], [/status: NOERROR[\s\S]*ANSWER: 0, AUTHORITY: 1/]],
  both: [[address], [network6, "AAAA"]],
  "dead-ipv6": [[address], [/ AAAA 2001:db8::1\n/, "AAAA"]],
  "dead-first": / A 192\.0\.2\.1\n.* A 127\.0\.0\.1\n/,
  "refusing-first": / A 127\.0\.0\.2\n.* A 127\.0\.0\.3\n.* A 127\.0\.0\.1\n/,
  "addresses-N": [[/Truncated[\s\S]*ANSWER: 100,[\s\S]*\(TCP\)/], [/flags: [^;]*\btc\b/, "+ignore"]],
  "rotating-NAME": [[/\.1\n.*\.2\n.*\.3\n/], [/\.2\n.*\.3\n.*\.1\n/], [/\.3\n.*\.1\n.*\.2\n/], [/\.1\n.*\.2\n.*\.3\n/]],
  "rebind-NAME": [[/ 0 IN A 192\.0\.2\.1\n/], [/ 0 IN A 127\.0\.0\.1\n/], [/ 0 IN A 127\.0\.0\.1\n/]],
  "rebind-both": / A 192\.0\.2\.1\n.* A 127\.0\.0\.1\n/,
  private: / A 10\.0\.0\.1\n/,
  metadata: / A 169\.254\.169\.254\n/,
  unspecified: [[/ A 0\.0\.0\.0\n/], [/ AAAA ::\n/, "AAAA"]],
  mapped: / AAAA ::ffff:127\.0\.0\.1\n/,
  "ttl-N": / 3600 IN A/,
  "ttl-negative": / 2147483648 IN A/,
  missing: /status: NXDOMAIN[\s\S]*SOA .* 60\n/,
  "missing-bare": /status: NXDOMAIN[\s\S]*ANSWER: 0, AUTHORITY: 0/,
  nodata: /status: NOERROR[\s\S]*ANSWER: 0, AUTHORITY: 1[\s\S]*SOA /,
  "nodata-bare": /status: NOERROR[\s\S]*ANSWER: 0, AUTHORITY: 0/,
  "cname-N": /cname-5\S* .*CNAME cname-4[\s\S]*cname-1\S* .*CNAME good[\s\S]*good\S* .*A 127/,
  "cname-loop": /CNAME cname-pool[\s\S]*CNAME cname-loop/,
  "cname-pool": /CNAME cname-loop[\s\S]*CNAME cname-pool/,
  "cname-self": /CNAME cname-self/,
  "cname-dangling": /NXDOMAIN[\s\S]*CNAME missing[\s\S]*SOA /,
  "cname-unfinished": /ANSWER: 1,[\s\S]*CNAME good/,
  "cname-elsewhere": /CNAME a\.fairlead\.test\.\n[\s\S]*a\.fairlead\.test\. 60 IN A 127/,
  "cname-backwards": /good\S* .*A 127\.0\.0\.1\n.*CNAME good\S*\n.*CNAME cname-1/,
  "cname-two": /CNAME good[\s\S]*CNAME dead-first/,
  "cname-and-address": /CNAME good[\s\S]*cname-and-address\S* 60 IN A 127/,
  "x.dname": /DNAME wild[\s\S]*CNAME x\.wild[\s\S]*A 127/,
  mx: /MX 20 missing\S*\n.*MX 10 good/,
  "mx-none": /MX 0 \.\n/,
  txt: /TXT "v=spf1 -all"\n.*TXT "with \\"quotes\\" and \\\\ backslash"/,
  "txt-parts": /TXT "one" "two" ""/,
  "txt-binary": /TXT "\\000\\001\\002.*\\253\\254" "\\255"/,
  "txt-N": /Truncated[\s\S]*"x{255}"[\s\S]*\(TCP\)/,
  caa: /CAA 0 issue "ca\.fairlead\.test"\n.*CAA 128 issuewild ";"/,
  "_443._tcp.tlsa": /TLSA 3 1 1 ABAB/,
  "unknown-type": /TYPE65280 \\# 3 010203/,
  "x.wild": [[address], [/ANSWER: 1/, "+noidnout"]],
  "xn--bcher-kva": address,
  _underscore: address,
  // What was asked comes back in the answer.
  "case-lower": [[address], [/(?:;case-lower\.names\.test\. IN A\n[\s\S]*){2}/, "-q", "CASE-Lower.names.test"]],
  bogus: [[/RRSIG A 13 3 60 .* 4711 names\.test\./, "+dnssec"], [/ANSWER: 1,/]],
  verified: /flags: [^;]*\bad\b/,
  "https-h2": [[/HTTPS 1 \. alpn="h2" port=\d+ ipv4hint=127\.0\.0\.1\n/, "HTTPS"], [address]],
  "https-alias": /HTTPS 0 https-h2\.names\.test\.\n/,
  "https-several": /HTTPS 2 \. .*\n.*HTTPS 1 \. .*\n.*HTTPS 3 \. /,
  "https-ech": /HTTPS 1 \. alpn="h2" ech=AAT\+DQAA\n/,
  "https-mandatory": /HTTPS 1 \. mandatory=key65280 key65280="\\001"/,
  "https-no-default": /HTTPS 1 \. alpn="h3" no-default-alpn\n/,
  "https-hint-only": [[/ipv4hint=127\.0\.0\.1/, "HTTPS"], [/ANSWER: 0, AUTHORITY: 1/]],
  "https-unordered": /Got bad packet: FORMERR/,
  "https-no-service": /HTTPS 0 \.\n/,
  "_8443._https.svcb": /SVCB 1 good\.names\.test\. port=8443\n/,
  "_http._tcp.srv": /SRV 20 0 \d+ good\S*\n.*SRV 10 60 \d+ good/,
  "_none._tcp.srv": /SRV 0 0 0 \.\n/,
  servfail: /status: SERVFAIL/,
  refused: /status: REFUSED/,
  formerr: /status: FORMERR/,
  notimp: /status: NOTIMP/,
  "rcode-N": /status: NOTAUTH/,
  explained: /status: SERVFAIL[\s\S]*EDE: 6 \(DNSSEC Bogus\): \(the signature is of another key\)/,
  "servfail-once-NAME": [[/status: SERVFAIL/], [address]],
  silent: timedOut,
  "silent-udp": [[timedOut], [address, "+tcp"]],
  "silent-once-NAME": [[timedOut], [address]],
  "silent-ipv6": [[address], [timedOut, "AAAA"]],
  "slow-N": /127\.0\.0\.1\n[\s\S]*Query time: (?:29|[3-9]\d|\d{3})\d msec/,
  "slow-ipv6-N": [[address], [/AUTHORITY: 1[\s\S]*Query time: (?:29|[3-9]\d|\d{3})\d msec/, "AAAA"]],
  truncated: [[/Truncated[\s\S]*127\.0\.0\.1\n[\s\S]*\(TCP\)/], [/\btc\b[\s\S]*ANSWER: 0/, "+ignore"]],
  "truncated-part": [[/flags: [^;]*\btc\b[^;]*;[\s\S]*ANSWER: 1,/, "+ignore"]],
  "truncated-always": /Truncated[\s\S]*\btc\b[\s\S]*\(TCP\)/,
  referral: /flags: qr rd;[\s\S]*NS ns\.referral[\s\S]*A 192\.0\.2\.53/,
  "wrong-id": /ID mismatch[\s\S]*timed out/,
  "wrong-port": timedOut,
  "wrong-question": /Question section mismatch/,
  "no-question": /QUERY: 0, ANSWER: 1/,
  "no-response": /Warning: query response not set/,
  "wrong-name": /other\.test\. 60 IN A 127/,
  "wrong-type": /AAAA ::1/,
  poison: /ADDITIONAL SECTION:\nother\.test\. +86400 IN A 192\.0\.2\.66/,
  twice: address,
  conflicting: /192\.0\.2\.1/,
  garbage: /ID mismatch[\s\S]*timed out/,
  empty: /short \(< header size\) message received/,
  "head-only": /malformed message packet[\s\S]*ANSWER: 1,[\s\S]*rcvd: 12\n/,
  cut: /malformed message packet[\s\S]*2 extra bytes/,
  "count-lie": /malformed message packet[\s\S]*ANSWER: 5,/,
  "length-lie": /malformed message packet[\s\S]*15 extra bytes/,
  "long-address": /bad packet: extra input data/,
  "pointer-loop": /bad compression pointer/,
  "pointer-ahead": /bad compression pointer/,
  trailing: /16 extra bytes at end[\s\S]*A 127\.0\.0\.1/,
  "edns-none": [[/ADDITIONAL: 0/]],
  "edns-formerr": [[/FORMERR/], [address, "+noedns"]],
  "edns-silent": [[timedOut], [address, "+noedns"]],
  "edns-badvers": /status: BADVERS/,
  "edns-unknown": /OPT=65001/,
  "edns-identifier": /NSID: .*fairlead/,
  "edns-padding": /PAD.*128 bytes/,
  cookie: /COOKIE: [0-9a-f]{32} \(good\)/,
  "cookie-required": [[/127\.0\.0\.1/], [/BADCOOKIE/, "+nobadcookie"]],
  "cookie-wrong": /COOKIE: 0001\S+ \(bad\)/,
};

describe("names below names.test, as dig shows them", { concurrency: 8 }, () => {
  let network: TestNetwork;
  before(async () => {
    network = await startTestNetwork({
      services: ["dns", "dns-tcp", "http", "https", "https-h2", "tcp-close"],
      ...detour,
    });
  });
  after(async () => {
    await network.close();
  });

  for (const { pattern, example = pattern, exampleType = "A", does } of testNameCatalogue) {
    test(`${pattern.slice(0, 40)} ${does}`, async (context) => {
      if (await isMissing(context, "dig")) return;
      const wanted = expected[pattern] ?? (pattern.length > 60 ? address : undefined);
      assert.ok(wanted, "it has a check");
      const { host, port } = network.service("dns");
      const fixed = [`@${host}`, "-p", String(port), "+noidnin"];
      for (const [shows, ...options] of wanted instanceof RegExp ? [[wanted, exampleType] as const] : wanted) {
        // For what dig leaves aside it goes on waiting for something better, all of the time that it is given.
        const isLeft = /timed out|mismatch|short/.test(shows.source);
        // A datagram may get lost; but of several questions in a row each counts.
        const patience = [`+time=${isLeft ? 2 : 8}`, `+tries=${isLeft || !(wanted instanceof RegExp) ? 1 : 2}`];
        const { stdout } = await run("dig", [...fixed, ...patience, "-q", `${example}.names.test`, ...options]);
        assert.match(stdout.replaceAll(/[\t ]+/g, " "), shows);
      }
    });
  }

  test("twice comes twice, and good once, as a socket hears them", async () => {
    const { host, port } = network.service("dns");
    await using socket = createSocket("udp4");
    const ask = (name: string, number: number): void => {
      const label = Buffer.concat([Buffer.of(name.length), Buffer.from(name)]);
      const head = Buffer.from([0, number, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0]);
      socket.send(Buffer.concat([head, label, Buffer.from("\x05names\x04test\0\0\x01\0\x01", "latin1")]), port, host);
    };
    ask("twice", 1);
    const numbers: (number | undefined)[] = [];
    for await (const [message] of on(socket, "message", { signal: AbortSignal.timeout(20_000) })) {
      numbers.push((message as Buffer)[1]);
      if (numbers.length === 2) ask("good", 2);
      if (numbers.length === 3) ask("twice", 3);
      if (numbers.length === 5) break;
    }
    assert.deepEqual(numbers, [1, 1, 2, 3, 3]);
  });
});

describe("the catalogue of names", () => {
  test("finds each name by its example, and none that is not there", () => {
    for (const testName of testNameCatalogue)
      assert.equal(findName(testName.example ?? testName.pattern)?.testName, testName);
    for (const name of ["", "nobody", "cname-", "cname-101", "cname-5x", "slow-60001", "NAME"])
      assert.equal(findName(name), undefined);
  });

  test("says what each does in one line that no other has", () => {
    const lines = testNameCatalogue.map(({ does }) => does);
    assert.equal(new Set(lines).size, lines.length);
    for (const line of lines) assert.match(line, /^[a-z]+s\b.{3,112}[^.]$/);
    assert.equal(new Set(testNameCatalogue.map(({ pattern }) => pattern)).size, lines.length);
  });
});
