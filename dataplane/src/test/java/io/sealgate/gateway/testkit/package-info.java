/** What integration tests share: a real gateway in the test's JVM, raw sockets, a leak watch. */
package io.sealgate.gateway.testkit;
