import { fuzzTest } from "@fairlead/conformance/tls";

fuzzTest("gnutls", new URL("programs/fuzz.ts", import.meta.url));
