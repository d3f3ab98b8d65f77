import { serveGateway } from "@fairlead/server/gateway";
import { hello } from "./handler.ts";

serveGateway({ fetch: hello });
