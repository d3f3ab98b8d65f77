import { slowReaderTest } from "@fairlead/conformance/tls";

slowReaderTest("node", new URL("programs/slow-reader.ts", import.meta.url));
