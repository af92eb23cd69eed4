/** What was found, and how sure that is. */
package io.sealgate.classify.finding;
