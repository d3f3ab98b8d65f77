/**
 * Which package may import which: the arrows of the picture in the README, downward only. A package that is missing
 * here may import no other.
 */
export const arrows: Readonly<Record<string, readonly string[]>> = {
  core: [],
  http: ["core"],
  transport: ["core", "http"],
  "hsts-preload": ["core"],
  store: ["core", "transport", "tls"],
  tls: ["core", "http", "transport"],
  descriptor: [],
  "tls-gnutls": ["core", "tls", "descriptor"],
  "tls-openssl": ["core", "tls", "descriptor"],
  gssapi: ["core", "http"],
  access: ["core", "http", "hsts-preload", "transport", "tls", "store"],
  sftp: ["core", "http", "access"],
  server: ["core", "http", "transport", "tls"],
  rest: ["core", "http", "access", "server"],
  oauth: ["core", "http", "store", "access", "server"],
  iot: ["core"],
  testserver: ["core", "http", "transport", "tls", "tls-gnutls", "tls-openssl", "gssapi", "iot"],
  fairlead: [
    "core",
    "http",
    "transport",
    "tls",
    "tls-gnutls",
    "tls-openssl",
    "store",
    "access",
    "sftp",
    "server",
    "rest",
    "oauth",
    "testserver",
  ],
  conformance: ["core", "transport", "tls", "store", "testserver"],
};

/** What sources may take from npm. Each has an entry in docs/decisions. */
export const thirdParty: Readonly<Record<string, readonly string[]>> = {
  http: ["tldts"],
  tls: ["asn1js"],
  access: ["undici", "quickjs-wasi", "@opentelemetry/api"],
  server: ["mime", "@opentelemetry/api"],
  rest: ["@humanwhocodes/momoa", "@rgrove/parse-xml", "@standard-schema/spec", "yaml"],
  oauth: ["oauth4webapi", "open"],
  testserver: ["aedes", "dns-packet", "rhea", "ssh2"],
  descriptor: ["koffi"],
  "tls-gnutls": ["koffi"],
  "tls-openssl": ["koffi"],
  gssapi: ["koffi"],
  store: ["@napi-rs/keyring", "@redis/client"],
  sftp: ["ssh2"],
  conformance: ["fast-check"],
};
