import { writeFile } from "node:fs/promises";
import { startTestNetwork, type ServiceName, type TestNetwork } from "@fairlead/testserver";
import { createUser, type Finished, type RunOptions, type TestUser } from "./child.ts";

/** A test network, and a user who trusts it. */
export interface TestWorld extends AsyncDisposable {
  readonly network: TestNetwork;
  readonly user: TestUser;
  /** `https://localhost:4711/echo` for `url("https", "/echo")`. */
  readonly url: (listener: ServiceName, path: string, host?: string) => string;
  /** Runs `fairlead get` with the network's certificate. */
  readonly get: (args: readonly string[], options?: RunOptions) => Promise<Finished>;
  /** Arguments of `get` that make it trust and find the network. */
  readonly trust: readonly string[];
}

/** Starts one. */
export async function createWorld(): Promise<TestWorld> {
  const network = await startTestNetwork();
  const user = await createUser();
  const anchors = user.path("ca.pem");
  await writeFile(anchors, network.ca.certificate);
  const hosts = ["fairlead.test", "a.fairlead.test", "other.test"];
  const trust = ["--cacert", anchors, ...hosts.flatMap((host) => ["--resolve", `${host}:${network.http.host}`])];
  return {
    network,
    user,
    url: (name, path, host = "localhost") => {
      const { scheme, port } = network.service(name);
      return `${scheme}://${host}:${port}${path}`;
    },
    get: (args, options) => user.run(["get", ...trust, ...args], options),
    trust,
    [Symbol.asyncDispose]: async () => {
      await network.close();
      await user[Symbol.asyncDispose]();
    },
  };
}
