package io.sealgate.gateway.config;

/** How the gateway's sockets are driven. */
public enum Transport {
  /** Linux io_uring, the product's transport. */
  IO_URING,
  /** Linux epoll, for kernels and sites that forbid io_uring. */
  EPOLL
}
