/** The console's page over a fake: node --conditions=source packages/console/test/fake/start.ts [PORT] */
import { everyKind } from "./scenarios.ts";
import { serveFakeConsole } from "./serve-fake-console.ts";

const { url } = await serveFakeConsole(everyKind, { port: Number(process.argv[2] ?? 0) });
console.log(`The page is at ${url} until Ctrl+C.`);
