import assert from "node:assert/strict";
import { nameServices } from "../../src/services/names/index.ts";
import { describeServices, type OutsideCheck, type ServiceCheck } from "../describe-services.ts";
import type { Outcome } from "../outside.ts";
import { comesInPieces } from "./pieces.ts";

const answered = /status: NOERROR[\s\S]*\n\S+\s+60\s+IN\s+A\s+127\.0\.0\.1\n/;

/** A query as it goes by TCP: A of good.names.test, number 0xabcd. */
const question = Buffer.from(
  "0021abcd01000001000000000000" + "04676f6f64" + "056e616d6573" + "0474657374" + "0000010001",
  "hex",
);

describeServices(nameServices, {
  dns: digs(answered, "good.names.test"),
  "dns-tcp": digs(/"x{255}"[\s\S]*\(TCP\)/, "txt-5000.names.test", "TXT", "+tcp"),
  "dns-tls": {
    by: ["dig"],
    check: async (check) => {
      const { stdout } = await dig(check, "good.names.test", ...trusting(check));
      assert.match(stdout, /127\.0\.0\.1\n[\s\S]*\(TLS\)/);
      assert.equal(check.service.connections.secured, 1);
    },
  },
  "dns-tls-wrong-host": {
    by: ["dig"],
    check: async (check) => {
      assert.match(
        (await dig(check, "good.names.test", ...trusting(check))).stdout,
        /TLS peer certificate verification .*failed|no servers could be reached/,
      );
      const unchecked = await dig(check, "good.names.test", "+tls");
      assert.match(unchecked.stdout, answered);
    },
  },
  "dns-tcp-slices": {
    by: ["dig", "python3"],
    check: async (check) => {
      assert.match((await dig(check, "good.names.test", "+tcp")).stdout, answered);
      const answers = await comesInPieces(check, [[Buffer.concat([question, question]), "end"]]);
      // Each whole, one behind the other: its length, the question's number, and in the end the address.
      assert.equal(answers.length % 2, 0);
      for (const at of [0, answers.length / 2]) {
        assert.equal(answers.readUInt16BE(at), answers.length / 2 - 2);
        assert.equal(answers.readUInt16BE(at + 2), 0xabcd);
      }
      assert.deepEqual([...answers.subarray(-4)], [127, 0, 0, 1]);
    },
  },
  "dns-tcp-close": digs(/unexpected end of file|end of file/, "good.names.test", "+tcp"),
  "dns-silent": digs(/timed out/, "good.names.test", "+time=1"),
  "dns-refuse": digs(/status: REFUSED/, "good.names.test"),
  "dns-servfail": digs(/status: SERVFAIL/, "good.names.test"),
  "dns-truncate": digs(/Truncated, retrying in TCP mode[\s\S]*connection refused/, "good.names.test"),
  "dns-portal": digs(/status: NOERROR[\s\S]*www\.example\.com\.\s+60\s+IN\s+A\s+127\.0\.0\.1\n/, "www.example.com"),
  "dns-no-edns": {
    by: ["dig"],
    check: async (check) => {
      assert.match((await dig(check, "good.names.test")).stdout, /status: FORMERR/);
      assert.match((await dig(check, "good.names.test", "+noedns")).stdout, answered);
    },
  },
  "dns-no-missing": digs(answered, "missing.names.test"),
  "dns-filter": {
    by: ["dig"],
    check: async (check) => {
      assert.match((await dig(check, "ads.fairlead.test")).stdout, /\sA\s+0\.0\.0\.0\n/);
      assert.match((await dig(check, "malware.fairlead.test")).stdout, /NXDOMAIN[\s\S]*EDE: 15 \(Blocked\)/);
      assert.match((await dig(check, "a.fairlead.test")).stdout, answered);
    },
  },
  "dns-slow": {
    by: ["dig"],
    check: async (check) => {
      const { stdout } = await dig(check, "good.names.test");
      assert.match(stdout, answered);
      assert.ok(Number(/Query time: (\d+) msec/.exec(stdout)?.[1]) >= 490);
    },
  },
});

function digs(expected: RegExp, ...arguments_: readonly string[]): OutsideCheck {
  return {
    by: ["dig"],
    check: async (check) => {
      assert.match((await dig(check, ...arguments_)).stdout, expected);
    },
  };
}

function dig({ run, service }: ServiceCheck, ...arguments_: readonly string[]): Promise<Outcome> {
  return run("dig", [`@${service.host}`, "-p", String(service.port), "+tries=1", "+time=10", ...arguments_]);
}

function trusting({ caFile }: ServiceCheck): readonly string[] {
  return [`+tls-ca=${caFile}`, "+tls-hostname=localhost"];
}
