/** Where tickets come from, and where they may go. */
export interface NegotiateOptions {
  /**
   * Who the user is among those that have tickets, `alice@REALM`; the owner of the default cache where it is missing.
   */
  readonly principal?: string | undefined;
  /** The ticket cache, such as `FILE:/run/user/1000/tickets`; by default the system's own, which `KRB5CCNAME` may name. */
  readonly cache?: string | undefined;
  /** A file with the key of `principal`, for a service that gets its own tickets: nobody has to run kinit. */
  readonly keytab?: string | undefined;
  /** File or name of the library; by default `libgssapi_krb5.so.2`. */
  readonly library?: string | undefined;
  readonly dangerous?: {
    /** Hosts that are given the user's own ticket, with which they can do everywhere what the user can. */
    readonly delegateTo?: readonly string[] | undefined;
  };
}
