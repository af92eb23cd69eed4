/** Rules of recognition as data: packs of rules, read from YAML. */
package io.sealgate.classify.pack;
