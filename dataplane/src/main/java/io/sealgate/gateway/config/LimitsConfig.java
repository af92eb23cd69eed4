package io.sealgate.gateway.config;

/** Bounds on what callers may take. Sizes are in bytes, durations in milliseconds. */
public record LimitsConfig(
    @Setting(
            says = "Largest request body. Larger ones are answered 413.",
            fallback = "10485760",
            min = 1_024,
            max = 268_435_456)
        int bodyBytesMax,
    @Setting(
            says = "Deepest nesting of JSON arrays and objects in a body.",
            fallback = "128",
            min = 8,
            max = 1_024)
        int jsonDepthMax,
    @Setting(
            says = "All header fields of a request together. Larger ones are answered 431.",
            fallback = "16384",
            min = 1_024,
            max = 1_048_576)
        int headerBytesMax,
    @Setting(says = "Header fields of a request.", fallback = "100", min = 8, max = 10_000)
        int headerFieldsMax,
    @Setting(
            says = "From the accepted connection to the end of the TLS handshake.",
            fallback = "10000",
            min = 100,
            max = 600_000)
        int handshakeTimeoutMs,
    @Setting(
            says = "From the first byte of a request to its last header field.",
            fallback = "10000",
            min = 100,
            max = 600_000)
        int headerTimeoutMs,
    @Setting(
            says = "Longest pause between two reads of a request body.",
            fallback = "30000",
            min = 100,
            max = 600_000)
        int bodyProgressTimeoutMs,
    @Setting(
            says = "How long a connection without a call stays open.",
            fallback = "60000",
            min = 100,
            max = 3_600_000)
        int idleTimeoutMs,
    @Setting(says = "Connections from one address.", fallback = "1024", min = 1, max = 1_000_000)
        int connectionsPerAddressMax,
    @Setting(
            says = "Calls in progress on the whole gateway. Further ones are answered 503 at once.",
            fallback = "4096",
            min = 1,
            max = 1_000_000)
        int callsInFlightMax,
    @Setting(
            says = "Largest answer of an upstream. A larger one is cut and recorded as such.",
            fallback = "33554432",
            min = 1_024,
            max = 1_073_741_824)
        int responseBytesMax,
    @Setting(
            says = "How long a record may take to be signed and on disk before the call is denied.",
            fallback = "5000",
            min = 50,
            max = 60_000)
        int sealDeadlineMs,
    @Setting(
            says = "Concurrent HTTP/2 streams of one connection.",
            fallback = "100",
            min = 1,
            max = 10_000)
        int http2StreamsMax,
    @Setting(
            says = "How long a stop waits for calls in progress.",
            fallback = "10000",
            min = 0,
            max = 600_000)
        int shutdownGraceMs) {}
