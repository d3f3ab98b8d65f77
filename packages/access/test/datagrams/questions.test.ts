import type { CertificateErrorQuestion, ClientCertificateQuestion, TlsFacts } from "@fairlead/access";
import { identityFingerprint } from "@fairlead/tls";
import { mintCertificate } from "@fairlead/testserver/authority";
import { loadGnutlsTls } from "@fairlead/tls-gnutls";
import { loadOpensslTls } from "@fairlead/tls-openssl";
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { networkFixture } from "../network-fixture.ts";

describe("Questions of a manager's paths for datagrams", () => {
  const fixture = networkFixture();
  type Service = "dtls-client-certificate" | "dtls-echo" | "dtls-expired" | "dtls-wrong-host";
  const at = (service: Service): string => `coaps://a.fairlead.test:${String(fixture.network.service(service).port)}`;

  for (const datagrams of [loadOpensslTls(), loadGnutlsTls()]) {
    describe(`by ${datagrams.name}`, () => {
      test("a server that wants a client certificate is answered by the application, which may have that remembered", async () => {
        const alice = await mintCertificate({ issuer: fixture.network.ca, names: ["alice"], usage: "client" });
        for (const [remember, count] of [
          [false, 2],
          [true, 1],
        ] as const) {
          const questions: ClientCertificateQuestion[] = [];
          const shown: (TlsFacts | undefined)[] = [];
          await using manager = await fixture.open({
            tls: { datagrams },
            onClientCertificate: (question) => {
              questions.push(question);
              return { type: "identity", identity: alice, remember };
            },
          });
          manager.observe({ connectionOpened: ({ tls }) => shown.push(tls) });
          for (let turn = 0; turn < 2; turn += 1) {
            (await manager.connectDatagrams(at("dtls-client-certificate"))).close();
          }
          assert.deepEqual(
            questions.map(({ origin }) => origin),
            Array.from({ length: count }, () => at("dtls-client-certificate")),
          );
          assert.ok(questions.every(({ authorities, keyTypes }) => authorities.length > 0 && keyTypes.length > 0));
          const fingerprint = identityFingerprint(alice);
          assert.deepEqual(
            shown.map((tls) => tls?.clientIdentity),
            [fingerprint, fingerprint],
          );
        }
      });

      test("a question that is answered by no ends the opening: PolicyError CLIENT_CERTIFICATE_DECLINED", async () => {
        await using manager = await fixture.open({
          tls: { datagrams },
          onClientCertificate: () => ({ type: "abort" }),
        });
        await assert.rejects(manager.connectDatagrams(at("dtls-client-certificate")), {
          code: "CLIENT_CERTIFICATE_DECLINED",
        });
      });

      test("a server that asks for nothing, or that is refused, is nobody's question", async () => {
        await using manager = await fixture.open({
          tls: { datagrams },
          onClientCertificate: () => assert.fail("it was asked"),
        });
        (await manager.connectDatagrams(at("dtls-echo"))).close();
        await assert.rejects(manager.connectDatagrams(at("dtls-expired")), { code: "CERTIFICATE_EXPIRED" });
      });

      test("a certificate that is refused is put to the application, with all that is wrong, and remembered for good", async () => {
        for (const [remember, count] of [
          [false, 2],
          [true, 1],
        ] as const) {
          const questions: CertificateErrorQuestion[] = [];
          const authorized: (boolean | undefined)[] = [];
          await using manager = await fixture.open({
            tls: { datagrams },
            onCertificateError: (question) => {
              questions.push(question);
              return { type: "accept", remember };
            },
          });
          manager.observe({ connectionOpened: ({ tls }) => authorized.push(tls?.authorized) });
          for (let turn = 0; turn < 2; turn += 1) (await manager.connectDatagrams(at("dtls-wrong-host"))).close();
          assert.deepEqual(
            questions.map(({ origin, error }) => [origin, error.code]),
            Array.from({ length: count }, () => [at("dtls-wrong-host"), "CERTIFICATE_HOST_MISMATCH"]),
          );
          assert.ok(questions.every(({ problems }) => problems.length > 0));
          assert.deepEqual(authorized, [false, false]);
        }
      });

      test("a certificate that the application refuses as well stays refused", async () => {
        await using manager = await fixture.open({
          tls: { datagrams },
          onCertificateError: () => ({ type: "refuse" }),
        });
        await assert.rejects(manager.connectDatagrams(at("dtls-expired")), { code: "CERTIFICATE_EXPIRED" });
      });
    });
  }
});
