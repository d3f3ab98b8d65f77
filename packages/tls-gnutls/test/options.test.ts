import { optionSuite } from "@fairlead/conformance/tls";
import { loadGnutlsTls } from "../src/index.ts";

optionSuite("gnutls", loadGnutlsTls());
