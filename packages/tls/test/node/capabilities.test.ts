import { capabilitySuite } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";

capabilitySuite("node", {
  backend: nodeTls,
  expression: '(await import("@fairlead/tls/node")).nodeTls',
  from: import.meta.dirname,
  expected: {
    versions: ["TLSv1.2", "TLSv1.3"],
    alpn: true,
    tickets: true,
    ticketPersistence: true,
    exporter: true,
    psk: true,
    clientCertificates: true,
    keyLog: true,
    // What node:tls has no way to.
    earlyData: false,
    clientCertificateQuestion: false,
    keyUpdate: false,
  },
  switchedOff: {
    variable: "OPENSSL_CONF",
    file: `nodejs_conf = start
[start]
ssl_conf = sections
[sections]
system_default = tls
[tls]
Options = -SessionTicket
`,
    left: { tickets: false, ticketPersistence: false },
  },
});
