import type { ChosenProxy } from "../../protocol/index.ts";

/** A proxy of another kind; what was written as an address stays. */
export function proxyOfType(proxy: ChosenProxy, type: string): ChosenProxy {
  const url = "url" in proxy ? proxy.url : "";
  switch (type) {
    case "url":
    case "pac":
      return { type, url };
    case "none":
      return { type };
    default:
      return { type: "environment" };
  }
}
