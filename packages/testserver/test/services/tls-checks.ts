import assert from "node:assert/strict";
import type { OutsideCheck } from "../describe-services.ts";

/** What clients say to a fault. */
export interface Complaints {
  /** Exit code of curl, which is built on OpenSSL, and what it says. */
  readonly curl: readonly [code: number, complaint: RegExp | string];
  /** What gnutls-cli says; not asked where it is left out. */
  readonly gnutls?: RegExp | string;
}

/** Two libraries find the fault, and say what it is. */
export function refused({ curl: [code, complaint], gnutls }: Complaints): OutsideCheck {
  return {
    by: gnutls === undefined ? ["curl"] : ["curl", "gnutls-cli"],
    check: async ({ curl, gnutlsCli }) => {
      const ours = await curl("/");
      assert.equal(ours.code, code, ours.output);
      assertSays(ours.stderr, complaint);
      if (gnutls === undefined) return;
      const theirs = await gnutlsCli([], { input: "GET / HTTP/1.0\r\n\r\n" });
      assert.equal(theirs.code, 1, theirs.output);
      assertSays(theirs.output, gnutls);
    },
  };
}

/** Two libraries get the answer. */
export function answered(): OutsideCheck {
  return {
    by: ["curl", "gnutls-cli"],
    check: async ({ curl, gnutlsCli, service }) => {
      const said = `${service.name} made this by hand\n`;
      assert.equal((await curl("/")).stdout, said);
      const { stdout } = await gnutlsCli([], { input: "GET / HTTP/1.0\r\n\r\n" });
      assert.ok(stdout.includes(said), stdout);
    },
  };
}

/**
 * Curl waits until its time is over. The last handshake message that it tells of having read is this, in its words.
 */
export function stalled(lastMessage: string | undefined): OutsideCheck {
  return {
    by: ["curl"],
    check: async ({ curl }) => {
      const { code, stderr } = await curl("--verbose", "--http1.1", "--max-time", "1", "/");
      assert.equal(code, 28, stderr);
      const read = [...stderr.matchAll(/\(IN\), TLS handshake, ([A-Za-z ]+) \(/g)].map(([, name]) => name);
      assert.equal(read.at(-1), lastMessage, stderr);
    },
  };
}

/** Fails with all that was said. */
export function assertSays(text: string, what: RegExp | string): void {
  const found = typeof what === "string" ? text.includes(what) : what.test(text);
  assert.ok(found, `no ${String(what)} in ${text}`);
}
