import type { ShownCertificate } from "@fairlead/widgets";

const leaf: ShownCertificate = {
  subject: "CN=api.example.com",
  issuer: "C=NL, O=Harbour Trust, CN=Harbour Issuing CA 2",
  isSelfIssued: false,
  serialNumber: "3061b39267f841f37f376026cc0cef526b209d08",
  version: 3,
  notBefore: "2026-09-02T07:00:00.000Z",
  notAfter: "2026-12-31T06:59:59.000Z",
  names: ["DNS:api.example.com", "DNS:*.api.example.com"],
  key: "EC, P-256",
  signatureAlgorithm: "ECDSA with SHA-256",
  isAuthority: false,
  keyUsage: ["digitalSignature"],
  extendedKeyUsage: ["serverAuth"],
  policies: ["2.23.140.1.2.1"],
  issuerUrls: ["http://ca.harbour.test/issuing-2.der"],
  ocspUrls: ["http://ocsp.harbour.test"],
  crlUrls: [],
  mustStaple: false,
  signedTimestamps: [],
  subjectKeyIdentifier: "2b9ed54fa62cc148962e2d3743139d3162c22361",
  authorityKeyIdentifier: "e22f43715552b983731ced5b4804619b722f29de",
  extensions: [{ oid: "2.5.29.15", critical: true }],
  fingerprints: {
    sha1: "8f3c6f0d0d1c54a1e1f3a1b0b27c4e5c9d8a7b6c",
    sha256: "5b0c9a1d7e2f4b6a8c0d1e3f5a7b9c0d2e4f6a8b0c1d3e5f7a9b0c2d4e6f8a0b",
  },
  publicKeyPin: "q83vEjRWeJCrze8SNFZ4kKvN7xI0VniQq83vEjRWeJA=",
};

const issuer: ShownCertificate = {
  ...leaf,
  subject: "C=NL, O=Harbour Trust, CN=Harbour Issuing CA 2",
  issuer: "C=NL, O=Harbour Trust, CN=Harbour Root",
  serialNumber: "11aa22bb33cc44dd",
  notBefore: "2022-01-01T00:00:00.000Z",
  notAfter: "2032-01-01T00:00:00.000Z",
  names: [],
  isAuthority: true,
  pathLength: 0,
  keyUsage: ["keyCertSign", "cRLSign"],
  fingerprints: {
    sha1: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
    sha256: "a0b1c2d3e4f5061728394a5b6c7d8e9fa0b1c2d3e4f5061728394a5b6c7d8e9f",
  },
};

/** A leaf and its issuer, as `POST certificates` tells of them. */
export const fakeCertificates: readonly ShownCertificate[] = [leaf, issuer];

/** One that ended in 2024, and its issuer. */
export const fakeExpiredCertificates: readonly ShownCertificate[] = [
  {
    ...leaf,
    subject: "CN=expired.example.net",
    names: ["DNS:expired.example.net"],
    notBefore: "2023-10-14T00:00:00.000Z",
    notAfter: "2024-01-12T23:59:59.000Z",
  },
  issuer,
];
