/** Of the headers of Linux; the same on every processor that Node.js runs on. */
export const linux = {
  AF_INET: 2,
  AF_INET6: 10,
  SOCK_STREAM: 1,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  SOL_SOCKET: 1,
  SO_REUSEADDR: 2,
  SO_PROTOCOL: 38,
  IPPROTO_MPTCP: 262,
  SOL_MPTCP: 284,
  MPTCP_INFO: 1,
  MPTCP_TCPINFO: 2,
  MPTCP_SUBFLOW_ADDRS: 3,
} as const;
