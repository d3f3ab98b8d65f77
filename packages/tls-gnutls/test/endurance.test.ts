import { slowReaderTest, soakTest } from "@fairlead/conformance/tls";

slowReaderTest("gnutls", new URL("programs/slow-reader.ts", import.meta.url));
soakTest("gnutls", new URL("programs/soak.ts", import.meta.url));
