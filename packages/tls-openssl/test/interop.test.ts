import { tlsInterop } from "@fairlead/conformance/tls";
import { loadOpensslTls } from "../src/index.ts";

tlsInterop("openssl", loadOpensslTls());
