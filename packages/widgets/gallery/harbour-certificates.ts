import type { ShownCertificate } from "@fairlead/widgets";

/** The certificate of a shop, by an authority that no machine trusts. */
export const harbourLeaf: ShownCertificate = {
  subject: "CN=shop.harbour.test",
  issuer: "C=NL, O=Harbour Trust, CN=Harbour Issuing CA 2",
  isSelfIssued: false,
  serialNumber: "3061b39267f841f37f376026cc0cef526b209d08",
  version: 3,
  notBefore: "2026-03-02T07:00:00.000Z",
  notAfter: "2026-12-31T06:59:59.000Z",
  names: ["DNS:shop.harbour.test", "DNS:www.shop.harbour.test", "DNS:*.pictures.harbour.test", "IP:192.0.2.17"],
  key: "EC, P-256",
  signatureAlgorithm: "ECDSA with SHA-256",
  isAuthority: false,
  keyUsage: ["digitalSignature"],
  extendedKeyUsage: ["serverAuth"],
  policies: ["2.23.140.1.2.1"],
  issuerUrls: ["http://ca.harbour.test/issuing-2.der"],
  ocspUrls: ["http://ocsp.harbour.test"],
  crlUrls: ["http://ca.harbour.test/issuing-2.crl"],
  mustStaple: true,
  signedTimestamps: [
    {
      log: "0e5794bcf3aea93e331b2c9907b3f790df9bc23d713225dd21a925ac61c54e21",
      time: "2026-03-02T08:00:01.250Z",
    },
    {
      log: "1986d4c728aa6ffeba036f782a4d0191aace2d72310faece5d70412d254cc7d4",
      time: "2026-03-02T08:00:01.410Z",
    },
  ],
  subjectKeyIdentifier: "2b9ed54fa62cc148962e2d3743139d3162c22361",
  authorityKeyIdentifier: "e22f43715552b983731ced5b4804619b722f29de",
  extensions: [
    {
      oid: "2.5.29.19",
      critical: true,
    },
    {
      oid: "2.5.29.15",
      critical: true,
    },
    {
      oid: "2.5.29.37",
      critical: false,
    },
    {
      oid: "2.5.29.17",
      critical: false,
    },
    {
      oid: "2.5.29.32",
      critical: false,
    },
    {
      oid: "1.3.6.1.5.5.7.1.1",
      critical: false,
    },
    {
      oid: "2.5.29.31",
      critical: false,
    },
    {
      oid: "1.3.6.1.5.5.7.1.24",
      critical: false,
    },
    {
      oid: "2.5.29.14",
      critical: false,
    },
    {
      oid: "2.5.29.35",
      critical: false,
    },
    {
      oid: "1.3.6.1.4.1.11129.2.4.2",
      critical: false,
    },
  ],
  fingerprints: {
    sha1: "bef7fc450e26179f3df106d58df49d7e9af13d55",
    sha256: "1ca0fd97bf5b1ce8fa774c255a43a9cbb6c29e06c63809f1924f93bf7b3b1fd7",
  },
  publicKeyPin: "p6FsLvTu7DYdDWm5NNHn2DCkdnQGOLCHnyfi2978G50=",
  pem: "-----BEGIN CERTIFICATE-----\nMIID+zCCA6KgAwIBAgIUMGGzkmf4QfN/N2AmzAzvUmsgnQgwCgYIKoZIzj0EAwIw\nRDELMAkGA1UEBhMCTkwxFjAUBgNVBAoMDUhhcmJvdXIgVHJ1c3QxHTAbBgNVBAMM\nFEhhcmJvdXIgSXNzdWluZyBDQSAyMB4XDTI2MDMwMjA3MDAwMFoXDTI2MTIzMTA2\nNTk1OVowHDEaMBgGA1UEAwwRc2hvcC5oYXJib3VyLnRlc3QwWTATBgcqhkjOPQIB\nBggqhkjOPQMBBwNCAARtEZaP1uPBeujaEbhCJjawoZoJanbT4Bknp4b07M2nFOPj\nUDTbGKA3LKQD7fr/K3cvSafiasPoitiiI8p/Yy4ao4ICmDCCApQwDAYDVR0TAQH/\nBAIwADAOBgNVHQ8BAf8EBAMCB4AwEwYDVR0lBAwwCgYIKwYBBQUHAwEwUgYDVR0R\nBEswSYIRc2hvcC5oYXJib3VyLnRlc3SCFXd3dy5zaG9wLmhhcmJvdXIudGVzdIIX\nKi5waWN0dXJlcy5oYXJib3VyLnRlc3SHBMAAAhEwEwYDVR0gBAwwCjAIBgZngQwB\nAgEwZgYIKwYBBQUHAQEEWjBYMCQGCCsGAQUFBzABhhhodHRwOi8vb2NzcC5oYXJi\nb3VyLnRlc3QwMAYIKwYBBQUHMAKGJGh0dHA6Ly9jYS5oYXJib3VyLnRlc3QvaXNz\ndWluZy0yLmRlcjA1BgNVHR8ELjAsMCqgKKAmhiRodHRwOi8vY2EuaGFyYm91ci50\nZXN0L2lzc3VpbmctMi5jcmwwEQYIKwYBBQUHARgEBTADAgEFMB0GA1UdDgQWBBQr\nntVPpizBSJYuLTdDE50xYsIjYTAfBgNVHSMEGDAWgBTiL0NxVVK5g3Mc7VtIBGGb\nci8p3jCCAQIGCisGAQQB1nkCBAIEgfMEgfAA7gB1AA5XlLzzrqk+MxssmQez95Df\nm8I9cTIl3SGpJaxhxU4hAAABnK2PsOIAAAQDAEYwRAIgERERERERERERERERERER\nERERERERERERERERERERERECICIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIi\nIiIiAHUAGYbUxyiqb/66A294Kk0BkarOLXIxD67OXXBBLSVMx9QAAAGcrY+xggAA\nBAMARjBEAiAREREREREREREREREREREREREREREREREREREREREREQIgIiIiIiIi\nIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIiIwCgYIKoZIzj0EAwIDRwAwRAIhAJ6Z\nkPPTol6klHJv2j/RLty/SC0zHpcid+Oawl5GqHzLAh9VSfZyWqLxxdShOKenqHgZ\nbLNP0smdy4Rs+QHOk4h2\n-----END CERTIFICATE-----",
};

/** Its issuer. */
export const harbourIssuer: ShownCertificate = {
  subject: "C=NL, O=Harbour Trust, CN=Harbour Issuing CA 2",
  issuer: "C=NL, O=Harbour Trust, CN=Harbour Root CA",
  isSelfIssued: false,
  serialNumber: "244c255f328063baa88ac5e50c5ec6b496f02ef8",
  version: 3,
  notBefore: "2024-03-13T00:00:00.000Z",
  notAfter: "2029-03-12T23:59:59.000Z",
  names: [],
  key: "EC, P-256",
  signatureAlgorithm: "ECDSA with SHA-256",
  isAuthority: true,
  pathLength: 0,
  keyUsage: ["digitalSignature", "keyCertSign", "cRLSign"],
  extendedKeyUsage: ["serverAuth", "clientAuth"],
  policies: ["2.23.140.1.2.1"],
  issuerUrls: ["http://ca.harbour.test/root.der"],
  ocspUrls: [],
  crlUrls: ["http://ca.harbour.test/root.crl"],
  mustStaple: false,
  signedTimestamps: [],
  subjectKeyIdentifier: "e22f43715552b983731ced5b4804619b722f29de",
  authorityKeyIdentifier: "de075c424e45a1ed233c23762c16f129b23c1bc2",
  extensions: [
    {
      oid: "2.5.29.19",
      critical: true,
    },
    {
      oid: "2.5.29.15",
      critical: true,
    },
    {
      oid: "2.5.29.37",
      critical: false,
    },
    {
      oid: "2.5.29.32",
      critical: false,
    },
    {
      oid: "1.3.6.1.5.5.7.1.1",
      critical: false,
    },
    {
      oid: "2.5.29.31",
      critical: false,
    },
    {
      oid: "2.5.29.14",
      critical: false,
    },
    {
      oid: "2.5.29.35",
      critical: false,
    },
  ],
  fingerprints: {
    sha1: "f1194c919dfcde8f2f8b555814ae9f3312f16215",
    sha256: "7aeb5cf1e492770dfdb75bc5074c7943f7a013af8e01ce9df4ec5b3f99c249be",
  },
  publicKeyPin: "+cYi02FecyxFBmv+GeEb1VTJB7Ln10DPeVipModwMfM=",
  pem: "-----BEGIN CERTIFICATE-----\nMIICkzCCAjigAwIBAgIUJEwlXzKAY7qoisXlDF7GtJbwLvgwCgYIKoZIzj0EAwIw\nPzELMAkGA1UEBhMCTkwxFjAUBgNVBAoMDUhhcmJvdXIgVHJ1c3QxGDAWBgNVBAMM\nD0hhcmJvdXIgUm9vdCBDQTAeFw0yNDAzMTMwMDAwMDBaFw0yOTAzMTIyMzU5NTla\nMEQxCzAJBgNVBAYTAk5MMRYwFAYDVQQKDA1IYXJib3VyIFRydXN0MR0wGwYDVQQD\nDBRIYXJib3VyIElzc3VpbmcgQ0EgMjBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IA\nBFyt6ITVTzqSiOTDIMXPRYwhwdgwgx+QfdWRzq1xyDCR7DE7pFnTLFGXs+nxqJGS\nUdewrJWT5Qe0hLHcDPDG+sWjggELMIIBBzASBgNVHRMBAf8ECDAGAQH/AgEAMA4G\nA1UdDwEB/wQEAwIBhjAdBgNVHSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwEwYD\nVR0gBAwwCjAIBgZngQwBAgEwOwYIKwYBBQUHAQEELzAtMCsGCCsGAQUFBzAChh9o\ndHRwOi8vY2EuaGFyYm91ci50ZXN0L3Jvb3QuZGVyMDAGA1UdHwQpMCcwJaAjoCGG\nH2h0dHA6Ly9jYS5oYXJib3VyLnRlc3Qvcm9vdC5jcmwwHQYDVR0OBBYEFOIvQ3FV\nUrmDcxztW0gEYZtyLyneMB8GA1UdIwQYMBaAFN4HXEJORaHtIzwjdiwW8SmyPBvC\nMAoGCCqGSM49BAMCA0kAMEYCIQCX6bkicYrFKMcRraCFAe9w3IgfxsbUF5/f0Khe\n32JVAwIhAO22TJ/dl6slPivZWp9uUff0JFx8Qp8syEM16mMoYaQD\n-----END CERTIFICATE-----",
};

/** The root above. */
export const harbourRoot: ShownCertificate = {
  subject: "C=NL, O=Harbour Trust, CN=Harbour Root CA",
  issuer: "C=NL, O=Harbour Trust, CN=Harbour Root CA",
  isSelfIssued: true,
  serialNumber: "137d7c1476a15e9a885c360d7981d847e1403955",
  version: 3,
  notBefore: "2015-06-04T11:04:38.000Z",
  notAfter: "2035-06-04T11:04:38.000Z",
  names: [],
  key: "EC, P-256",
  signatureAlgorithm: "ECDSA with SHA-256",
  isAuthority: true,
  keyUsage: ["keyCertSign", "cRLSign"],
  policies: [],
  issuerUrls: [],
  ocspUrls: [],
  crlUrls: [],
  mustStaple: false,
  signedTimestamps: [],
  subjectKeyIdentifier: "de075c424e45a1ed233c23762c16f129b23c1bc2",
  extensions: [
    {
      oid: "2.5.29.19",
      critical: true,
    },
    {
      oid: "2.5.29.15",
      critical: true,
    },
    {
      oid: "2.5.29.14",
      critical: false,
    },
  ],
  fingerprints: {
    sha1: "e290f97029befade787281b6d96021b8dee313dd",
    sha256: "341e27728257fa4b786129eee4189d3f1b7cd072fb301a1a22fac9d100a09c5a",
  },
  publicKeyPin: "p+VKzWMvVBy0Z3pzlBSl26DmvejNQaJbYY5UmazMfGs=",
  pem: "-----BEGIN CERTIFICATE-----\nMIIBwzCCAWigAwIBAgIUE318FHahXpqIXDYNeYHYR+FAOVUwCgYIKoZIzj0EAwIw\nPzELMAkGA1UEBhMCTkwxFjAUBgNVBAoMDUhhcmJvdXIgVHJ1c3QxGDAWBgNVBAMM\nD0hhcmJvdXIgUm9vdCBDQTAeFw0xNTA2MDQxMTA0MzhaFw0zNTA2MDQxMTA0Mzha\nMD8xCzAJBgNVBAYTAk5MMRYwFAYDVQQKDA1IYXJib3VyIFRydXN0MRgwFgYDVQQD\nDA9IYXJib3VyIFJvb3QgQ0EwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAATnzsth\n+JE8VietV/IMOwUk6E8i75A7F612gaNOT0/uFH6hJXOCRNsUN/PALBZ/1MS7SnFm\nmTZKDMplUTujzL+So0IwQDAPBgNVHRMBAf8EBTADAQH/MA4GA1UdDwEB/wQEAwIB\nBjAdBgNVHQ4EFgQU3gdcQk5Foe0jPCN2LBbxKbI8G8IwCgYIKoZIzj0EAwIDSQAw\nRgIhAPhyBjh0RWY132wa9c8Ip0CD16c4KEoCiPccOK0SA0RHAiEAor35uNxgOhiU\naaiDveJL3UFD7Az0ko9pW6GltgWZq/Q=\n-----END CERTIFICATE-----",
};

/** What a device made for itself. */
export const routerLeaf: ShownCertificate = {
  subject: "O=Router, CN=192.168.1.1",
  issuer: "O=Router, CN=192.168.1.1",
  isSelfIssued: true,
  serialNumber: "0852c35aba52ad5171813358673ab01a7111c56d",
  version: 3,
  notBefore: "2019-01-01T00:00:00.000Z",
  notAfter: "2029-01-01T00:00:00.000Z",
  names: ["IP:192.168.1.1"],
  key: "EC, P-256",
  signatureAlgorithm: "ECDSA with SHA-256",
  isAuthority: false,
  policies: [],
  issuerUrls: [],
  ocspUrls: [],
  crlUrls: [],
  mustStaple: false,
  signedTimestamps: [],
  subjectKeyIdentifier: "51674a15bf38d9b852efe3d45da5f83031b0c3b9",
  extensions: [
    {
      oid: "2.5.29.17",
      critical: false,
    },
    {
      oid: "2.5.29.14",
      critical: false,
    },
  ],
  fingerprints: {
    sha1: "c4854abe2cc2dddfb0e5f2d45a4e3b8ff0aba01a",
    sha256: "47f9d752222f6d9a31adb6cab472d5a01e14c66a80ec1eadee5bb3318d253d65",
  },
  publicKeyPin: "yMm024pFzWWCflNRrVuS+oVBE8xj9BBimPzoG4A31C4=",
  pem: "-----BEGIN CERTIFICATE-----\nMIIBgTCCASigAwIBAgIUCFLDWrpSrVFxgTNYZzqwGnERxW0wCgYIKoZIzj0EAwIw\nJzEPMA0GA1UECgwGUm91dGVyMRQwEgYDVQQDDAsxOTIuMTY4LjEuMTAeFw0xOTAx\nMDEwMDAwMDBaFw0yOTAxMDEwMDAwMDBaMCcxDzANBgNVBAoMBlJvdXRlcjEUMBIG\nA1UEAwwLMTkyLjE2OC4xLjEwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ2QvX3\nAa10CbkoyK7O17Va6zGfRXjCyYY+iYHGbYEutmQhQUzusLdcOm43p0OGP6rJ7sn5\nzxoD+/Yz80R/T1aFozIwMDAPBgNVHREECDAGhwTAqAEBMB0GA1UdDgQWBBRRZ0oV\nvzjZuFLv49RdpfgwMbDDuTAKBggqhkjOPQQDAgNHADBEAiAM1sUwV0oOpsqhCdeu\nwmandFvf4et9sCwUiLKKV+oN5QIgcc2MfyDN9YsVCLT4NgRBNAhK89FhrzgKqng2\n2UaWBSU=\n-----END CERTIFICATE-----",
};
