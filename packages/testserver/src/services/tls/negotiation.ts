import { createSecureContext } from "node:tls";
import { mintCertificate } from "../../authority/authority.ts";
import { alertByLabel, alertDescription, extensionType } from "../../handmade-tls/protocol/code-points.ts";

import { handmadeService } from "./handmade-service.ts";
import { httpsService } from "./https-service.ts";
import { anySecurity } from "./versions.ts";

/** What hellos agree on: names, protocols, extensions. */
export const negotiationServices = [
  httpsService({
    name: "https-no-alpn",
    does: "overlooks ALPN: no protocol is agreed on",
    tls: () => ({ ALPNProtocols: [] }),
  }),
  httpsService({
    name: "https-alpn-unknown",
    does: "knows no protocol but nobody/1, and refuses by alert who offers others by ALPN",
    tls: () => ({ ALPNProtocols: ["nobody/1"] }),
  }),
  handmadeService({
    name: "https-sni-required",
    does: "refuses who names no server, or one outside fairlead.test, by the alert unrecognized_name",
    script: {
      steps: {
        "client-hello": (wire, _, { serverName = "" }) => {
          if (/(?:^|\.)fairlead\.test$/.test(serverName)) return undefined;
          wire.alert(alertDescription.unrecognizedName);
          wire.end();
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-sni-warning",
    does: "warns in TLS 1.2 that it does not know the server's name (unrecognized_name), and goes on",
    script: {
      version: "TLSv1.2",
      steps: {
        "client-hello": (wire) => {
          wire.alert(alertDescription.unrecognizedName, 1);
        },
      },
    },
  }),
  httpsService({
    name: "https-sni-certificates",
    does: "shows a certificate for just the name that is asked for, and one for unnamed.invalid to who names none",
    mint: ({ intermediate }, now) => mintCertificate({ issuer: intermediate, names: ["unnamed.invalid"], now }),
    tls: ({ intermediate }, { clock }) => ({
      SNICallback: (name, done) => {
        mintCertificate({ issuer: intermediate, names: [name], now: clock.now() }).then(
          ({ certificate, privateKey }) => {
            done(null, createSecureContext({ cert: certificate, key: privateKey }));
          },
          (error: unknown) => {
            done(error instanceof Error ? error : new Error(String(error)));
          },
        );
      },
    }),
  }),
  handmadeService({
    name: "https-alert",
    does: "answers by the fatal alert that the name's first label says, as in bad-certificate.fairlead.test",
    example: "curl --connect-to ::{host}:{port} https://internal-error.fairlead.test/",
    script: {
      steps: {
        "client-hello": (wire, _, { serverName = "" }) => {
          const [label = ""] = serverName.split(".");
          wire.alert(alertByLabel.get(label) ?? alertDescription.handshakeFailure);
          wire.end();
          return "stop";
        },
      },
    },
  }),
  handmadeService({
    name: "https-alert-flood",
    does: "sends a thousand warnings (user_canceled) before its ServerHello of TLS 1.2",
    script: {
      version: "TLSv1.2",
      steps: {
        "client-hello": (wire) => {
          for (let sent = 0; sent < 1_000; sent += 1) wire.alert(alertDescription.userCanceled, 1);
        },
      },
    },
  }),
  httpsService({
    name: "https-no-extended-master-secret",
    does: "speaks TLS 1.2 without the extended master secret (RFC 7627): open to the triple handshake",
    tls: () => ({ maxVersion: "TLSv1.2", secureOptions: noExtendedMasterSecret }),
  }),
  httpsService({
    name: "https-no-encrypt-then-mac",
    does: "speaks CBC mode with the MAC inside, as the Lucky Thirteen attack needs it (RFC 7366 mends that)",
    tls: () => ({
      maxVersion: "TLSv1.2",
      ciphers: `ECDHE-ECDSA-AES128-SHA:${anySecurity}`,
      secureOptions: noEncryptThenMac,
    }),
  }),
  handmadeService({
    name: "https-no-secure-renegotiation",
    does: "speaks TLS 1.2 without the extension for secure renegotiation (RFC 5746)",
    script: {
      version: "TLSv1.2",
      serverHello: (ours) => ({
        ...ours,
        extensions: ours.extensions.filter(([type]) => type !== extensionType.renegotiationInfo),
      }),
    },
  }),
  httpsService({
    name: "https-renegotiation",
    does: "asks for renegotiation in TLS 1.2 right after the handshake (HelloRequest)",
    tls: () => ({ maxVersion: "TLSv1.2" }),
    prepare: (server) => {
      server.on("secureConnection", (socket) => {
        socket.renegotiate({}, () => undefined);
      });
    },
  }),
] as const;

/** SSL_OP_NO_EXTENDED_MASTER_SECRET, which node:crypto does not name. */
const noExtendedMasterSecret = 1;

/** SSL_OP_NO_ENCRYPT_THEN_MAC, which node:crypto names in some versions only. */
const noEncryptThenMac = 0x80000;
