import type { RequestParts } from "../../src/oauth1/protocol/received-request.ts";
import type { SignatureMethod } from "../../src/oauth1/protocol/signature-method.ts";

/** The request that RFC 5849 takes apart, section 3.4.1.1; the signature as erratum 2550 mends it. */
export const example = {
  method: "POST",
  url: new URL("http://example.com/request?b5=%3D%253D&a3=a&c%40=&a2=r%20b"),
  authorization:
    'OAuth realm="Example", oauth_consumer_key="9djdj82h48djs9d2", oauth_token="kkk9d7dh3k39sjv7", ' +
    'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="7d8f3e4a", ' +
    'oauth_signature="r6%2FTJjbCOr97%2F%2BUU0NsvSne7s5g%3D"',
  form: "c2&a3=2+q",
  consumerSecret: "j49sk3j29djd",
  tokenSecret: "dh893hdasih9",
} as const;

/** A request whose signature is known. */
export interface SignedExample {
  readonly name: string;
  readonly parts: RequestParts;
  readonly consumerSecret: string;
  readonly tokenSecret: string;
  readonly method?: SignatureMethod;
  readonly signature: string;
}

/** The three requests of RFC 5849 section 1.2. */
export const photos: readonly SignedExample[] = [
  {
    name: "RFC 5849 section 1.2, temporary credentials",
    parts: {
      method: "POST",
      url: new URL("https://photos.example.net/initiate"),
      authorization:
        'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_signature_method="HMAC-SHA1", ' +
        'oauth_timestamp="137131200", oauth_nonce="wIjqoS", ' +
        'oauth_callback="http%3A%2F%2Fprinter.example.com%2Fready", oauth_signature="74KNZJeDHnMBp0EMJ9ZHt%2FXKycU%3D"',
      form: "",
    },
    consumerSecret: "kd94hf93k423kf44",
    tokenSecret: "",
    signature: "74KNZJeDHnMBp0EMJ9ZHt/XKycU=",
  },
  {
    name: "RFC 5849 section 1.2, token credentials",
    parts: {
      method: "POST",
      url: new URL("https://photos.example.net/token"),
      authorization:
        'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="hh5s93j4hdidpola", ' +
        'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131201", oauth_nonce="walatlh", ' +
        'oauth_verifier="hfdp7dh39dks9884", oauth_signature="gKgrFCywp7rO0OXSjdot%2FIHF7IU%3D"',
      form: "",
    },
    consumerSecret: "kd94hf93k423kf44",
    tokenSecret: "hdhd0244k9j7ao03",
    signature: "gKgrFCywp7rO0OXSjdot/IHF7IU=",
  },
  {
    name: "RFC 5849 section 1.2, the photo",
    parts: {
      method: "GET",
      url: new URL("http://photos.example.net/photos?file=vacation.jpg&size=original"),
      authorization:
        'OAuth realm="Photos", oauth_consumer_key="dpf43f3p2l4k3l03", oauth_token="nnch734d00sl2jdk", ' +
        'oauth_signature_method="HMAC-SHA1", oauth_timestamp="137131202", oauth_nonce="chapoH", ' +
        'oauth_signature="MdpQcU8iPSUjWoN%2FUDMsK2sui9I%3D"',
      form: "",
    },
    consumerSecret: "kd94hf93k423kf44",
    tokenSecret: "pfkkdhi9sl3r4s00",
    signature: "MdpQcU8iPSUjWoN/UDMsK2sui9I=",
  },
];

const coreParameters =
  "oauth_consumer_key=dpf43f3p2l4k3l03&oauth_token=nnch734d00sl2jdk&oauth_nonce=kllo9940pd9333jh" +
  "&oauth_timestamp=1191242096&oauth_signature_method=HMAC-SHA1&oauth_version=1.0" +
  "&oauth_signature=tR3%2BTy81lMeYAr%2FFid0kMTYa%2FWM%3D";

/** OAuth Core 1.0 appendix A.5, its parameters in the query and, as RFC 5849 sections 3.5.2 and 3.5.3 let them be, elsewhere. */
export const oauthCore: readonly SignedExample[] = [
  {
    name: "OAuth Core 1.0 appendix A.5, in the query",
    parts: {
      method: "GET",
      url: new URL(`http://photos.example.net/photos?file=vacation.jpg&size=original&${coreParameters}`),
      authorization: undefined,
      form: "",
    },
    consumerSecret: "kd94hf93k423kf44",
    tokenSecret: "pfkkdhi9sl3r4s00",
    signature: "tR3+Ty81lMeYAr/Fid0kMTYa/WM=",
  },
  {
    name: "OAuth Core 1.0 appendix A.5, in the form",
    parts: {
      method: "GET",
      url: new URL("http://photos.example.net/photos?size=original"),
      authorization: undefined,
      form: `file=vacation.jpg&${coreParameters}`,
    },
    consumerSecret: "kd94hf93k423kf44",
    tokenSecret: "pfkkdhi9sl3r4s00",
    signature: "tR3+Ty81lMeYAr/Fid0kMTYa/WM=",
  },
];

const twitterField =
  'OAuth oauth_consumer_key="xvz1evFS4wEEPTGEFPHBog", oauth_nonce="kYjzVBB8Y0ZFabxSWbWovY3uYSQ2pTgmZeNu2VS4cg", ' +
  'oauth_signature="SIGNATURE", oauth_signature_method="HMAC-SHA1", oauth_timestamp="1318622958", ' +
  'oauth_token="370773112-GmHxMAgYyLbNEtIKZeRNFsMKPR9EyMZeS9weJAEb", oauth_version="1.0"';

/** What Twitter's documentation signs: the older page, and the one of today. */
export const twitter: readonly SignedExample[] = (
  [
    ["1", "tnnArxj06cWHq44gCs1OSKk/jLY="],
    ["1.1", "hCtSmYh+iHYCEqBWrE7C7hYmtUk="],
  ] as const
).map(([version, signature]) => ({
  name: `Twitter's documentation, version ${version}`,
  parts: {
    method: "POST",
    url: new URL(`https://api.twitter.com/${version}/statuses/update.json?include_entities=true`),
    authorization: twitterField.replace("SIGNATURE", encodeURIComponent(signature)),
    form: "status=Hello%20Ladies%20%2B%20Gentlemen%2C%20a%20signed%20OAuth%20request%21",
  },
  consumerSecret: "kAcSOqF21Fu85e7zjz7ZN2U4ZRhfV3WpwPAoE3Z7kBw",
  tokenSecret: "LswwdoUaIvS8ltyTt5jkRh4J50vUPVVHtR2YPi5kE",
  signature,
}));

/** The key of RSA of the OAuth test cases; of its private half nobody has need here. */
export const publicKey = `-----BEGIN PUBLIC KEY-----
MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQC0YjCwIfYoprq/FQO6lb3asXrx
LlJFuCvtinTF5p0GxvQGu5O3gYytUvtC2JlYzypSRjVxwxrsuRcP3e641SdASwfr
mzyvIgP08N4S0IFzEURkV1wp/IpH7kH41EtbmUmrXSwfNZsnQRE5SYSOhh+LcK2w
yQkdgcMv11l4KoBkcwIDAQAB
-----END PUBLIC KEY-----`;

/** The request that they sign by it. */
export const rsaExample: RequestParts = {
  method: "GET",
  url: new URL(
    "http://photos.example.net/photos?file=vacaction.jpg&size=original&oauth_consumer_key=dpf43f3p2l4k3l03" +
      "&oauth_signature_method=RSA-SHA1&oauth_version=1.0&oauth_timestamp=1196666512&oauth_nonce=13917289812797014437" +
      "&oauth_signature=jvTp%2FwX1TYtByB1m%2BPbyo0lnCOLIsyGCH7wke8AUs3BpnwZJtAuEJkvQL2%2F9n4s5wUmUl4aCI4BwpraNx4RtEXMe" +
      "5qg5T1LVTGliMRpKasKsW%2F%2Fe%2BRinhejgCuzoH26dyF8iY2ZZ%2F5D1ilgeijhV%2FvBka5twt399mXwaYdCwFYE%3D",
  ),
  authorization: undefined,
  form: "",
};
