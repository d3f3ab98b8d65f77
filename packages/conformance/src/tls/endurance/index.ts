export { slowReaderTest, soakTest } from "./endurance-tests.ts";
export { sendPastSlowReader, type SlowReaderReport } from "./slow-reader.ts";
export { soakConnections, type SoakReport } from "./soak.ts";
