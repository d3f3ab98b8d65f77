/** The key with which a network takes logins by Kerberos. */
export interface KerberosOptions {
  /** A file with the key of `HTTP/localhost`, or of the name that clients use. */
  readonly keytab: string;
  /** Whose key of those is used, such as `HTTP@localhost`; any of them where it is missing. */
  readonly service?: string | undefined;
}
