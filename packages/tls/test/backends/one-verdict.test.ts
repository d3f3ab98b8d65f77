import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { openSslVerifier, type VerifierAnswer } from "./openssl-verifier.ts";
import { limboCases, limboQuestion, type LimboCase } from "../certificates/limbo/cases.ts";
import { judgeChain } from "../../src/verdict/judge-chain.ts";
import { verdictMemory } from "../../src/verdict/verdict-memory.ts";
import { gnuTlsVerifier } from "./gnutls-verifier.ts";

const { cases, blobs } = limboCases();
const openSsl = openSslVerifier();
const gnuTls = gnuTlsVerifier();
const docs = readFileSync(join(import.meta.dirname, "../../../../docs/certificates.md"), "utf8");
/** Rows of the docs: `| case | node | openssl | gnutls | why |`. */
const explained = new Map(
  Array.from(
    docs.matchAll(
      /^\| `([a-z0-9:.-]+::[^`]+)` \| (lets in|`[A-Z_]+`) \| (lets in|`[A-Z_]+`) \| (lets in|`[A-Z_]+`) \| \S.*\|$/gm,
    ),
    ([, id = "", ...answers]) => [id, answers.slice(0, 3).map((each) => each.replaceAll("`", ""))],
  ),
);

for (const each of cases) {
  test(`limbo ${each.id} gets one answer from all backends${explained.has(each.id) ? ", but for what the docs explain" : ""}`, async () => {
    const answers = await answersOf(each);
    if (explained.has(each.id)) assert.deepEqual(answers, explained.get(each.id));
    else assert.equal(new Set(answers.map((answer) => answer === "lets in")).size, 1, answers.join());
  });
}

test("the docs explain no difference that there is not, and give the count", async (context) => {
  const different: string[] = [];
  let admitted = 0;
  for (const each of cases) {
    const answers = await answersOf(each);
    if (new Set(answers.map((answer) => answer === "lets in")).size > 1) different.push(each.id);
    else if (answers[0] === "lets in") admitted++;
  }
  assert.deepEqual([...explained.keys()].sort(), different.sort());
  const count = `${String(cases.length)} cases: ${String(admitted)} let in by all backends, ${String(cases.length - admitted - different.length)} refused by all, ${String(different.length)} different`;
  context.diagnostic(count);
  assert.ok(docs.includes(count), count);
});

/** What the verdict of each backend is: `node`, `openssl`, `gnutls`. */
async function answersOf(each: LimboCase): Promise<readonly string[]> {
  const { leaf, intermediates: sent, host, purpose, time, anchors: all } = limboQuestion(each, blobs);
  assert.ok(Array.isArray(all));
  const anchors = all as readonly Uint8Array[];
  const question = { leaf, sent, anchors, host, purpose, time };
  const verdicts: readonly (readonly [VerifierAnswer, readonly Uint8Array[]])[] = [
    [openSsl(question, true), sentByNode(leaf, sent, anchors)],
    [openSsl(question, false), sent],
    [gnuTls(question), sent],
  ];
  const certificates = anchors.map(
    (der) => `-----BEGIN CERTIFICATE-----\n${Buffer.from(der).toString("base64")}\n-----END CERTIFICATE-----`,
  );
  return Promise.all(
    verdicts.map(async ([library, shown]) => {
      const { objection } = await judgeChain(
        { leaf, sent: shown, withheld: () => sent, staple: undefined, library },
        {
          purpose,
          host,
          peer: undefined,
          trust: { type: "anchors", certificates },
          revocation:
            each.lists.length === 0 ? undefined : { lists: each.lists.map((list) => blobs[list] ?? Buffer.alloc(0)) },
        },
        { now: time, memory: verdictMemory() },
      );
      return objection === undefined ? "lets in" : (library ?? objection.problems[0]?.code ?? "");
    }),
  );
}

/** Of what is sent, node:tls hands out one issuer for each certificate, and what its anchors add. */
function sentByNode(
  leaf: Uint8Array,
  sent: readonly Uint8Array[],
  anchors: readonly Uint8Array[],
): readonly Uint8Array[] {
  const rest = [...sent];
  const chain: Uint8Array[] = [];
  let last = readable(leaf);
  while (last !== undefined) {
    const child: X509Certificate = last;
    const index = rest.findIndex((der) => readable(der) !== undefined && child.checkIssued(new X509Certificate(der)));
    const [issuer] = index === -1 ? [] : rest.splice(index, 1);
    const found =
      issuer ?? anchors.find((der) => readable(der) !== undefined && child.checkIssued(new X509Certificate(der)));
    if (found === undefined || chain.includes(found)) break;
    chain.push(found);
    last = readable(found);
  }
  return chain;
}

function readable(der: Uint8Array): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}
