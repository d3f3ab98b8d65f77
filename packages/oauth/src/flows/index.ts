/** How tokens are got, renewed, looked at and given back. */
export { beginLogin, type BeginLoginOptions, type LoginTerms, type PendingLogin } from "./begin-login.ts";
export { clientCredentials } from "./client-credentials.ts";
export { loginByDevice, type DeviceCode, type DeviceLoginOptions } from "./device-login.ts";
export type { FlowOptions } from "./flow-options.ts";
export { introspect, type IntrospectionResponse } from "./introspect.ts";
export { login, type LoginOptions } from "./login.ts";
export { logout, type LogoutOptions } from "./logout.ts";
export type { LoopbackAddress } from "./loopback-redirect.ts";
export { openBrowser } from "./open-browser.ts";
export { refresh } from "./refresh.ts";
export {
  registerClient,
  unregisterClient,
  type ClientMetadata,
  type RegisteredClient,
  type RegisterOptions,
  type RegistrationManagement,
} from "./register-client.ts";
export { revoke, type TokenOptions, type TokenTypeHint } from "./revoke.ts";
export { userInfo, type UserInfoResponse } from "./user-info.ts";
