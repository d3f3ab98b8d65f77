import { capabilitySuite } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "@fairlead/tls-openssl";

capabilitySuite("openssl", {
  backend: loadOpensslTls(),
  expression: '(await import("@fairlead/tls-openssl")).loadOpensslTls()',
  from: import.meta.dirname,
  expected: {
    versions: ["TLSv1.2", "TLSv1.3"],
    alpn: true,
    tickets: true,
    ticketPersistence: true,
    exporter: true,
    earlyData: true,
    clientCertificateQuestion: true,
    keyUpdate: true,
    psk: true,
    keyLog: true,
    ocspStapling: true,
    clientCertificates: true,
    identityQuestion: true,
    dtls: true,
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
