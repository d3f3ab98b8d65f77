import { clientIdentityConformance } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../src/index.ts";

clientIdentityConformance("openssl", loadOpensslTls());
