/** Model providers: routing by model name, pooled connections, one exchange at a time. */
package io.sealgate.gateway.upstream;
