import { clientIdentityConformance } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "../src/index.ts";

clientIdentityConformance("gnutls", loadGnutlsTls());
