import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { recordFaultFamily } from "../../src/services/tls/index.ts";
import { describeServices, type OutsideCheck } from "../describe-services.ts";
import { answered, assertSays, refused } from "./tls-checks.ts";

const request = "GET / HTTP/1.0\r\n\r\n";
const badRecord = {
  curl: [56, "decryption failed or bad record mac"],
  gnutls: "Decryption has failed",
} as const;
const badLength = "A TLS record packet with invalid length was received";
const unexpectedPacket = { curl: [56, "bad record type"], gnutls: "An unexpected TLS packet was received" } as const;

/** Curl waits for more until its time is over; this much has come. */
function waits(received: string): OutsideCheck {
  return {
    by: ["curl"],
    check: async ({ curl }) => {
      const { code, stdout, stderr } = await curl("--max-time", "1", "/");
      assert.deepEqual([code, stdout], [28, received]);
      assertSays(stderr, "Operation timed out");
    },
  };
}

/** `openssl s_client` counts the tickets; the second connection takes what the first one kept. */
function tickets(count: number, offersEarly: "none" | "rejected" | "broken"): OutsideCheck {
  return {
    by: ["openssl"],
    check: async ({ sClient, folder, service, curl }) => {
      const session = join(folder, `${service.name}.session`);
      const first = await sClient(["-sess_out", session], { input: request, until: "by hand" });
      assert.equal(first.stdout.match(/Post-Handshake New Session Ticket arrived/g)?.length, count);
      const early = join(folder, `${service.name}.early`);
      await writeFile(early, request);
      const earlyArguments = offersEarly === "none" ? [] : ["-early_data", early];
      const second = await sClient(["-sess_in", session, ...earlyArguments], { input: request, until: "by hand" });
      if (offersEarly === "broken") assertSays(second.output, "unexpected message:");
      else assertSays(second.stdout, "New, TLSv1.3, Cipher is TLS_AES_128_GCM_SHA256");
      if (offersEarly === "rejected") assertSays(second.stdout, "Early data was rejected");
      assert.equal((await curl("/")).code, 0);
    },
  };
}

describeServices(recordFaultFamily, {
  "https-oversized-record": refused({ curl: [56, "encrypted length too long"], gnutls: badLength }),
  "https-oversized-content": refused({ curl: [56, "data length too long"], gnutls: badLength }),
  "https-bad-record": refused(badRecord),
  "https-bad-record-tls12": refused({ curl: [56, "cipher operation failed"], gnutls: "Decryption has failed" }),
  "https-record-skipped": refused(badRecord),
  "https-record-repeated": refused(badRecord),
  "https-record-in-the-clear": refused(badRecord),
  "https-record-type-unknown": refused(unexpectedPacket),
  "https-heartbeat": refused(unexpectedPacket),
  "https-empty-records": refused({ curl: [56, "record too small"] }),
  "https-padded-records": {
    by: ["openssl", "curl"],
    check: async ({ sClient, curl }) => {
      assert.equal((await curl("/")).code, 0);
      const { stdout } = await sClient(["-msg", "-trace"], { input: request, until: "by hand" });
      assert.match(stdout, /Content Type = ApplicationData \(23\)\n *Length = 101[0-9]{2}/);
    },
  },
  "https-split-handshake": answered(),
  "https-split-handshake-tls12": answered(),
  "https-gathered-handshake": {
    by: ["openssl"],
    check: async ({ sClient }) => {
      const { stdout } = await sClient(["-trace"], { input: request, until: "by hand" });
      const afterHello = stdout.slice(stdout.indexOf("EncryptedExtensions"), stdout.indexOf("Finished, Length"));
      assert.ok(afterHello.includes("CertificateVerify"), stdout);
      assert.ok(!afterHello.includes("Received Record"), stdout);
    },
  },
  "https-key-update": {
    by: ["openssl", "gnutls-cli", "curl"],
    check: async (tools) => {
      await answered().check(tools);
      const { output } = await tools.sClient(["-msg"], { input: request, until: "by hand" });
      assert.match(output, /<<< TLS 1\.3, Handshake \[length 0005\], KeyUpdate/);
    },
  },
  "https-key-update-flood": {
    by: ["gnutls-cli", "curl"],
    check: async ({ gnutlsCli, curl }) => {
      // OpenSSL 3.0 works through them all.
      assert.equal((await curl("/")).code, 0);
      assertSays((await gnutlsCli([], { input: request })).output, "Too many handshake packets have been received");
    },
  },
  "https-key-update-unknown": refused({
    curl: [56, "bad key update"],
    gnutls: "An illegal parameter has been received",
  }),
  "https-key-update-unheeded": refused(badRecord),
  "https-ticket-flood": tickets(1_000, "none"),
  "https-ticket-huge": tickets(1, "none"),
  "https-ticket-week": {
    by: ["openssl"],
    check: async ({ sClient }) => {
      const { stdout } = await sClient([], { input: request, until: "by hand" });
      assertSays(stdout, "TLS session ticket lifetime hint: 604801 (seconds)");
    },
  },
  "https-early-data-rejected": tickets(1, "rejected"),
  "https-early-data-fatal": tickets(1, "broken"),
  "https-late-certificate-request": {
    by: ["openssl", "gnutls-cli"],
    check: async ({ sClient, gnutlsCli }) => {
      assertSays((await sClient(["-ign_eof"], { input: request })).stderr, "unexpected message");
      assertSays((await gnutlsCli([], { input: request })).output, "An unexpected TLS packet was received");
    },
  },
  "https-late-change-cipher-spec": refused(unexpectedPacket),
  "https-hello-requests": {
    by: ["openssl", "gnutls-cli"],
    check: async ({ sClient, gnutlsCli }) => {
      const { output } = await sClient(["-msg", "-no_renegotiation"], { input: request, until: "by hand" });
      assert.equal(output.match(/HelloRequest/g)?.length, 1_000);
      assertSays((await gnutlsCli([], { input: request })).output, "Received rehandshake request");
    },
  },
  "https-record-size-limit": {
    by: ["gnutls-cli", "curl"],
    check: async ({ gnutlsCli, curl, service }) => {
      const heeding = await gnutlsCli(["--debug=4"], { input: request });
      assertSays(heeding.output, "record_size_limit 513 negotiated");
      assertSays(heeding.stdout, `${service.name} made this by hand`);
      // Curl does not heed it.
      assert.equal((await curl("/")).code, 0);
      const path = `/${"x".repeat(2_000)}`;
      const { code, stderr } = await curl(path);
      assert.equal(code, 56);
      assertSays(stderr, "alert record overflow");
    },
  },
  "https-alert-after-handshake": refused({ curl: [56, "tlsv1 alert internal error"], gnutls: "Received alert [80]" }),
  "https-no-close-notify": {
    by: ["openssl", "curl"],
    check: async ({ sClient, curl }) => {
      assert.equal((await curl("/")).stdout, "all there is\n");
      const { code, stderr } = await sClient(["-ign_eof"], { input: request });
      assert.equal(code, 1);
      assertSays(stderr, "unexpected eof while reading");
    },
  },
  "https-cut-record": {
    by: ["openssl"],
    check: async ({ sClient }) => {
      const { code, stdout, stderr } = await sClient(["-ign_eof"], { input: request });
      assert.equal(code, 1);
      assert.ok(!stdout.includes("HTTP/1.1"));
      assertSays(stderr, "unexpected eof while reading");
    },
  },
  "https-data-after-close": {
    by: ["curl", "gnutls-cli"],
    check: async ({ curl, gnutlsCli }) => {
      // 52: nothing came back.
      assert.equal((await curl("/")).code, 52);
      const { stdout } = await gnutlsCli([], { input: request });
      assertSays(stdout, "Peer has closed the GnuTLS connection");
      assert.ok(!stdout.includes("by hand"));
    },
  },
  "https-stall-answer": waits(""),
  "https-stall-record": waits(""),
  "https-stall-close": waits("all there is\n"),
});
