import { fuzzTest } from "@fairlead/conformance/tls";

fuzzTest("openssl", new URL("programs/fuzz.ts", import.meta.url));
