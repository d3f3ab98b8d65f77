import { slowReaderTest, soakTest } from "@fairlead/conformance/tls";

slowReaderTest("openssl", new URL("programs/slow-reader.ts", import.meta.url));
soakTest("openssl", new URL("programs/soak.ts", import.meta.url));
