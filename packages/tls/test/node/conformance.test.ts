import { tlsConformance } from "@fairlead/conformance/tls";
import { nodeTls } from "@fairlead/tls/node";

// node:tls takes the end of the stream below for the end of the message (SSL_OP_IGNORE_UNEXPECTED_EOF).
tlsConformance("node", { client: nodeTls, server: nodeTls, reportsTruncation: false });
