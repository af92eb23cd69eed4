/** Copies of a text in which disguised characters are plain, for detection only. */
package io.sealgate.classify.view;
