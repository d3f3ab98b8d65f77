import type { ErrorCodeEntry } from "./coded-error.ts";

/** Failures of the path to the peer, before or below TLS. */
export const transportErrorCodes = {
  CONNECTION_REFUSED: {
    what: "the connection was refused",
    remedy: "check the port, and that the server is running",
    fixer: "operator",
    retryHelps: true,
  },
  CONNECTION_RESET: {
    what: "the peer cut the connection",
    remedy: "try again; if it repeats, look at the peer's log",
    fixer: "peer",
    retryHelps: true,
  },
  HOST_UNREACHABLE: {
    what: "no route leads to the host",
    remedy: "check the address and the network",
    fixer: "network",
    retryHelps: true,
  },
  NETWORK_UNREACHABLE: {
    what: "the network cannot be reached",
    remedy: "check that this machine is connected",
    fixer: "network",
    retryHelps: true,
  },
  CONNECTION_TIMED_OUT: {
    what: "the peer did not answer",
    remedy: "check the address, and that no firewall drops the packets",
    fixer: "network",
    retryHelps: true,
  },
  NAME_NOT_FOUND: {
    what: "the host name does not exist",
    remedy: "check the spelling of the host name",
    fixer: "caller",
    retryHelps: false,
  },
  NAME_LOOKUP_FAILED: {
    what: "the name server gave no answer",
    remedy: "check the machine's name servers, then try again",
    fixer: "network",
    retryHelps: true,
  },
  ADDRESS_IN_USE: {
    what: "the address is already in use",
    remedy: "choose another port, or 0 to let the system choose",
    fixer: "caller",
    retryHelps: false,
  },
  PERMISSION_DENIED: {
    what: "the system denied access",
    remedy: "check the permissions of the socket or choose a port above 1023",
    fixer: "operator",
    retryHelps: false,
  },
  SOCKET_NOT_FOUND: {
    what: "there is no socket at this path",
    remedy: "check the path, and that the server is running",
    fixer: "operator",
    retryHelps: true,
  },
  CLIENT_GONE: {
    what: "the client left before the answer was complete",
    remedy: "stop what is done for it",
    fixer: "peer",
    retryHelps: false,
  },
  WORKER_GONE: {
    what: "the worker ended before its answer was complete",
    remedy: "look at what the worker wrote to its standard error",
    fixer: "operator",
    retryHelps: true,
  },
  WORKER_START_FAILED: {
    what: "the worker does not start",
    remedy: "run its command by hand, and look at what it wrote to its standard error",
    fixer: "operator",
    retryHelps: false,
  },
  STREAM_CLOSED: {
    what: "the stream was closed before the operation ended",
    remedy: "open a new stream",
    fixer: "caller",
    retryHelps: false,
  },
  PROXY_UNREACHABLE: {
    what: "the proxy cannot be reached",
    remedy: "check the proxy's address and certificate, or go another way",
    fixer: "operator",
    retryHelps: true,
  },
  PROXY_REFUSED: {
    what: "the proxy refuses to connect",
    remedy: "check the proxy's rules, or go another way",
    fixer: "operator",
    retryHelps: false,
  },
  PROXY_AUTHENTICATION_REQUIRED: {
    what: "the proxy wants to know who asks",
    remedy: "give the user name and password for this proxy",
    fixer: "caller",
    retryHelps: false,
  },
  PROXY_ANSWER_INVALID: {
    what: "what answered is no proxy of this kind",
    remedy: "check the proxy's address and scheme",
    fixer: "caller",
    retryHelps: false,
  },
  PROXY_SCRIPT_FAILED: {
    what: "the proxy auto-configuration script gives no answer",
    remedy: "check the script and where it comes from, or go without",
    fixer: "operator",
    retryHelps: true,
  },
  DATAGRAM_TOO_LARGE: {
    what: "the datagram is larger than the path takes",
    remedy: "send less at once, or set a larger MTU where the whole path carries it",
    fixer: "caller",
    retryHelps: false,
  },
  SCHEME_FAILED: {
    what: "the handler of this scheme failed",
    remedy: "see the cause, which is the handler's own",
    fixer: "caller",
    retryHelps: false,
  },
  TRANSPORT_FAILED: {
    what: "the transport failed",
    remedy: "see the cause",
    fixer: "machine",
    retryHelps: true,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Failures to establish or keep a secure channel. */
export const tlsErrorCodes = {
  CERTIFICATE_EXPIRED: {
    what: "the certificate has expired",
    remedy: "renew the server's certificate, or check this machine's clock",
    fixer: "operator",
    retryHelps: false,
  },
  CERTIFICATE_NOT_YET_VALID: {
    what: "the certificate is not valid yet",
    remedy: "check the clocks of this machine and of the one that issued it",
    fixer: "operator",
    retryHelps: false,
  },
  CERTIFICATE_HOST_MISMATCH: {
    what: "the certificate is for another host",
    remedy: "use a host name that the certificate lists",
    fixer: "operator",
    retryHelps: false,
  },
  CERTIFICATE_SELF_SIGNED: {
    what: "the certificate is signed by itself and not among the trust anchors",
    remedy: "add it to the trust anchors if it is yours",
    fixer: "operator",
    retryHelps: false,
  },
  CERTIFICATE_ISSUER_UNKNOWN: {
    what: "the certificate's issuer is not known",
    remedy: "have the server send its intermediates, or add its root to the trust anchors",
    fixer: "operator",
    retryHelps: false,
  },
  CERTIFICATE_REVOKED: {
    what: "the certificate has been revoked",
    remedy: "replace the server's certificate",
    fixer: "operator",
    retryHelps: false,
  },
  CERTIFICATE_INVALID: {
    what: "the certificate is not acceptable",
    remedy: "see the cause, and replace the server's certificate",
    fixer: "operator",
    retryHelps: false,
  },
  CLIENT_CERTIFICATE_REQUIRED: {
    what: "the server requires a client certificate",
    remedy: "give an identity that the server accepts",
    fixer: "caller",
    retryHelps: false,
  },
  CLIENT_CERTIFICATE_REJECTED: {
    what: "the server rejected the client certificate",
    remedy: "give an identity that the server accepts",
    fixer: "caller",
    retryHelps: false,
  },
  TLS_SERVER_NAME_UNKNOWN: {
    what: "the client asked for a server name that there is no certificate for",
    remedy: "add a certificate for it if the name is yours",
    fixer: "operator",
    retryHelps: false,
  },
  TLS_VERSION_UNSUPPORTED: {
    what: "the two sides share no TLS version",
    remedy: "let the server offer TLS 1.2 or 1.3",
    fixer: "operator",
    retryHelps: false,
  },
  TLS_NOT_SPOKEN: {
    what: "the peer does not speak TLS",
    remedy: "check the port, or use the plain scheme",
    fixer: "caller",
    retryHelps: false,
  },
  TLS_ALERT_RECEIVED: {
    what: "the peer ended the connection with an alert",
    remedy: "see the cause for the alert's name",
    fixer: "peer",
    retryHelps: false,
  },
  TLS_HANDSHAKE_FAILED: {
    what: "the TLS handshake failed",
    remedy: "see the cause",
    fixer: "peer",
    retryHelps: false,
  },
  TLS_CLOSED_IN_HANDSHAKE: {
    what: "the peer closed the connection during the TLS handshake",
    remedy: "check that this port speaks TLS, and look at the peer's log",
    fixer: "peer",
    retryHelps: true,
  },
  TLS_RECORD_INVALID: {
    what: "the peer sent bytes that are no valid TLS record",
    remedy: "open a new connection; if it repeats, look at what lies between",
    fixer: "network",
    retryHelps: true,
  },
  TLS_TRUNCATED: {
    what: "the stream ended without the end of TLS, so that bytes may be missing",
    remedy: "check the length of what was received, or have the peer send close_notify",
    fixer: "peer",
    retryHelps: true,
  },
  START_TLS_REFUSED: {
    what: "the server does not offer TLS on this connection",
    remedy: "use the port that speaks TLS from the start, or have TLS switched on there",
    fixer: "operator",
    retryHelps: false,
  },
  START_TLS_INVALID: {
    what: "the server's answers before TLS are not those of the protocol",
    remedy: "check the port and the protocol",
    fixer: "caller",
    retryHelps: false,
  },
  START_TLS_INJECTED: {
    what: "bytes came before TLS that would have counted as if it protected them",
    remedy: "somebody may be between: find out who, or have the server mended",
    fixer: "network",
    retryHelps: false,
  },
  CHANNEL_BINDING_UNAVAILABLE: {
    what: "nothing of this TLS connection can be bound to",
    remedy: "use TLS 1.3",
    fixer: "caller",
    retryHelps: false,
  },
  TLS_LIBRARY_UNAVAILABLE: {
    what: "the TLS library is not there",
    remedy: "install it, or choose another backend",
    fixer: "operator",
    retryHelps: false,
  },
  TLS_OPTION_UNSUPPORTED: {
    what: "the TLS library cannot honour this option",
    remedy: "choose a backend that has the capability",
    fixer: "caller",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Failures to prove who the user is, or who the server is, above TLS. */
export const authenticationErrorCodes = {
  GSSAPI_UNAVAILABLE: {
    what: "the system's library for Kerberos is not there",
    remedy: "install it, or let another scheme be chosen",
    fixer: "operator",
    retryHelps: false,
  },
  KERBEROS_TICKET_MISSING: {
    what: "there is no Kerberos ticket",
    remedy: "run kinit, or give a user name and password",
    fixer: "caller",
    retryHelps: false,
  },
  KERBEROS_TICKET_EXPIRED: {
    what: "the Kerberos ticket has expired",
    remedy: "run kinit, or give a user name and password",
    fixer: "caller",
    retryHelps: false,
  },
  KERBEROS_PASSWORD_WRONG: {
    what: "the Kerberos server does not accept the password",
    remedy: "check the user name and the password",
    fixer: "caller",
    retryHelps: false,
  },
  KERBEROS_USER_UNKNOWN: {
    what: "the Kerberos server does not know the user",
    remedy: "check the user name and its realm",
    fixer: "caller",
    retryHelps: false,
  },
  KERBEROS_SERVICE_UNKNOWN: {
    what: "the Kerberos server does not know the service",
    remedy: "use the host name that the service is registered with, or register HTTP/host",
    fixer: "operator",
    retryHelps: false,
  },
  KERBEROS_SERVER_UNREACHABLE: {
    what: "no Kerberos server answered",
    remedy: "check krb5.conf and the network, then try again",
    fixer: "network",
    retryHelps: true,
  },
  KERBEROS_CLOCK_SKEW: {
    what: "the clocks of this machine and of the Kerberos server differ too much",
    remedy: "set this machine's clock",
    fixer: "operator",
    retryHelps: false,
  },
  AUTHENTICATION_TOKEN_INVALID: {
    what: "the server's part of the authentication cannot be read",
    remedy: "look at the server's log, or let another scheme be chosen",
    fixer: "peer",
    retryHelps: false,
  },
  SERVER_NOT_AUTHENTICATED: {
    what: "the server did not prove who it is",
    remedy: "somebody may be between: find out who, or have the server mended",
    fixer: "peer",
    retryHelps: false,
  },
  PRIVATE_KEY_UNREADABLE: {
    what: "the private key cannot be read",
    remedy: "check the file, its format and the passphrase",
    fixer: "caller",
    retryHelps: false,
  },
  OAUTH_REFUSED: {
    what: "the authorization server refused",
    remedy: "see `error` and its description; register the client, or sign in again",
    fixer: "caller",
    retryHelps: false,
  },
  OAUTH_LOGIN_REQUIRED: {
    what: "nobody is signed in, or no longer",
    remedy: "sign in again",
    fixer: "caller",
    retryHelps: false,
  },
  OAUTH_RESPONSE_INVALID: {
    what: "what the authorization server answered cannot be right",
    remedy: "do not go on; see the detail, and have the server mended",
    fixer: "peer",
    retryHelps: false,
  },
  OAUTH_ISSUER_MISMATCH: {
    what: "another authorization server answered than the one that was asked",
    remedy: "do not go on: somebody may be mixing up servers; check the issuer",
    fixer: "peer",
    retryHelps: false,
  },
  OAUTH_STATE_MISMATCH: {
    what: "what came back to the redirect address belongs to no question of ours",
    remedy: "begin anew, and look at who opened the address",
    fixer: "peer",
    retryHelps: false,
  },
  OAUTH_ID_TOKEN_INVALID: {
    what: "the ID token does not prove who signed in",
    remedy: "do not go on; see the detail",
    fixer: "peer",
    retryHelps: false,
  },
  OAUTH_CAPABILITY_MISSING: {
    what: "the authorization server does not offer this",
    remedy: "use another flow, or another server",
    fixer: "operator",
    retryHelps: false,
  },
  OAUTH_UNAVAILABLE: {
    what: "the authorization server cannot answer now",
    remedy: "try again later; whoever is signed in still is",
    fixer: "operator",
    retryHelps: true,
  },
  OAUTH_SIGNATURE_INVALID: {
    what: "the request is not signed as OAuth 1.0 asks",
    remedy: "check the keys, the clock, and that nothing on the way changed the request",
    fixer: "peer",
    retryHelps: false,
  },
  AUTHENTICATION_FAILED: {
    what: "the authentication could not be completed",
    remedy: "see the detail",
    fixer: "operator",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Content that is not what it says it is, or not what its contract says. */
export const contentErrorCodes = {
  JSON_INVALID: {
    what: "the content is no JSON",
    remedy: "look at `bytes`; where the sender cannot be mended, read it leniently",
    fixer: "peer",
    retryHelps: false,
  },
  JSON_TOO_DEEP: {
    what: "the JSON is nested too deeply",
    remedy: "raise the limit if this depth is meant",
    fixer: "peer",
    retryHelps: false,
  },
  JSON_MEMBER_DUPLICATED: {
    what: "an object of the JSON has two members of one name",
    remedy: "have the sender mended; readers disagree about which of them counts",
    fixer: "peer",
    retryHelps: false,
  },
  CHARSET_UNSUPPORTED: {
    what: "the content is in a character encoding that is not known",
    remedy: "read its bytes, and decode them yourself",
    fixer: "peer",
    retryHelps: false,
  },
  CHARSET_VIOLATED: {
    what: "the content is not in the character encoding that it should be in",
    remedy: "look at `bytes`, and have the sender mended",
    fixer: "peer",
    retryHelps: false,
  },
  XML_INVALID: {
    what: "the content is no well-formed XML",
    remedy: "look at `bytes`, and have the sender mended",
    fixer: "peer",
    retryHelps: false,
  },
  FORM_INVALID: {
    what: "the form cannot be read",
    remedy: "see the detail, and have the sender mended",
    fixer: "peer",
    retryHelps: false,
  },
  MULTIPART_INVALID: {
    what: "the multipart content cannot be read",
    remedy: "see the detail; where it was cut, send it again",
    fixer: "peer",
    retryHelps: false,
  },
  CONTENT_LIMIT: {
    what: "a part of the content is larger than allowed",
    remedy: "raise the limit if this size is meant",
    fixer: "peer",
    retryHelps: false,
  },
  CONTENT_TYPE_UNEXPECTED: {
    what: "the content is of another media type than the one asked for",
    remedy: "look at `bytes`, and at the address: a page for people may have answered",
    fixer: "peer",
    retryHelps: false,
  },
  OPENAPI_INVALID: {
    what: "this is no OpenAPI document",
    remedy: "see the detail; 'fairlead openapi check' tells more of a document",
    fixer: "peer",
    retryHelps: false,
  },
  OPENAPI_UNSUPPORTED: {
    what: "the OpenAPI document has something that no contract is made of",
    remedy: "see the detail",
    fixer: "caller",
    retryHelps: false,
  },
  CONTRACT_BROKEN: {
    what: "the message does not keep to the contract",
    remedy: "see `issues`; bring the contract or the sender up to date",
    fixer: "peer",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** A service answered, and the answer was that it cannot or will not. */
export const serviceErrorCodes = {
  SERVICE_STATUS: {
    what: "the service answered with an error",
    remedy: "see `status`, `problem` and `bytes`",
    fixer: "caller",
    retryHelps: false,
  },
  OPERATION_FAILED: {
    what: "the operation that the service had accepted failed",
    remedy: "see `problem`",
    fixer: "operator",
    retryHelps: false,
  },
  PAGINATION_LOOP: {
    what: "a page leads back to a page that was read",
    remedy: "have the service mended",
    fixer: "peer",
    retryHelps: false,
  },
  PAGINATION_LIMIT: {
    what: "there are more pages than allowed",
    remedy: "raise the limit if this number is meant",
    fixer: "caller",
    retryHelps: false,
  },
  VERSION_UNKNOWN: {
    what: "the service does not say which version of the resource it gave",
    remedy: "say by `version` where the document says it; where nothing does, changes of others cannot be kept",
    fixer: "peer",
    retryHelps: false,
  },
  WEBHOOK_SIGNATURE_INVALID: {
    what: "the webhook is not signed by who it should come from",
    remedy: "check the secret and the clock, and that the content is verified as it came, byte by byte",
    fixer: "peer",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Rules that the peer broke. */
export const protocolErrorCodes = {
  RESPONSE_MISSING: {
    what: "the peer closed the connection without a response",
    remedy: "try again if the request may be repeated",
    fixer: "peer",
    retryHelps: true,
  },
  RESPONSE_MALFORMED: {
    what: "the response is not HTTP",
    remedy: "check the port, and look at the peer's log",
    fixer: "peer",
    retryHelps: false,
  },
  RESPONSE_TRUNCATED: {
    what: "the body ended before its declared length",
    remedy: "try again; if it repeats, look at the peer's log",
    fixer: "peer",
    retryHelps: true,
  },
  RESPONSE_LENGTH_EXCEEDED: {
    what: "the peer sent more than the declared length",
    remedy: "have the peer mend its Content-Length",
    fixer: "peer",
    retryHelps: false,
  },
  RESPONSE_HEADERS_TOO_LARGE: {
    what: "the response headers exceed the limit",
    remedy: "have the peer send fewer or smaller fields",
    fixer: "peer",
    retryHelps: false,
  },
  EVENT_STREAM_MISSING: {
    what: "the response is no event stream",
    remedy: "check the URL, and that the server answers with 200 and text/event-stream",
    fixer: "peer",
    retryHelps: false,
  },
  EVENT_TOO_LARGE: {
    what: "an event of the stream is larger than its limit",
    remedy: "raise eventLimitBytes if such events are to be expected",
    fixer: "peer",
    retryHelps: false,
  },
  REQUEST_MALFORMED: {
    what: "the request is not HTTP, or can be understood in two ways",
    remedy: "look at what the client is",
    fixer: "peer",
    retryHelps: false,
  },
  REQUEST_TARGET_TOO_LONG: {
    what: "the request target is longer than its limit",
    remedy: "send what is long as content, or raise limits.targetBytes",
    fixer: "peer",
    retryHelps: false,
  },
  REQUEST_FIELDS_TOO_LARGE: {
    what: "the fields of the request are larger than their limit",
    remedy: "clear the site's cookies, or raise limits.fieldsBytes",
    fixer: "peer",
    retryHelps: false,
  },
  REQUEST_BODY_TOO_LARGE: {
    what: "the content of the request is larger than its limit",
    remedy: "send less, or raise limits.bodyBytes",
    fixer: "peer",
    retryHelps: false,
  },
  GATEWAY_FRAME_INVALID: {
    what: "the other end broke a rule of the gateway's protocol",
    remedy: "have the worker mended; see docs/guide/gateway-protocol.md",
    fixer: "peer",
    retryHelps: false,
  },
  HTTP2_FLOOD: {
    what: "the peer flooded the HTTP/2 connection",
    remedy: "look at what the peer is; nothing more is read from it",
    fixer: "peer",
    retryHelps: false,
  },
  HTTP2_STREAM_RESET: {
    what: "the peer gave the request up",
    remedy: "look at the peer's log for the reason",
    fixer: "peer",
    retryHelps: true,
  },
  HTTP2_VIOLATION: {
    what: "the peer broke a rule of HTTP/2",
    remedy: "have the peer mended, or turn HTTP/2 off for it",
    fixer: "peer",
    retryHelps: false,
  },
  PROXY_PROTOCOL_INVALID: {
    what: "the connection does not begin with a valid head of the PROXY protocol",
    remedy: "have the load balancer send one, or stop requiring it",
    fixer: "operator",
    retryHelps: false,
  },
  CONTENT_CODING_INVALID: {
    what: "the body does not match its content coding",
    remedy: "have the peer mend its Content-Encoding",
    fixer: "peer",
    retryHelps: false,
  },
  WEBSOCKET_REFUSED: {
    what: "the server does not open a WebSocket here",
    remedy: "check the URL; see the detail for what the server answered",
    fixer: "caller",
    retryHelps: false,
  },
  WEBSOCKET_HANDSHAKE_INVALID: {
    what: "the peer's part of the WebSocket handshake is wrong",
    remedy: "have the peer mended, and look at what lies between",
    fixer: "peer",
    retryHelps: false,
  },
  WEBSOCKET_FRAME_INVALID: {
    what: "the peer broke a rule of WebSocket",
    remedy: "have the peer mended",
    fixer: "peer",
    retryHelps: false,
  },
  WEBSOCKET_TEXT_INVALID: {
    what: "a text from the peer is not UTF-8",
    remedy: "have the peer send such data as a binary message",
    fixer: "peer",
    retryHelps: false,
  },
  WEBSOCKET_DEFLATE_INVALID: {
    what: "a compressed message from the peer cannot be decompressed",
    remedy: "have the peer mended, or offer no compression",
    fixer: "peer",
    retryHelps: false,
  },
  WEBSOCKET_MESSAGE_LIMIT: {
    what: "a message from the peer exceeds the limit",
    remedy: "have the peer send less at once, or raise the limit",
    fixer: "peer",
    retryHelps: false,
  },
  WEBSOCKET_CLOSED_ABRUPTLY: {
    what: "the WebSocket ended without the closing handshake",
    remedy: "open it again; if it repeats, look at the peer's log and at what lies between",
    fixer: "peer",
    retryHelps: true,
  },
  RANGE_INVALID: {
    what: "the server's answer to a range is not what was asked for",
    remedy: "have the peer mend its ranges, or ask for the whole: resume and parallel off",
    fixer: "peer",
    retryHelps: false,
  },
  DIGEST_MISMATCH: {
    what: "what came is not what the digest names",
    remedy: "check the digest and where it is from; nothing of what came was kept",
    fixer: "peer",
    retryHelps: false,
  },
  SSH_FAILED: {
    what: "the SSH connection could not be made or kept",
    remedy: "see the detail, and the server's log",
    fixer: "peer",
    retryHelps: false,
  },
  SFTP_UNAVAILABLE: {
    what: "the server lets the user in, and gives no files by SFTP",
    remedy: "have the subsystem sftp switched on at the server",
    fixer: "operator",
    retryHelps: false,
  },
  SFTP_FAILED: {
    what: "the server could not do what was asked of its files",
    remedy: "see the detail: its disk may be full, or the operation unknown to it",
    fixer: "peer",
    retryHelps: false,
  },
  FOLLOWED_ADDRESS_INVALID: {
    what: "what the service leads to is no address",
    remedy: "have the service mended",
    fixer: "peer",
    retryHelps: false,
  },
  REDIRECT_LOCATION_INVALID: {
    what: "the redirect's Location is not a usable URL",
    remedy: "have the peer mend its Location field",
    fixer: "peer",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Things that Fairlead refused to do. */
export const policyErrorCodes = {
  REDIRECT_LESS_SAFE: {
    what: "refused a redirect from https to http",
    remedy: "ask the site to redirect to https, or decide by the policy 'ask'",
    fixer: "peer",
    retryHelps: false,
  },
  REDIRECT_CROSS_ORIGIN: {
    what: "refused a redirect to another origin",
    remedy: "use a wider redirect policy, or request the new address yourself",
    fixer: "caller",
    retryHelps: false,
  },
  REDIRECT_CROSS_SITE: {
    what: "refused a redirect to another site",
    remedy: "use a wider redirect policy, or request the new address yourself",
    fixer: "caller",
    retryHelps: false,
  },
  REDIRECT_NOT_LISTED: {
    what: "refused a redirect that the trust lists do not allow",
    remedy: "add the site to the list if you trust it",
    fixer: "caller",
    retryHelps: false,
  },
  CACHE_MISS: {
    what: "the response is not stored, and the request wants nothing from the network",
    remedy: "use another cache mode than only-if-cached to ask the server",
    fixer: "caller",
    retryHelps: false,
  },
  REDIRECT_REFUSED: {
    what: "the application refused the redirect",
    remedy: "accept it in the redirect callback to go on",
    fixer: "caller",
    retryHelps: false,
  },
  FOLLOWED_ORIGIN_REFUSED: {
    what: "refused to follow the service to another origin",
    remedy: "name it in otherOrigins if what you send may go there, credentials included",
    fixer: "peer",
    retryHelps: false,
  },
  REDIRECT_UNEXPECTED: {
    what: "the server redirects, and the request is to have no redirect",
    remedy: 'ask for the final URL, or follow redirects: redirect: "follow"',
    fixer: "caller",
    retryHelps: false,
  },
  REDIRECT_SCHEME_REFUSED: {
    what: "refused a redirect to a scheme that is not http or https",
    remedy: "request the new address yourself if you trust it",
    fixer: "peer",
    retryHelps: false,
  },
  AUTHENTICATION_REFUSED: {
    what: "refused to authenticate by the schemes that are offered",
    remedy: "use https; or change what authentication.refuse and authentication.dangerous say",
    fixer: "caller",
    retryHelps: false,
  },
  AUTHENTICATION_DOWNGRADE: {
    what: "refused to authenticate by a weaker scheme than before",
    remedy: "find out why the peer no longer offers what it did; forgetCredentials lets it begin anew",
    fixer: "peer",
    retryHelps: false,
  },
  AUTHENTICATION_BODY_NOT_REPLAYABLE: {
    what: "the peer wants to know who asks, and the body was read already",
    remedy: "pass a function that opens the body, or make a request without a body first",
    fixer: "caller",
    retryHelps: false,
  },
  HOST_KEY_UNKNOWN: {
    what: "refused a host whose key is not known",
    remedy: "compare the fingerprint with one that you were told, then add the key to the known hosts",
    fixer: "caller",
    retryHelps: false,
  },
  HOST_KEY_CHANGED: {
    what: "refused a host whose key is another than the known one",
    remedy: "somebody may be between: ask whoever runs the host, and change the known hosts only then",
    fixer: "network",
    retryHelps: false,
  },
  HOST_KEY_REVOKED: {
    what: "refused a host whose key is revoked",
    remedy: "somebody may be between who has the old key: have the host show its new one",
    fixer: "network",
    retryHelps: false,
  },
  CLIENT_CERTIFICATE_DECLINED: {
    what: "the application declined to choose a client certificate",
    remedy: "answer the question with an identity, or with none",
    fixer: "caller",
    retryHelps: false,
  },
  REDIRECT_LOOP: {
    what: "the redirects go round in a loop",
    remedy: "have the peer mend its redirects",
    fixer: "peer",
    retryHelps: false,
  },
  REDIRECT_LIMIT: {
    what: "there were more than 20 redirects",
    remedy: "request the last address yourself if it is right",
    fixer: "peer",
    retryHelps: false,
  },
  REDIRECT_BODY_NOT_REPLAYABLE: {
    what: "the redirect asks for the body again, and a stream can be read only once",
    remedy: "pass the body as a string, bytes or a function that opens the stream anew",
    fixer: "caller",
    retryHelps: false,
  },
  PROXY_PROTOCOL_UNTRUSTED: {
    what: "somebody who is not trusted speaks for another client by the PROXY protocol",
    remedy: "name the sender's subnet among those that are trusted, if it is your load balancer",
    fixer: "operator",
    retryHelps: false,
  },
  CONNECTION_LIMIT: {
    what: "refused a connection: there are as many as the limit allows",
    remedy: "raise the limit, or find out who opens so many",
    fixer: "operator",
    retryHelps: true,
  },
  RELAY_LOOP: {
    what: "the request has come through this proxy again and again",
    remedy: "let the proxy's target be another server than the proxy",
    fixer: "operator",
    retryHelps: false,
  },
  READER_TOO_SLOW: {
    what: "the peer does not take what is sent to it, and more than the limit waits",
    remedy: "send less, or wait for what send returns before sending more",
    fixer: "peer",
    retryHelps: true,
  },
  WEBSOCKET_ORIGIN_REFUSED: {
    what: "refused a WebSocket that a page of another origin asks for",
    remedy: "name the page's origin in origins if it may",
    fixer: "caller",
    retryHelps: false,
  },
  HOST_CONNECTION_LIMIT: {
    what: "refused a connection: its host has as many as the limit allows",
    remedy: "raise admission.connectionsPerHost, or find out why the host opens so many",
    fixer: "operator",
    retryHelps: true,
  },
  ADDRESS_REFUSED: {
    what: "refused a connection from this address",
    remedy: "change admission.allow or admission.deny if it is to be let in",
    fixer: "operator",
    retryHelps: false,
  },
  RATE_LIMITED: {
    what: "refused a request: there were more than the rate allows",
    remedy: "wait as long as Retry-After says",
    fixer: "peer",
    retryHelps: true,
  },
  INTEGRITY_MISMATCH: {
    what: "the body is not the one that the integrity metadata name",
    remedy: "check the metadata, and whether the resource was changed",
    fixer: "peer",
    retryHelps: false,
  },
  STATUS_UNEXPECTED: {
    what: "the server answered with a status that brings no file",
    remedy: "check the URL; the error's status says what the server makes of it",
    fixer: "caller",
    retryHelps: false,
  },
  CONTENT_EXPANSION_LIMIT: {
    what: "refused a body that grows out of all proportion when its content coding is undone",
    remedy: "if you trust the peer, raise contentExpansion, or read the bytes of the wire",
    fixer: "peer",
    retryHelps: false,
  },
  FILE_OUTSIDE_ROOT: {
    what: "refused a path that does not stay below the root",
    remedy: "name a file below the root, by plain names, and without links that lead out of it",
    fixer: "caller",
    retryHelps: false,
  },
  BODY_LIMIT: {
    what: "the body is larger than the limit for reading it whole",
    remedy: "read it as a stream, or raise the limit",
    fixer: "caller",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Deadlines that passed. */
export const timeoutErrorCodes = {
  TIMED_OUT: {
    what: "the deadline passed",
    remedy: "try again, or allow more time",
    fixer: "network",
    retryHelps: true,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Failures of files that the application named. */
export const fileErrorCodes = {
  FILE_NOT_FOUND: {
    what: "there is no such file or directory",
    remedy: "check the path and the case of its letters, or make the directory",
    fixer: "caller",
    retryHelps: false,
  },
  FILE_ACCESS_DENIED: {
    what: "the system does not allow this with the file",
    remedy: "check the permissions of the file and its directory, and that the file system is not read-only",
    fixer: "operator",
    retryHelps: false,
  },
  FILE_NOT_REGULAR: {
    what: "this is no regular file",
    remedy: "name a file; directories, devices, pipes and sockets are none",
    fixer: "caller",
    retryHelps: false,
  },
  FILE_NO_SPACE: {
    what: "the disk, or the quota, is full",
    remedy: "make room, or write to another disk",
    fixer: "machine",
    retryHelps: true,
  },
  FILE_IN_USE: {
    what: "another download to this file is under way",
    remedy: "wait for it, or choose another file",
    fixer: "caller",
    retryHelps: false,
  },
  FILE_CHANGED: {
    what: "the file changed while it was read",
    remedy: "send it again once nobody writes to it",
    fixer: "caller",
    retryHelps: false,
  },
  FILE_IO_FAILED: {
    what: "the file could not be read or written",
    remedy: "see the cause",
    fixer: "machine",
    retryHelps: true,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Failures of what Fairlead remembers. */
export const storeErrorCodes = {
  STORE_URL_INVALID: {
    what: "no store understands this URL",
    remedy: "use memory:, file:PATH, sqlite:PATH or redis://HOST",
    fixer: "caller",
    retryHelps: false,
  },
  STORE_PERMISSIONS: {
    what: "other users have rights in the store's file or directory",
    remedy: "give the store a directory of its own, with mode 0700, and its files 0600; or open it with repair",
    fixer: "operator",
    retryHelps: false,
  },
  STORE_FOREIGN_OWNER: {
    what: "the store belongs to another user",
    remedy: "choose a path of your own",
    fixer: "operator",
    retryHelps: false,
  },
  STORE_IS_LINK: {
    what: "the store's path is a link, or its file has another name elsewhere",
    remedy: "name the file itself, and have it by that name only",
    fixer: "operator",
    retryHelps: false,
  },
  STORE_NOT_A_FILE: {
    what: "the store's path is not a regular file",
    remedy: "name a file, or a path where none exists yet",
    fixer: "operator",
    retryHelps: false,
  },
  STORE_CORRUPT: {
    what: "the store's file is damaged beyond use",
    remedy: "move the file away and start with an empty store",
    fixer: "operator",
    retryHelps: false,
  },
  STORE_NEWER: {
    what: "the store was written by a newer version",
    remedy: "update Fairlead, or name another store",
    fixer: "operator",
    retryHelps: false,
  },
  STORE_OPEN_FAILED: {
    what: "the store could not be opened",
    remedy: "see the cause",
    fixer: "operator",
    retryHelps: true,
  },
  STORE_UNREACHABLE: {
    what: "the store's engine cannot be reached",
    remedy: "check that the engine runs and that the network leads there; see the cause",
    fixer: "operator",
    retryHelps: true,
  },
  STORE_WRITE_FAILED: {
    what: "the store could not be written",
    remedy: "check the free space and permissions of the disk",
    fixer: "machine",
    retryHelps: true,
  },
  PRELOAD_LIST_UNUSABLE: {
    what: "the HSTS preload list cannot be used",
    remedy: "install @fairlead/hsts-preload again; a bundler has to be told to keep its data folder",
    fixer: "operator",
    retryHelps: false,
  },
  IMPORT_INVALID: {
    what: "what was to be imported is not what an export writes; nothing of it was imported",
    remedy: "name the format that it has: json, netscape-cookies or curl-hsts",
    fixer: "caller",
    retryHelps: false,
  },
  STORE_KEY_INVALID: {
    what: "what was given is not the key of a store",
    remedy: "give 32 random bytes, such as openssl rand -hex 32 prints",
    fixer: "caller",
    retryHelps: false,
  },
  STORE_KEY_UNAVAILABLE: {
    what: "the store's key cannot be had",
    remedy: "unlock the keyring and see that its service runs, or give the key by another way",
    fixer: "operator",
    retryHelps: true,
  },
  STORE_KEY_REQUIRED: {
    what: "the store is encrypted",
    remedy: "open it with its key",
    fixer: "caller",
    retryHelps: false,
  },
  STORE_KEY_WRONG: {
    what: "the store is encrypted with another key",
    remedy: "open it with the key that it was last written with",
    fixer: "operator",
    retryHelps: false,
  },
  STORE_CLOSED: {
    what: "the store is closed",
    remedy: "open it again",
    fixer: "caller",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;

/** Mistakes in what the caller passed, found before any I/O. */
export const usageErrorCodes = {
  WEBSOCKET_NOT_OPEN: {
    what: "the WebSocket is not open",
    remedy: "wait for it to be open, and see why it was closed",
    fixer: "caller",
    retryHelps: false,
  },
  URL_INVALID: {
    what: "this is not a URL",
    remedy: "give an absolute URL such as https://host/path",
    fixer: "caller",
    retryHelps: false,
  },
  URL_TEMPLATE_INVALID: {
    what: "this is not a URI template, or its values do not fit it",
    remedy: "see RFC 6570 for templates; encode braces that are meant as such",
    fixer: "caller",
    retryHelps: false,
  },
  URL_OUTSIDE_BASE: {
    what: "a relative address leads elsewhere than it says",
    remedy: "check the values in it; where another place is meant, give a whole URL",
    fixer: "caller",
    retryHelps: false,
  },
  URL_SCHEME_UNKNOWN: {
    what: "nothing handles this scheme",
    remedy:
      "use http or https, manager.webSocket for ws and wss, or give the manager a handler: schemes: [fileScheme({ root })]",
    fixer: "caller",
    retryHelps: false,
  },
  URL_USER_INFORMATION: {
    what: "the URL holds a user name or password",
    remedy: "take it out of the URL and pass an Authorization field",
    fixer: "caller",
    retryHelps: false,
  },
  URL_PORT_BLOCKED: {
    what: "the Fetch Standard blocks this port",
    remedy: "serve on another port, or use manager.request",
    fixer: "caller",
    retryHelps: false,
  },
  OPTION_INVALID: {
    what: "an option has a value that it cannot have",
    remedy: "see the option's documentation",
    fixer: "caller",
    retryHelps: false,
  },
  HEADER_INVALID: {
    what: "a header name or value holds characters that it must not",
    remedy: "remove control characters and line breaks",
    fixer: "caller",
    retryHelps: false,
  },
  RESPONSE_UNUSABLE: {
    what: "what a handler gave as its response cannot be sent",
    remedy: "return a Response whose body nobody has read",
    fixer: "caller",
    retryHelps: false,
  },
  REQUEST_BODY_FAILED: {
    what: "the request's own body failed while it was sent",
    remedy: "see the cause, and pass a body that gives bytes to its end",
    fixer: "caller",
    retryHelps: false,
  },
  CONNECTIVITY_PROBE_MISSING: {
    what: "nothing can tell whether there is an internet",
    remedy: "open the manager with connectivity.probeUrl, an http URL that answers with 204, or connectivity.apiUrl",
    fixer: "caller",
    retryHelps: false,
  },
  INSTALLED_ALREADY: {
    what: "another manager is installed for this process",
    remedy: "restore the first installation, or install the same manager",
    fixer: "caller",
    retryHelps: false,
  },
  PACKAGE_MISSING: {
    what: "a package that this needs, and that is optional, is not installed",
    remedy: "install it with npm",
    fixer: "caller",
    retryHelps: false,
  },
  MANAGER_CLOSED: {
    what: "the network access manager is closed",
    remedy: "open a new one",
    fixer: "caller",
    retryHelps: false,
  },
} as const satisfies Record<string, ErrorCodeEntry>;
