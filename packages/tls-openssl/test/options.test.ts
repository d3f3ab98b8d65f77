import { optionSuite } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../src/index.ts";

optionSuite("openssl", loadOpensslTls());
