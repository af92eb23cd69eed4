/** Finders of runs and the validators behind them. */
package io.sealgate.classify.find;
