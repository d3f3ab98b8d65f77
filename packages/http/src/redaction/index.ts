/** Taking secrets out of what is to be looked at: logs, recordings, traces. */
export { redactField } from "./redact-field.ts";
export { REDACTED, redactUrls } from "./redact-urls.ts";
export { isSecretName } from "./secret-name.ts";
