/** As much of superagent as is measured; its own types bring those of browsers. */
declare module "superagent" {
  import type { Agent } from "node:http";

  interface Request extends PromiseLike<{ readonly text: string }> {
    agent(agent: Agent): Request;
  }

  const superagent: { get(url: string): Request };
  export = superagent;
}
