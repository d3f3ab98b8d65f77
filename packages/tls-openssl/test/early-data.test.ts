import { earlyDataSuite, transports } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../src/index.ts";

const openssl = loadOpensslTls();

for (const [name, open] of transports) {
  earlyDataSuite(`openssl over ${name}`, { client: openssl, server: openssl, reportsTruncation: true }, open);
}
