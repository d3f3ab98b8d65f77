/** Which proxy a request goes through, as pure rules: URLs of proxies, the environment, exemptions, answers of PAC scripts. */
export * from "./environment.ts";
export * from "./no-proxy.ts";
export * from "./pac-result.ts";
export * from "./proxy.ts";
