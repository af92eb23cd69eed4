/** JSON as text: read strictly, quoted, and canonical (RFC 8785) where it is digested. */
package io.sealgate.policy.json;
